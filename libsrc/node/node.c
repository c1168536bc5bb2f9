/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a node, and what its parts need of it. */
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "node/config.h"
#include "node/feed_key.h"
#include "node/files/feed_writer.h"
#include "node/files/layout.h"
#include "node/node_internal.h"
#include "node/unfollow.h"

enum hanse_status hanse_node_lock(struct hanse_node *node, struct hanse_file *lock, struct hanse_error *err)
{
    struct hanse_path path;
    *lock = HANSE_FILE_CLOSED;
    if (node->read_only)
        return hanse_fail(err, HANSE_DENIED,
                          "node \"%s\" is read-only here: it belongs to another user, or its disk is not "
                          "writable",
                          node->dir.text);
    enum hanse_status status = hanse_layout_private(node->dir.text, "lock", &path, err);
    if (status == HANSE_OK)
        status = hanse_file_lock(lock, path.text, HANSE_LOCK_TIMEOUT_MS, err);
    /* Another process may have crashed since this one opened the node. */
    for (size_t i = 0; i < node->own_count && status == HANSE_OK; i++)
        status = hanse_pending_finish(node, node->own_origins[i], err);
    return status;
}

enum hanse_status hanse_node_lock_reading(struct hanse_node *node, struct hanse_file *lock,
                                          struct hanse_error *err)
{
    if (!node->read_only)
        return hanse_node_lock(node, lock, err);
    struct hanse_path path;
    *lock = HANSE_FILE_CLOSED;
    enum hanse_status status = hanse_layout_private(node->dir.text, "lock", &path, err);
    if (status == HANSE_OK)
        status = hanse_file_lock_shared(lock, path.text, HANSE_LOCK_TIMEOUT_MS, err);
    return status == HANSE_NOT_FOUND ? HANSE_OK : status; /* nobody ever wrote */
}

bool hanse_node_owns(const struct hanse_node *node, const char *origin)
{
    for (size_t i = 0; i < node->own_count; i++)
        if (strcmp(node->own_origins[i], origin) == 0)
            return true;
    return false;
}

enum hanse_status hanse_node_feed_dir(const struct hanse_node *node, const char *origin,
                                      struct hanse_path *out, struct hanse_error *err)
{
    bool first_own = node->own_count > 0 && strcmp(node->own_origins[0], origin) == 0;
    return hanse_layout_feed(node->dir.text, origin, first_own, out, err);
}

static enum hanse_status check_format(const char *dir, struct hanse_error *err)
{
    struct hanse_path path;
    struct hanse_buffer text __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&text, 256);
    enum hanse_status status = hanse_layout_private(dir, "format", &path, err);
    if (status == HANSE_OK)
        status = hanse_file_read(path.text, 128, &text, err);
    if (status == HANSE_NOT_FOUND)
        return hanse_fail(
            err, HANSE_NOT_FOUND,
            "no node in \"%s\": make one with `hanse init --origin ORIGIN`, or name its folder with -C", dir);
    if (status == HANSE_OK && !hanse_bytes_equal_text(hanse_buffer_view(&text), HANSE_NODE_FORMAT))
        status =
            hanse_fail(err, HANSE_UNSUPPORTED,
                       "node in \"%s\" has a format that this version does not know: \"%s\"", dir, path.text);
    return status;
}

static enum hanse_status open_databases(struct hanse_node *node, struct hanse_error *err)
{
    struct hanse_path path;
    enum hanse_status status = hanse_layout_private(node->dir.text, "index.sqlite", &path, err);
    if (status == HANSE_OK)
        status = hanse_index_open(path.text, &node->index, err);
    if (status == HANSE_OK)
        status = hanse_layout_private(node->dir.text, "staging.sqlite", &path, err);
    if (status == HANSE_OK)
        status = hanse_staging_open(path.text, &node->staging, err);
    if (status == HANSE_OK)
        node->read_only = hanse_index_is_read_only(node->index) || hanse_staging_is_read_only(node->staging);
    return status;
}

enum hanse_status hanse_node_restore_own_rows(struct hanse_node *node, struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < node->own_count && status == HANSE_OK; i++) {
        struct hanse_index_feed found;
        status = hanse_index_feed_get(node->index, node->own_origins[i], &found, err);
        if (status == HANSE_OK)
            continue;
        if (status != HANSE_NOT_FOUND)
            return status;
        struct hanse_path path;
        struct hanse_signing_key *key = NULL;
        struct hanse_signer signer;
        status = hanse_layout_key(node->dir.text, node->own_origins[i], &path, err);
        if (status == HANSE_OK)
            status = hanse_key_file_read(path.text, &key, &signer, err);
        hanse_signing_key_free(key);
        struct hanse_index_feed feed = {.origin = node->own_origins[i], .own = true};
        if (status == HANSE_OK) {
            memcpy(feed.key, signer.key.material, sizeof feed.key);
            status = hanse_index_feed_put(node->index, &feed, err);
        }
    }
    return status;
}

static enum hanse_status catch_up_visit(void *context, const struct hanse_index_feed *feed,
                                        struct hanse_error *err)
{
    struct hanse_node *node = context;
    struct hanse_path dir;
    enum hanse_status status = hanse_node_feed_dir(node, feed->origin, &dir, err);
    if (status != HANSE_OK)
        return status;
    /* What a full disk or damage forbids is left to the next writer: reading goes on. */
    if (hanse_feed_trim(dir.text, feed->size, NULL) == HANSE_NO_MEMORY)
        return hanse_fail_memory(err);
    return hanse_feed_catch_up_if_sound(node, feed->origin, err);
}

/* Ends what a crash cut off. When another process holds the lock, it is at it or has done it; where the node
 * is read-only, it is for who may write it. */
static enum hanse_status recover(struct hanse_node *node, struct hanse_error *err)
{
    if (node->read_only)
        return HANSE_OK;
    struct hanse_path path;
    HANSE_SCOPED_FILE struct hanse_file lock = HANSE_FILE_CLOSED;
    enum hanse_status status = hanse_layout_private(node->dir.text, "lock", &path, err);
    if (status == HANSE_OK)
        status = hanse_file_lock(&lock, path.text, 0, err);
    if (status == HANSE_LOCKED || status == HANSE_DENIED)
        return HANSE_OK;
    if (status == HANSE_OK)
        status = hanse_node_restore_own_rows(node, err);
    for (size_t i = 0; i < node->own_count && status == HANSE_OK; i++)
        if (hanse_pending_finish(node, node->own_origins[i], err) == HANSE_NO_MEMORY)
            status = HANSE_NO_MEMORY; /* what else forbids it is told to the next writer: reading goes on */
    if (status == HANSE_OK && hanse_unfollow_finish(node, err) == HANSE_NO_MEMORY)
        status = HANSE_NO_MEMORY;
    return status == HANSE_OK ? hanse_index_feed_list(node->index, catch_up_visit, node, err) : status;
}

enum hanse_status hanse_node_open_unfinished(const char *dir, struct hanse_node **out,
                                             struct hanse_error *err)
{
    struct hanse_node *node = hanse_alloc_zeroed(1, sizeof *node);
    if (node == NULL)
        return hanse_fail_memory(err);
    enum hanse_status status = hanse_path_format(&node->dir, err, "%s", dir);
    if (status == HANSE_OK)
        status = hanse_config_read(node, err);
    if (status == HANSE_OK)
        status = open_databases(node, err);
    if (status == HANSE_OK)
        status = recover(node, err);
    if (status != HANSE_OK) {
        hanse_node_close(node);
        return status;
    }
    *out = node;
    return HANSE_OK;
}

enum hanse_status hanse_node_open(const char *dir, struct hanse_node **out, struct hanse_error *err)
{
    if (dir == NULL || out == NULL)
        return hanse_fail_null("dir or out", err);
    enum hanse_status status = check_format(dir, err);
    return status == HANSE_OK ? hanse_node_open_unfinished(dir, out, err) : status;
}

void hanse_node_close(struct hanse_node *node)
{
    if (node == NULL)
        return;
    hanse_staging_close(node->staging);
    hanse_index_close(node->index);
    for (size_t i = 0; i < node->own_count; i++)
        hanse_free(node->own_origins[i]);
    hanse_free(node->state_dir);
    hanse_free(node);
}

const char *hanse_node_dir(const struct hanse_node *node)
{
    return node->dir.text;
}

enum hanse_status hanse_node_own_origin(struct hanse_node *node, const char *origin, const char **out,
                                        struct hanse_error *err)
{
    if (node == NULL || out == NULL)
        return hanse_fail_null("node or out", err);
    for (size_t i = 0; i < node->own_count; i++) {
        if (origin == NULL || strcmp(node->own_origins[i], origin) == 0) {
            *out = node->own_origins[i];
            return HANSE_OK;
        }
    }
    struct hanse_index_feed followed;
    if (hanse_index_feed_get(node->index, origin, &followed, NULL) == HANSE_OK && !followed.own)
        return hanse_fail(err, HANSE_NOT_FOUND, "feed \"%s\" is followed here: only its owner changes it",
                          origin);
    return hanse_fail(err, HANSE_NOT_FOUND, "no own feed \"%s\" in this node, whose first is \"%s\"", origin,
                      node->own_count > 0 ? node->own_origins[0] : "");
}

enum hanse_status hanse_node_verifier_key(struct hanse_node *node, const char *origin, char **out,
                                          struct hanse_error *err)
{
    if (node == NULL || origin == NULL || out == NULL)
        return hanse_fail_null("node, origin or out", err);
    HANSE_SCOPED_ROW struct hanse_feed_row row;
    struct hanse_buffer text __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&text, HANSE_FEED_KEY_TEXT_BYTES);
    enum hanse_status status = hanse_feed_row_get(node, origin, &row, err);
    if (status == HANSE_OK)
        status = hanse_feed_key_encode(row.feed.origin, row.feed.key, &text, err);
    if (status == HANSE_OK)
        text.size--; /* its NUL, which detaching gives it */
    return status == HANSE_OK ? hanse_buffer_detach_text(&text, out, err) : status;
}
