/* SPDX-License-Identifier: Apache-2.0 */
/* Where else a followed feed lies than at its own address: other servers' and folders' copies of it. A sync
 * asks them, in the order in which they were added, when the feed's own address does not serve it. */
#ifndef HANSE_MIRROR_H
#define HANSE_MIRROR_H

#include <hanse/node.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hanse_mirror_options {
    uint32_t version;   /* 1 */
    const char *feed;   /* followed feed, its origin or name */
    const char *url;    /* https: or file: */
    const char *pin;    /* NULL: the certificate is judged by `cacert` or the system's authorities */
    const char *cacert; /* NULL: the system's */
};
/* Adds a mirror; nothing is fetched yet. One that is there gets the pin and the CA anew. HANSE_NOT_FOUND: the
 * feed is not followed; HANSE_INVALID_ARGUMENT: bad url or pin; HANSE_EXISTS: the url is the feed's own
 * address; HANSE_LIMIT: it has as many as protocol.md, section 6, allows; HANSE_LOCKED, HANSE_IO,
 * HANSE_DENIED, HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_mirror_add(struct hanse_node *node,
                                                              const struct hanse_mirror_options *options,
                                                              struct hanse_error *err);
/* HANSE_NOT_FOUND: no such feed, or it has no mirror at `url`; HANSE_LOCKED, HANSE_IO, HANSE_DENIED,
 * HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_mirror_remove(struct hanse_node *node,
                                                                 const char *origin_or_name, const char *url,
                                                                 struct hanse_error *err);

/* Texts live until the visitor returns; NULL: none. */
struct hanse_mirror_info {
    const char *url;
    const char *pin;
    const char *cacert;
    uint64_t last_try_unix_s; /* 0: never: the feed's own address served */
    const char *last_result;  /* word of a sync result */
    const char *last_message;
};
typedef enum hanse_status hanse_mirror_visit(void *context, const struct hanse_mirror_info *mirror,
                                             struct hanse_error *err);
/* The mirrors of a feed in the order in which they are asked; stops at the first status that is not HANSE_OK
 * and returns it. The visitor must not use the node. HANSE_NOT_FOUND, HANSE_IO, HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_mirror_list(struct hanse_node *node,
                                                               const char *origin_or_name,
                                                               hanse_mirror_visit *visit, void *context,
                                                               struct hanse_error *err);

#ifdef __cplusplus
}
#endif

#endif
