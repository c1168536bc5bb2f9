/* SPDX-License-Identifier: Apache-2.0 */
/* Re-reading everything: every hash, signature, file. */
#ifndef HANSE_VERIFY_H
#define HANSE_VERIFY_H

#include <hanse/change.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One feed's verdict; texts live until the visitor returns. */
struct hanse_verify_result {
    const char *feed; /* origin */
    uint64_t size;
    uint8_t root[32]; /* all zeros: the checkpoint was refused */
    uint64_t entries;
    uint64_t payloads; /* present and hashed */
    uint64_t withheld;
    uint64_t erased;
    uint64_t invalid;
    const char *result;  /* "ok" or a word of docs/protocol.md */
    const char *message; /* what is wrong: object and byte, and what to do; empty if ok */
};
typedef void hanse_verify_visit(void *context, const struct hanse_verify_result *result);

struct hanse_verify_options {
    uint32_t version;         /* 1 */
    const char *verifier_key; /* for a folder: the key that must have signed; NULL: the one of its entry 0 */
    hanse_verify_visit *visit;
    hanse_progress *progress; /* NULL ok */
    void *context;
};
/* Every feed of the node, or the one named (origin or name; NULL: all). HANSE_OK: all are well; otherwise the
 * worst status (HANSE_BAD_SIGNATURE, HANSE_MISMATCH, HANSE_INCOMPLETE, HANSE_TRUNCATED, HANSE_MALFORMED ...).
 * Changes nothing. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_verify_node(struct hanse_node *node, const char *feed,
                                                               const struct hanse_verify_options *options,
                                                               struct hanse_error *err);
/* A folder that holds one feed (public/, a mirror, a copy on a stick). */
HANSE_API HANSE_MUST_CHECK enum hanse_status
hanse_verify_dir(const char *dir, const struct hanse_verify_options *options, struct hanse_error *err);

#ifdef __cplusplus
}
#endif

#endif
