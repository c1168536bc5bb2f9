/* SPDX-License-Identifier: Apache-2.0 */
/* The signing key of an own feed, and the next one. */
#ifndef HANSE_KEY_H
#define HANSE_KEY_H

#include <stdbool.h>

#include <hanse/node.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hanse_key_rotate_options {
    uint32_t version;   /* 1 */
    const char *origin; /* own feed; NULL: the first */
    bool dry_run;       /* looks whether it could be done, changes nothing */
};
/* What was done, or would be; texts live until the visitor returns. */
struct hanse_key_rotation {
    const char *feed;
    const char *old_key;      /* verifier key text */
    const char *new_key;      /* NULL: a dry run */
    const char *retired_file; /* where the old secret key lies now; NULL: a dry run */
    uint64_t old_size;
    uint64_t new_size;
    uint8_t root[32]; /* of the tree of new_size; in a dry run of old_size */
};
typedef void hanse_key_rotate_visit(void *context, const struct hanse_key_rotation *rotation);

/* Gives an own feed a new key: a KEY entry that names it is appended, the checkpoint is signed by the old and
 * the new key, later ones by the new key alone (docs/protocol.md, "Keys"). Staged changes stay staged.
 * Followers go on by themselves. `visit` (NULL ok) is told when it is durable. HANSE_INVALID_ARGUMENT: the
 * feed has no entry yet, or has ended; HANSE_BEHIND, HANSE_BAD_SIGNATURE as for hanse_publish; HANSE_LIMIT:
 * 1,024 changes; HANSE_NOT_FOUND: no such own feed; HANSE_LOCKED, HANSE_IO, HANSE_DENIED, HANSE_CRYPTO,
 * HANSE_NO_MEMORY. After a failure the old key signs on, or the change is complete, at the latest when the
 * node is opened next. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_key_rotate(struct hanse_node *node,
                                                              const struct hanse_key_rotate_options *options,
                                                              hanse_key_rotate_visit *visit, void *context,
                                                              struct hanse_error *err);

#ifdef __cplusplus
}
#endif

#endif
