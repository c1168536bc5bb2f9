/* SPDX-License-Identifier: Apache-2.0 */
#include "node/unfollow.h"

#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"
#include "node/feed_info.h"
#include "node/files/layout.h"
#include "node/files/tree.h"

enum { MAX_MARK_BYTES = 1024 };

static enum hanse_status mark_folder(const struct hanse_node *node, struct hanse_path *out,
                                     struct hanse_error *err)
{
    return hanse_layout_private(node->dir.text, "unfollowing", out, err);
}

static enum hanse_status private_path(const struct hanse_node *node, const char *folder, const char *origin,
                                      struct hanse_path *out, struct hanse_error *err)
{
    char hex[HANSE_ORIGIN_HEX_BYTES];
    struct hanse_path dir;
    enum hanse_status status = hanse_layout_origin_hex(origin, hex, err);
    if (status == HANSE_OK)
        status = hanse_layout_private(node->dir.text, folder, &dir, err);
    return status == HANSE_OK ? hanse_path_format(out, err, "%s/%s", dir.text, hex) : status;
}

static enum hanse_status write_mark(const struct hanse_node *node, const char *origin,
                                    struct hanse_error *err)
{
    struct hanse_path folder;
    struct hanse_path path;
    enum hanse_status status = mark_folder(node, &folder, err);
    if (status == HANSE_OK)
        status = private_path(node, "unfollowing", origin, &path, err);
    if (status == HANSE_OK)
        status = hanse_file_make_dirs(folder.text, HANSE_MODE_PRIVATE_DIR, err);
    return status == HANSE_OK
               ? hanse_file_replace(path.text, hanse_bytes_of_text(origin), HANSE_MODE_PRIVATE_FILE, err)
               : status;
}

/* Durably: a mark that comes back would take away what is followed again. */
static enum hanse_status remove_mark(const struct hanse_node *node, const char *origin,
                                     struct hanse_error *err)
{
    struct hanse_path folder;
    struct hanse_path path;
    enum hanse_status status = mark_folder(node, &folder, err);
    if (status == HANSE_OK)
        status = private_path(node, "unfollowing", origin, &path, err);
    if (status == HANSE_OK)
        status = hanse_file_remove(path.text, err);
    return status == HANSE_OK ? hanse_file_sync_dir(folder.text, err) : status;
}

static enum hanse_status remove_row(struct hanse_node *node, const char *origin, struct hanse_error *err)
{
    struct hanse_index_feed feed = {0};
    enum hanse_status status = hanse_index_feed_get(node->index, origin, &feed, err);
    if (status == HANSE_NOT_FOUND)
        return HANSE_OK;
    if (status == HANSE_OK)
        status = hanse_index_begin(node->index, err);
    if (status == HANSE_OK)
        status = hanse_index_feed_remove(node->index, feed.id, err);
    if (status == HANSE_OK)
        status = hanse_index_commit(node->index, err);
    if (status != HANSE_OK)
        hanse_index_rollback(node->index);
    return status;
}

/* The mirror, what an interrupted sync kept, and an erasure that has nothing to erase any more. */
static enum hanse_status remove_files(struct hanse_node *node, const char *origin, struct hanse_error *err)
{
    static const char *const notes[] = {"partial", "erasing"};
    struct hanse_path dir;
    struct hanse_path path;
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < sizeof notes / sizeof notes[0] && status == HANSE_OK; i++) {
        status = private_path(node, notes[i], origin, &path, err);
        if (status == HANSE_OK && hanse_file_exists(path.text))
            status = hanse_file_remove(path.text, err);
    }
    if (status == HANSE_OK)
        status = hanse_node_feed_dir(node, origin, &dir, err);
    if (status == HANSE_OK)
        status = hanse_tree_remove(dir.text, err);
    return status == HANSE_OK ? hanse_file_sync_tree(node->dir.text, err) : status;
}

/* The mark stands. */
static enum hanse_status take_away(struct hanse_node *node, const char *origin, struct hanse_error *err)
{
    enum hanse_status status = remove_row(node, origin, err);
    if (status == HANSE_OK)
        status = remove_files(node, origin, err);
    return status == HANSE_OK ? remove_mark(node, origin, err) : status;
}

/* A name that is not the origin's in it is no mark of ours. */
static enum hanse_status finish_mark(void *context, const char *name, bool is_dir, struct hanse_error *err)
{
    struct hanse_node *node = context;
    struct hanse_path folder;
    struct hanse_path path;
    char hex[HANSE_ORIGIN_HEX_BYTES];
    char origin[MAX_MARK_BYTES + 1];
    struct hanse_buffer text __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&text, MAX_MARK_BYTES + 1);
    enum hanse_status status = mark_folder(node, &folder, err);
    if (status == HANSE_OK)
        status = hanse_path_format(&path, err, "%s/%s", folder.text, name);
    if (status == HANSE_OK && !is_dir)
        status = hanse_file_read(path.text, MAX_MARK_BYTES, &text, err);
    if (status != HANSE_OK || is_dir)
        return status;
    memcpy(origin, text.data, text.size);
    origin[text.size] = '\0';
    status = hanse_layout_origin_hex(origin, hex, err);
    if (status != HANSE_OK || strcmp(hex, name) != 0 || hanse_node_owns(node, origin))
        return status;
    return take_away(node, origin, err);
}

enum hanse_status hanse_unfollow_finish(struct hanse_node *node, struct hanse_error *err)
{
    struct hanse_path folder;
    enum hanse_status status = mark_folder(node, &folder, err);
    return status == HANSE_OK ? hanse_file_list(folder.text, finish_mark, node, err) : status;
}

enum hanse_status hanse_feed_unfollow(struct hanse_node *node, const char *origin_or_name,
                                      hanse_unfollow_visit *visit, void *context, struct hanse_error *err)
{
    if (node == NULL || origin_or_name == NULL)
        return hanse_fail_null("node or origin_or_name", err);
    HANSE_SCOPED_FILE struct hanse_file lock = HANSE_FILE_CLOSED;
    HANSE_SCOPED_ROW struct hanse_feed_row row = {0};
    struct hanse_feed_info info;
    struct hanse_buffer vkey __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&vkey, 512);
    enum hanse_status status = hanse_node_lock(node, &lock, err);
    if (status == HANSE_OK)
        status = hanse_unfollow_finish(node, err);
    if (status == HANSE_OK)
        status = hanse_feed_row_get(node, origin_or_name, &row, err);
    if (status == HANSE_OK && (row.feed.own || hanse_node_owns(node, row.feed.origin)))
        status = hanse_fail(err, HANSE_INVALID_ARGUMENT, "feed \"%s\" is this node's own", row.feed.origin);
    if (status == HANSE_OK)
        status = hanse_feed_info_fill(node, &row.feed, &vkey, &info, err);
    if (status == HANSE_OK)
        status = write_mark(node, row.feed.origin, err);
    if (status == HANSE_OK)
        status = take_away(node, row.feed.origin, err);
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
