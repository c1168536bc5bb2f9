/* SPDX-License-Identifier: Apache-2.0 */
/* What feeds say of each other's records: Confirmation, Correction and InformationAnswer records, read into
 * memory and found by what they are about. */
#ifndef HANSE_NODE_REPLY_STATEMENT_H
#define HANSE_NODE_REPLY_STATEMENT_H

#include "node/reply/voice.h"

enum hanse_statement_kind {
    HANSE_STATEMENT_CONFIRMED = 1,
    HANSE_STATEMENT_IN_PART = 2,
    HANSE_STATEMENT_DISPUTED = 3,
    HANSE_STATEMENT_CORRECTION = 4,
    HANSE_STATEMENT_ANSWER = 5,
    HANSE_STATEMENT_SAME = 6,     /* the record's own header names the other as the same */
    HANSE_STATEMENT_SAME_BACK = 7 /* the same read from the other side: `id` is what was named */
};

/* Texts are of the set; NULL: unset. */
struct hanse_statement {
    enum hanse_statement_kind kind;
    const char *id; /* of the record that says it */
    const char *origin;
    const char *about;   /* id of the reference: full name or code */
    const char *text;    /* first remark or reason */
    const char *party;   /* id of who says it */
    const char *status;  /* of an answer: "COMPLETE", "PARTIAL", "DECLINED", "LATER" */
    const char *until;   /* of an answer, a day: "2026-12-01" */
    const char *hash;    /* commitment of what it is about, base64 */
    uint64_t revision;   /* of what it is about; 0: whatever is current */
    uint64_t own_number; /* its own revision; 0: staged, not published */
    uint64_t published_unix_s;
};

/* Texts live as long as the set. All zeroes: nothing to release. */
struct hanse_statements {
    struct hanse_arena arena;
    struct hanse_statement *items; /* by `about`, then in the order of feeds and their logs */
    size_t count;
    size_t room;
};

/* Everything published that the node holds and, with `staged_too`, what own feeds have staged in its place.
 * Released after failure too. HANSE_LIMIT: more than 64 MiB; HANSE_MISMATCH and the like: stored content
 * cannot be read; HANSE_IO, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_statements_load(struct hanse_node *node, bool staged_too,
                                                         struct hanse_statements *out,
                                                         struct hanse_error *err);
/* Adds what Cooperation and Exchange records name as the same in other feeds, if that is held and of the same
 * kind. Errors as above; the set is still to be released. */
HANSE_MUST_CHECK enum hanse_status hanse_statements_add_links(struct hanse_node *node,
                                                              struct hanse_statements *statements,
                                                              struct hanse_error *err);
void hanse_statements_release(struct hanse_statements *statements);
#define HANSE_SCOPED_STATEMENTS __attribute__((cleanup(hanse_statements_release)))

/* The first one about a name, and how many follow it. */
const struct hanse_statement *hanse_statements_about(const struct hanse_statements *statements,
                                                     const char *about, size_t *out_count);
/* A Date below a path as "2026-12-01", parts that are not known left out; NULL if it is unset. As
 * hanse_record_take. */
HANSE_MUST_CHECK enum hanse_status hanse_record_take_day(const struct hanse_record *record, const char *path,
                                                         struct hanse_arena *arena, const char **out,
                                                         struct hanse_error *err);

#endif
