/* SPDX-License-Identifier: Apache-2.0 */
#include "node/erasure.h"

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "node/files/layout.h"
#include "node/files/segment_cut.h"
#include "node/files/segment_list.h"
#include "node/files/segment_rewrite.h"
#include "node/search_set.h"

static enum hanse_status mark_path(const struct hanse_node *node, const char *origin,
                                   struct hanse_path *folder, struct hanse_path *out, struct hanse_error *err)
{
    char hex[HANSE_ORIGIN_HEX_BYTES];
    enum hanse_status status = hanse_layout_origin_hex(origin, hex, err);
    if (status == HANSE_OK)
        status = hanse_layout_private(node->dir.text, "erasing", folder, err);
    return status == HANSE_OK ? hanse_path_format(out, err, "%s/%s", folder->text, hex) : status;
}

enum hanse_status hanse_erasure_mark(struct hanse_node *node, const char *origin, struct hanse_error *err)
{
    struct hanse_path folder;
    struct hanse_path path;
    enum hanse_status status = mark_path(node, origin, &folder, &path, err);
    if (status == HANSE_OK)
        status = hanse_file_make_dirs(folder.text, HANSE_MODE_PRIVATE_DIR, err);
    return status == HANSE_OK
               ? hanse_file_replace(path.text, hanse_bytes_of_text("erasing\n"), HANSE_MODE_PRIVATE_FILE, err)
               : status;
}

/* What the index says was erased, ascending, and where the walk over the entries is in it. */
struct erased {
    struct hanse_index_range *ranges;
    size_t count;
    size_t at;
};

static void release(struct erased *erased)
{
    hanse_free(erased->ranges);
}

static enum hanse_status keep_range(void *context, uint64_t first, uint64_t count, struct hanse_error *err)
{
    struct erased *erased = context;
    struct hanse_index_range *grown = hanse_realloc(erased->ranges, (erased->count + 1) * sizeof *grown);
    if (grown == NULL)
        return hanse_fail_memory(err);
    erased->ranges = grown;
    grown[erased->count++] = (struct hanse_index_range){.first = first, .count = count};
    return HANSE_OK;
}

static bool is_erased(struct erased *erased, uint64_t index)
{
    while (erased->at < erased->count &&
           erased->ranges[erased->at].first + erased->ranges[erased->at].count <= index)
        erased->at++;
    return erased->at < erased->count && index >= erased->ranges[erased->at].first;
}

/* Only payloads go: operations without one have an empty one, which says nothing. */
static enum hanse_status drop_payload(void *context, uint64_t index, struct hanse_frame_entry *entry,
                                      struct hanse_error *err)
{
    (void)err;
    if (is_erased(context, index) && entry->payload.size > 0) {
        entry->payload = hanse_bytes_of(NULL, 0);
        entry->absent = true;
    }
    return HANSE_OK;
}

static bool overlaps(const struct erased *erased, const struct hanse_segment *segment)
{
    for (size_t i = 0; i < erased->count; i++)
        if (erased->ranges[i].first < segment->first_index + segment->entries &&
            segment->first_index < erased->ranges[i].first + erased->ranges[i].count)
            return true;
    return false;
}

/* Rewrites what must be, shows the new manifest, then removes the files that still hold what was erased: also
 * those that a cut or a crash before left for readers that were at them. */
static enum hanse_status rewrite_feed(const char *dir, struct erased *erased, struct hanse_error *err)
{
    HANSE_SCOPED_STORE struct hanse_feed_store store;
    struct hanse_segment_list list __attribute__((cleanup(hanse_segment_list_release))) = {0};
    enum hanse_status status = hanse_feed_store_open(&store, dir, err);
    if (status == HANSE_OK)
        status = hanse_segment_list_copy(&list, &store.manifest, UINT64_MAX, err);
    for (size_t i = 0; i < list.count && status == HANSE_OK; i++)
        if (overlaps(erased, &list.items[i]))
            status = hanse_segment_rewrite(dir, &list.items[i], drop_payload, erased, err);
    if (status == HANSE_OK)
        status = hanse_segment_list_write(&list, dir, err);
    if (status == HANSE_OK)
        status = hanse_segment_remove_replaced(dir, list.items, list.count, err);
    return status;
}

enum hanse_status hanse_erasure_apply(struct hanse_node *node, const char *origin, struct hanse_error *err)
{
    struct hanse_path folder;
    struct hanse_path path;
    struct hanse_path dir;
    struct hanse_index_feed feed;
    __attribute__((cleanup(release))) struct erased erased = {0};
    enum hanse_status status = mark_path(node, origin, &folder, &path, err);
    if (status != HANSE_OK || !hanse_file_exists(path.text))
        return status;
    status = hanse_index_feed_get(node->index, origin, &feed, err);
    if (status == HANSE_OK)
        status = hanse_index_erased_list(node->index, feed.id, keep_range, &erased, err);
    if (status == HANSE_OK)
        status = hanse_node_feed_dir(node, origin, &dir, err);
    if (status == HANSE_OK && erased.count > 0)
        status = rewrite_feed(dir.text, &erased, err);
    if (status == HANSE_OK)
        status = hanse_search_forget(node, feed.id, erased.ranges, erased.count, err);
    return status == HANSE_OK ? hanse_file_remove(path.text, err) : status;
}
