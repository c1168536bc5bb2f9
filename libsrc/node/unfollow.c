/* SPDX-License-Identifier: Apache-2.0 */
/* Letting go of a feed that was followed. */
#include <stdio.h>
#include <string.h>

#include <hanse/node.h>

#include "base/bytes.h"
#include "base/error.h"
#include "node/feed_info.h"
#include "node/layout.h"
#include "node/tree.h"

static enum hanse_status remove_row(struct hanse_node *node, int64_t feed_id, struct hanse_error *err)
{
    enum hanse_status status = hanse_index_begin(node->index, err);
    if (status == HANSE_OK)
        status = hanse_index_feed_remove(node->index, feed_id, err);
    if (status == HANSE_OK)
        status = hanse_index_commit(node->index, err);
    if (status != HANSE_OK)
        hanse_index_rollback(node->index);
    return status;
}

/* The mirror, and what an interrupted sync kept. */
static enum hanse_status remove_files(struct hanse_node *node, const char *origin, struct hanse_error *err)
{
    struct hanse_path dir;
    struct hanse_path folder;
    struct hanse_path partial;
    char hex[HANSE_ORIGIN_HEX_BYTES];
    enum hanse_status status = hanse_node_feed_dir(node, origin, &dir, err);
    if (status == HANSE_OK)
        status = hanse_layout_origin_hex(origin, hex, err);
    if (status == HANSE_OK)
        status = hanse_layout_private(node->dir.text, "partial", &folder, err);
    if (status == HANSE_OK)
        status = hanse_path_format(&partial, err, "%s/%s", folder.text, hex);
    if (status == HANSE_OK && hanse_file_exists(partial.text))
        status = hanse_file_remove(partial.text, err);
    return status == HANSE_OK ? hanse_tree_remove(dir.text, err) : status;
}

enum hanse_status hanse_feed_unfollow(struct hanse_node *node, const char *origin_or_name,
                                      hanse_unfollow_visit *visit, void *context, struct hanse_error *err)
{
    HANSE_SCOPED_FILE struct hanse_file lock = HANSE_FILE_CLOSED;
    HANSE_SCOPED_ROW struct hanse_feed_row row = {0};
    struct hanse_feed_info info;
    struct hanse_buffer vkey __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&vkey, 512);
    enum hanse_status status = hanse_node_lock(node, &lock, err);
    if (status == HANSE_OK)
        status = hanse_feed_row_get(node, origin_or_name, &row, err);
    if (status == HANSE_OK && (row.feed.own || hanse_node_owns(node, row.feed.origin)))
        status = hanse_fail(err, HANSE_INVALID_ARGUMENT, "feed \"%s\" is this node's own", row.feed.origin);
    if (status == HANSE_OK)
        status = hanse_feed_info_fill(node, &row.feed, &vkey, &info, err);
    /* The files go first: while the row is there, this can be repeated. */
    if (status == HANSE_OK)
        status = remove_files(node, row.feed.origin, err);
    if (status == HANSE_OK)
        status = remove_row(node, row.feed.id, err);
    if (status != HANSE_OK || visit == NULL)
        return status;
    const struct hanse_unfollowed gone = {.origin = info.origin,
                                          .name = row.feed.name,
                                          .url = info.url,
                                          .verifier_key = info.verifier_key,
                                          .pin = info.pin,
                                          .cacert = row.feed.cacert,
                                          .size = info.size,
                                          .max_entries = info.max_entries,
                                          .max_bytes = info.max_bytes};
    visit(context, &gone);
    return HANSE_OK;
}
