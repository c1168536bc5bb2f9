/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds onto a disk or stick, from where others follow them as file:///DIR/<hex sha256(origin)>/. */
#ifndef HANSE_COPY_H
#define HANSE_COPY_H

#include <hanse/change.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How the copy of one feed came out; texts live until the visitor returns. */
struct hanse_copy_result {
    const char *origin;
    const char *verifier_key;
    const char *dir;          /* the feed's folder there */
    uint64_t size;            /* entries of the copy */
    uint64_t files;           /* that were written; those that were there already are left */
    uint64_t bytes;           /* of them */
    enum hanse_status status; /* HANSE_OK: the copy is whole and verified */
    const char *message;      /* what is wrong; empty if nothing */
};
typedef void hanse_copy_visit(void *context, const struct hanse_copy_result *result);

struct hanse_copy_options {
    uint32_t version;         /* 1 */
    const char *dir;          /* is made if it is not there */
    const char *const *feeds; /* origins or names; NULL: every feed of which something is held */
    size_t feed_count;
    hanse_copy_visit *visit;  /* NULL ok */
    hanse_progress *progress; /* in bytes read; NULL ok */
    void *context;
};
/* Copies feeds. Each is verified here first (every hash and signature), then its files are copied, read back
 * and compared, and its checkpoint is written last: until then the folder holds what it held before, so a
 * copy that was cut off is run again and goes on. A feed that fails never stops the others. The node's lock
 * is held. HANSE_OK: all were copied; else the status of the first that was not (HANSE_STALE: the copy there
 * is newer; those of hanse_verify_node; HANSE_IO, HANSE_DENIED). HANSE_NOT_FOUND: no such feed, or nothing of
 * it is held; HANSE_INVALID_ARGUMENT, HANSE_LOCKED, HANSE_CANCELLED, HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status
hanse_copy(struct hanse_node *node, const struct hanse_copy_options *options, struct hanse_error *err);

#ifdef __cplusplus
}
#endif

#endif
