/* SPDX-License-Identifier: Apache-2.0 */
#include "node/files/layout.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/bytes.h"
#include "base/text.h"

enum hanse_status hanse_layout_origin_hex(const char *origin, char out[HANSE_ORIGIN_HEX_BYTES],
                                          struct hanse_error *err)
{
    struct hanse_digest digest;
    enum hanse_status status = hanse_digest_compute(hanse_bytes_of_text(origin), &digest, err);
    if (status == HANSE_OK)
        hanse_hex_encode(hanse_digest_view(&digest), out);
    return status;
}

enum hanse_status hanse_layout_private(const char *node_dir, const char *name, struct hanse_path *out,
                                       struct hanse_error *err)
{
    return hanse_path_format(out, err, "%s/private/%s", node_dir, name);
}

static enum hanse_status below_private(const char *node_dir, const char *folder, const char *origin,
                                       const char *ending, struct hanse_path *out, struct hanse_error *err)
{
    char hex[HANSE_ORIGIN_HEX_BYTES];
    enum hanse_status status = hanse_layout_origin_hex(origin, hex, err);
    return status == HANSE_OK
               ? hanse_path_format(out, err, "%s/private/%s/%s%s", node_dir, folder, hex, ending)
               : status;
}

enum hanse_status hanse_layout_key(const char *node_dir, const char *origin, struct hanse_path *out,
                                   struct hanse_error *err)
{
    return below_private(node_dir, "keys", origin, "", out, err);
}

enum hanse_status hanse_layout_next_key(const char *node_dir, const char *origin, struct hanse_path *out,
                                        struct hanse_error *err)
{
    return below_private(node_dir, "keys", origin, ".next", out, err);
}

enum hanse_status hanse_layout_retired_key(const char *node_dir, const char *origin, uint32_t key_id,
                                           struct hanse_path *out, struct hanse_error *err)
{
    char ending[32];
    (void)snprintf(ending, sizeof ending, ".retired-%08" PRIx32, key_id);
    return below_private(node_dir, "keys", origin, ending, out, err);
}

enum hanse_status hanse_layout_pending(const char *node_dir, const char *origin, struct hanse_path *out,
                                       struct hanse_error *err)
{
    return below_private(node_dir, "pending", origin, "", out, err);
}

enum hanse_status hanse_layout_feed(const char *node_dir, const char *origin, bool first_own,
                                    struct hanse_path *out, struct hanse_error *err)
{
    if (first_own)
        return hanse_path_format(out, err, "%s/public", node_dir);
    char hex[HANSE_ORIGIN_HEX_BYTES];
    enum hanse_status status = hanse_layout_origin_hex(origin, hex, err);
    return status == HANSE_OK ? hanse_path_format(out, err, "%s/public/%s", node_dir, hex) : status;
}

enum hanse_status hanse_layout_segment_name(uint64_t first_index, uint64_t generation, struct hanse_path *out,
                                            struct hanse_error *err)
{
    return hanse_path_format(out, err, "hanse/public/%" PRIu64 "-%016" PRIx64, first_index, generation);
}
