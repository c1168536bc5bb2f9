/* SPDX-License-Identifier: Apache-2.0 */
/* Changing own feeds: stage, import, publish. */
#ifndef HANSE_CHANGE_H
#define HANSE_CHANGE_H

#include <stdbool.h>

#include <hanse/node.h>
#include <hanse/record.h>

#ifdef __cplusplus
extern "C" {
#endif

enum hanse_stage_outcome {
    HANSE_STAGED = 1,
    HANSE_STAGE_UNCHANGED = 2,
    HANSE_STAGE_REPLACED = 3 /* staged in the place of a revision that was staged and not published */
};

/* Stages a new revision of a record in the own feed `origin` (NULL: the first). The record is validated
 * (errors refuse; hanse_record_validate tells warnings, too). It is the next revision of the record named by
 * `uuid` (text with or without hyphens; NULL: of the own record of the same kind that carries one of its
 * identifiers, or has the same content; else it is new). `out_outcome` (NULL ok) tells which; `out_id` (NULL
 * ok) gets the full name, the caller's: hanse_free. Unchanged content stages nothing. HANSE_INVALID_RECORD,
 * HANSE_LIMIT, HANSE_NOT_FOUND (no such own feed), HANSE_LOCKED, HANSE_IO, HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_stage_put(struct hanse_node *node, const char *origin,
                                                             const char *uuid, struct hanse_record *record,
                                                             enum hanse_stage_outcome *out_outcome,
                                                             char **out_id, struct hanse_error *err);
/* Stages the withdrawal of a published record of the own feed `origin` (NULL: the first): the record is no
 * longer current, its history stays. `name`: full name, unique beginning of an id, or `SCHEME:VALUE`.
 * `reason`: "error", "merged", "no-longer", "privacy" or "legal". `out_outcome` (NULL ok): HANSE_STAGED,
 * HANSE_STAGE_UNCHANGED (withdrawn already) or HANSE_STAGE_REPLACED. `out_id` (NULL ok): full name, the
 * caller's: hanse_free. Undone before publish by hanse_staged_discard, after it by staging the record anew.
 * HANSE_NOT_FOUND: no such record (the message names near ones); HANSE_INVALID_ARGUMENT: no such reason, no
 * name, an ambiguous one, a record of another feed, or one that is not published yet; HANSE_LOCKED, HANSE_IO,
 * HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_stage_withdraw(struct hanse_node *node, const char *origin,
                                                                  const char *name, const char *reason,
                                                                  enum hanse_stage_outcome *out_outcome,
                                                                  char **out_id, struct hanse_error *err);
/* Number of staged changes of an own feed (NULL: the first). */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_stage_count(struct hanse_node *node, const char *origin,
                                                               uint64_t *out, struct hanse_error *err);

/* Where input comes from: fills up to `size` bytes, *out_read = 0 at the end. */
typedef enum hanse_status hanse_read(void *context, uint8_t *buffer, size_t size, size_t *out_read,
                                     struct hanse_error *err);
/* Something to tell about the input: severity "error" (this record was not taken) or "warning". `line` 0:
 * unknown; `object` names the record (identifier or line). Texts live until it returns. */
struct hanse_import_finding {
    const char *severity;
    const char *rule;
    uint64_t line;
    uint64_t offset; /* byte in the input; HANSE_NO_OFFSET: unknown */
    const char *object;
    const char *path;
    const char *message;
    const char *remedy;
};
typedef void hanse_import_report(void *context, const struct hanse_import_finding *finding);
/* What has no place in a record: path in the source's own terms and how often; called at the end, sorted by
 * path. */
typedef void hanse_loss_visit(void *context, const char *path, uint64_t count);
/* Progress of long work: done and total in `unit` ("bytes", "entries"), total 0 if unknown. Returning false
 * cancels. */
typedef bool hanse_progress(void *context, const char *what, uint64_t done, uint64_t total, const char *unit);

/* Goes on to the next input, which the read function reads from then on: true, and *out_source is its name
 * for messages. False: there is none, or with err->status other than HANSE_OK it cannot be read, which ends
 * the import. */
typedef bool hanse_import_next(void *read_context, const char **out_source, struct hanse_error *err);

struct hanse_import_options {
    uint32_t version;   /* 1 */
    const char *origin; /* own feed; NULL: the first */
    const char *format; /* "iati", "jsonl", "csv"; NULL: by content */
    const char *source; /* name for messages, such as the file name */
    bool dry_run;       /* validates and counts, stages nothing */
    hanse_read *read;
    void *read_context;
    hanse_import_report *report; /* NULL ok */
    hanse_loss_visit *loss;      /* NULL ok */
    hanse_progress *progress;    /* NULL ok */
    void *context;               /* of report, loss and progress */
    /* Of tables: CSV, and JSON Lines of flat objects, which need a map. */
    const char *kind;       /* of the records; NULL: the paths say */
    struct hanse_bytes map; /* text of a map (docs/manual.md); empty: none */
    const char *key;        /* column that tells the records apart; NULL: none */
    const char *encoding;   /* of CSV, such as "CP932"; NULL: UTF-16 by its mark, else UTF-8 */
    /* Where the records come from. */
    const char *from; /* name of that source, of up to 64 letters, digits, ".", "-", "_"; NULL: none. Each
                       * record gets the identifier SOURCE-<name>: its key, else its first identifier */
    bool complete;    /* the input is all that `from` has: what came from there before and is no longer in
                       * it is withdrawn, unless some record is invalid */
    uint64_t max_withdraw;   /* how many at most; 0: a tenth of what came from there, or 3 */
    bool single_transaction; /* one invalid record, and nothing is staged */
    hanse_import_next *next; /* several inputs in one step; NULL: there is one */
};
struct hanse_import_result {
    uint64_t read;
    uint64_t staged;
    uint64_t unchanged;
    uint64_t invalid;
    uint64_t withdrawn; /* staged to be, or taken back before they were published */
};
/* Reads records and stages them; one bad record never stops the good ones. All of them are staged in one
 * step: HANSE_OK and *out when that was done, also with invalid ones (HANSE_OK; look at out->invalid).
 * With single_transaction and an invalid one nothing was, and `staged` is 0.
 * HANSE_LIMIT: more than max_withdraw would be withdrawn, or all of them by an input without a record and
 * without a max_withdraw: nothing is staged.
 * HANSE_MALFORMED: the input as a whole cannot be read (broken XML): nothing is staged. HANSE_UNSUPPORTED:
 * unknown format or encoding; HANSE_INVALID_ARGUMENT: a mistake in the map (the message names its line), or
 * an option that does not go with the format; HANSE_LOCKED, HANSE_IO, HANSE_CANCELLED, HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_import(struct hanse_node *node,
                                                          const struct hanse_import_options *options,
                                                          struct hanse_import_result *out,
                                                          struct hanse_error *err);

/* Reads and validates as hanse_import does, but needs no node and stages nothing: `origin` and `dry_run` are
 * not looked at, `staged` counts the valid records, `unchanged` stays 0. Errors as there. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_validate(const struct hanse_import_options *options,
                                                            struct hanse_import_result *out,
                                                            struct hanse_error *err);

struct hanse_publish_options {
    uint32_t version;   /* 1 */
    const char *origin; /* own feed; NULL: the first */
    bool offline;       /* publish although nothing shows that this copy of the node is the newest */
    hanse_progress *progress;
    void *context;
};
struct hanse_publish_result {
    uint64_t old_size;
    uint64_t new_size;
    uint8_t root[32];
    uint64_t held_back; /* staged changes that are not for everybody: they stay staged */
};
/* Appends what is staged for everybody and signs: durable when it returns. Nothing staged: HANSE_OK with
 * new_size == old_size. HANSE_INVALID_RECORD: a staged record is refused, named in the error; nothing was
 * published. HANSE_BEHIND: the node is behind what it published before; HANSE_LOCKED, HANSE_IO, HANSE_DENIED,
 * HANSE_CRYPTO, HANSE_NO_MEMORY. After any failure the staged changes are still staged, or they are
 * published: never lost, never twice. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_publish(struct hanse_node *node,
                                                           const struct hanse_publish_options *options,
                                                           struct hanse_publish_result *out,
                                                           struct hanse_error *err);

#ifdef __cplusplus
}
#endif

#endif
