/* SPDX-License-Identifier: Apache-2.0 */
/* Who speaks in each feed, and who holds its key, as its FeedProfile says. A reference means somebody if its
 * id is one of their names: a code of theirs, or the full name of a record about them in any feed.
 *
 * Errors of every function, if no others are named: HANSE_IO, HANSE_NO_MEMORY, HANSE_MISMATCH and the like
 * for stored content that cannot be read, HANSE_LIMIT: more than 64 MiB of it. */
#ifndef HANSE_NODE_REPLY_VOICE_H
#define HANSE_NODE_REPLY_VOICE_H

#include <hanse/record.h>

#include "base/arena.h"
#include "base/limits.h"
#include "node/node_internal.h"

struct hanse_name_set {
    const char *texts[HANSE_MAX_VOICE_NAMES];
    size_t count;
};

struct hanse_voice {
    const char *origin;
    const char *profile;     /* full name of the FeedProfile record */
    const char *owner;       /* id of the reference in it; NULL: none */
    const char *identifier;  /* first of the profile's own codes; NULL: none */
    const char *operator_id; /* NULL: none */
    const char *party;       /* how a record of the feed names the owner; set with the names */
    bool own;
    bool custodian;                /* another body holds the key */
    struct hanse_name_set names;   /* of the owner */
    struct hanse_name_set holders; /* of who holds the key */
};

/* Texts live as long as the set. All zeroes: nothing to release. */
struct hanse_voices {
    struct hanse_arena arena;
    struct hanse_voice *items;
    size_t count;
    size_t room;
    bool named; /* names and holders are filled */
};

/* The profiles alone: `names` and `holders` stay empty. Released after failure too. */
HANSE_MUST_CHECK enum hanse_status hanse_voices_load(struct hanse_node *node, struct hanse_voices *out,
                                                     struct hanse_error *err);
/* Looks up what the owners and operators are called. Not within a visitor of the index. */
HANSE_MUST_CHECK enum hanse_status hanse_voices_name(struct hanse_node *node, struct hanse_voices *voices,
                                                     struct hanse_error *err);
void hanse_voices_release(struct hanse_voices *voices);
#define HANSE_SCOPED_VOICES __attribute__((cleanup(hanse_voices_release)))

/* NULL: the feed has no profile. */
const struct hanse_voice *hanse_voices_get(const struct hanse_voices *voices, const char *origin);
/* The voice that a reference's id means; NULL: none here. */
const struct hanse_voice *hanse_voices_find(const struct hanse_voices *voices, const char *ref_id);
bool hanse_name_set_has(const struct hanse_name_set *set, const char *text);
/* Whether one key holder may stand behind both. */
bool hanse_voices_share_holder(const struct hanse_voice *a, const struct hanse_voice *b);
/* Whether the body of a record refers to one of the names: HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_record_names(const struct hanse_record *record,
                                                      const struct hanse_name_set *names, bool *out,
                                                      struct hanse_error *err);

enum { HANSE_CODE_BYTES = 512 }; /* longer ones are nobody's */
/* "SCHEME:VALUE" of an element of header.identifiers; empty if it is none. HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_record_code(const struct hanse_record *record, size_t i,
                                                     char out[HANSE_CODE_BYTES], struct hanse_error *err);

/* The scalar at a path, copied into the arena; *out is NULL if it is unset. HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_record_take(const struct hanse_record *record, const char *path,
                                                     struct hanse_arena *arena, const char **out,
                                                     struct hanse_error *err);
/* A copy in the arena. HANSE_LIMIT past its cap, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_arena_take(struct hanse_arena *arena, const char *text,
                                                    const char **out, struct hanse_error *err);

#endif
