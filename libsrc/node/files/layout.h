/* SPDX-License-Identifier: Apache-2.0 */
/* Where things lie in a node's folder.
 *
 *   public/                     the web folder: only what is public
 *     checkpoint tile/ hanse/   the first own feed
 *     <hex H(origin)>/          every other feed, laid out alike
 *   private/                    0700
 *     format                    "hanse node 1"
 *     config                    settings, key = value
 *     lock                      held by who writes
 *     keys/<hex H(origin)>      signing key of an own feed, 0600
 *     keys/<hex>.next           the next one, while a key change is under way (rotation.h)
 *     keys/<hex>.retired-<id>   those before it
 *     index.sqlite staging.sqlite
 *     pending/<hex H(origin)>   a signed checkpoint on its way to public/
 *     partial/<hex H(origin)>   provisional segments (sync_partial.h)
 *     erasing/<hex H(origin)>   erased payloads are still in the files (erasure.h)
 *     unfollowing/<hex H(origin)> a feed that is being let go of (unfollow.h)
 *     search/<n>.sqlite         the words of records, made again where they are lost (search_set.h)
 *     damaged/<unix ms>/        an own feed's files that recover set aside
 *     tls/cert.pem tls/key.pem  the self-signed certificate of `serve`
 */
#ifndef HANSE_NODE_FILES_LAYOUT_H
#define HANSE_NODE_FILES_LAYOUT_H

#include "base/file.h"
#include "crypto/digest.h"

#define HANSE_NODE_FORMAT "hanse node 1\n"
#define HANSE_ORIGIN_HEX_BYTES 65

/* Hex of SHA-256 of the origin, with a NUL. HANSE_NO_MEMORY, HANSE_CRYPTO. */
HANSE_MUST_CHECK enum hanse_status
hanse_layout_origin_hex(const char *origin, char out[HANSE_ORIGIN_HEX_BYTES], struct hanse_error *err);
/* Below: HANSE_LIMIT if the path is too long. */
HANSE_MUST_CHECK enum hanse_status hanse_layout_private(const char *node_dir, const char *name,
                                                        struct hanse_path *out, struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_layout_key(const char *node_dir, const char *origin,
                                                    struct hanse_path *out, struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_layout_next_key(const char *node_dir, const char *origin,
                                                         struct hanse_path *out, struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_layout_retired_key(const char *node_dir, const char *origin,
                                                            uint32_t key_id, struct hanse_path *out,
                                                            struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_layout_pending(const char *node_dir, const char *origin,
                                                        struct hanse_path *out, struct hanse_error *err);
/* The folder of a feed; `first_own`: that of the node's first own feed. */
HANSE_MUST_CHECK enum hanse_status hanse_layout_feed(const char *node_dir, const char *origin, bool first_own,
                                                     struct hanse_path *out, struct hanse_error *err);
/* Names below a feed's folder. */
HANSE_MUST_CHECK enum hanse_status hanse_layout_segment_name(uint64_t first_index, uint64_t generation,
                                                             struct hanse_path *out, struct hanse_error *err);

#endif
