/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds onto a disk or stick: verified, copied, compared, and the checkpoint last. */
#include <hanse/copy.h>

#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "node/check/verify_feed.h"
#include "node/feed_info.h"
#include "node/files/file_copy.h"
#include "node/files/layout.h"
#include "node/files/tree.h"

static const char *const folders[] = {"hanse", "tile"};
enum { FOLDER_COUNT = sizeof folders / sizeof folders[0] };
static const char manifest_name[] = "hanse/manifest";

struct copying {
    struct hanse_node *node;
    const struct hanse_copy_options *options;
    struct hanse_file_copier copier;
    enum hanse_status worst;
    struct hanse_error first;
    uint64_t bytes_read; /* of all feeds */
    /* Of the feed being copied: */
    const char *origin;
    struct hanse_path from;
    struct hanse_path to;
    struct hanse_path made; /* the folder that was made or seen last */
    struct hanse_copy_result result;
};

static bool is_temporary(const char *name)
{
    size_t size = strlen(name);
    return size > 4 && strcmp(name + size - 4, ".tmp") == 0;
}

static enum hanse_status make_folder_of(struct copying *it, const char *path, struct hanse_error *err)
{
    struct hanse_path folder;
    enum hanse_status status =
        hanse_path_format(&folder, err, "%.*s", (int)(strrchr(path, '/') - path), path);
    if (status != HANSE_OK || strcmp(folder.text, it->made.text) == 0)
        return status;
    status = hanse_file_make_dirs(folder.text, HANSE_MODE_PUBLIC_DIR, err);
    if (status == HANSE_OK)
        it->made = folder;
    return status;
}

static enum hanse_status copy_name(struct copying *it, const char *name, struct hanse_error *err)
{
    struct hanse_path from;
    struct hanse_path to;
    bool copied = false;
    uint64_t bytes = 0;
    enum hanse_status status = hanse_path_format(&from, err, "%s/%s", it->from.text, name);
    if (status == HANSE_OK)
        status = hanse_path_format(&to, err, "%s/%s", it->to.text, name);
    if (status == HANSE_OK)
        status = make_folder_of(it, to.text, err);
    if (status == HANSE_OK)
        status = hanse_file_copy(&it->copier, from.text, to.text, &copied, &bytes, err);
    if (status != HANSE_OK)
        return status;
    it->bytes_read += bytes;
    it->result.files += copied;
    it->result.bytes += copied ? bytes : 0;
    const struct hanse_copy_options *options = it->options;
    if (options->progress != NULL &&
        !options->progress(options->context, it->origin, it->bytes_read, 0, "bytes"))
        return hanse_fail(err, HANSE_CANCELLED, "copy was cancelled; run it again to go on");
    return HANSE_OK;
}

/* What the old checkpoint there leads to stays readable: names of tiles and segments are never given to other
 * content, the growing segment only grows. */
static enum hanse_status copy_data(void *context, const char *name, struct hanse_error *err)
{
    return is_temporary(name) || strcmp(name, manifest_name) == 0 ? HANSE_OK : copy_name(context, name, err);
}

static enum hanse_status remove_extra(void *context, const char *name, struct hanse_error *err)
{
    const struct copying *it = context;
    struct hanse_path from;
    struct hanse_path to;
    enum hanse_status status = hanse_path_format(&from, err, "%s/%s", it->from.text, name);
    if (status == HANSE_OK)
        status = hanse_path_format(&to, err, "%s/%s", it->to.text, name);
    if (status != HANSE_OK || (hanse_file_exists(from.text) && !is_temporary(name)))
        return status;
    return hanse_file_remove(to.text, err);
}

static enum hanse_status each_folder(struct copying *it, const char *dir, hanse_tree_visit *visit,
                                     struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < FOLDER_COUNT && status == HANSE_OK; i++)
        status = hanse_tree_walk(dir, folders[i], visit, it, err);
    return status;
}

/* A copy of a later state must not be replaced by an earlier one. */
static enum hanse_status check_target(const struct copying *it, struct hanse_error *err)
{
    HANSE_SCOPED_STORE struct hanse_feed_store there;
    enum hanse_status status = hanse_feed_store_open(&there, it->to.text, NULL);
    if (status == HANSE_OK && there.size > it->result.size)
        return hanse_fail(err, HANSE_STALE,
                          "copy in \"%.160s\" has %llu entries, here are %llu: it was left as it is",
                          it->to.text, (unsigned long long)there.size, (unsigned long long)it->result.size);
    return HANSE_OK; /* one that cannot be read is replaced */
}

static enum hanse_status verify_source(struct copying *it, const struct hanse_index_feed *feed,
                                       struct hanse_error *err)
{
    const struct hanse_verify_options options = {
        .version = 1, .progress = it->options->progress, .context = it->options->context};
    struct hanse_feed_verdict verdict;
    enum hanse_status status =
        hanse_feed_verify(it->from.text, feed->origin, feed->key, &options, &verdict, err);
    if (status != HANSE_OK)
        return status;
    it->result.size = verdict.public.size;
    return verdict.status == HANSE_OK ? HANSE_OK : hanse_fail(err, verdict.status, "%.250s", verdict.message);
}

static enum hanse_status copy_files(struct copying *it, struct hanse_error *err)
{
    enum hanse_status status = hanse_file_make_dirs(it->to.text, HANSE_MODE_PUBLIC_DIR, err);
    if (status == HANSE_OK)
        status = check_target(it, err);
    if (status == HANSE_OK)
        status = each_folder(it, it->from.text, copy_data, err);
    if (status == HANSE_OK)
        status = hanse_file_sync_tree(it->to.text, err);
    if (status == HANSE_OK)
        status = copy_name(it, manifest_name, err);
    if (status == HANSE_OK)
        status = copy_name(it, "checkpoint", err);
    if (status == HANSE_OK)
        status = hanse_file_sync_tree(it->to.text, err);
    return status == HANSE_OK ? each_folder(it, it->to.text, remove_extra, err) : status;
}

static enum hanse_status copy(struct copying *it, const struct hanse_index_feed *feed, bool *out_held,
                              struct hanse_error *err)
{
    struct hanse_path checkpoint;
    char hex[HANSE_ORIGIN_HEX_BYTES];
    it->origin = feed->origin;
    it->made.text[0] = '\0';
    enum hanse_status status = hanse_node_feed_dir(it->node, feed->origin, &it->from, err);
    if (status == HANSE_OK)
        status = hanse_layout_origin_hex(feed->origin, hex, err);
    if (status == HANSE_OK)
        status = hanse_path_format(&it->to, err, "%s/%s", it->options->dir, hex);
    if (status == HANSE_OK)
        status = hanse_path_format(&checkpoint, err, "%s/checkpoint", it->from.text);
    bool nothing = feed->size == 0 && it->options->feeds == NULL;
    if (status == HANSE_OK && (nothing || !hanse_file_exists(checkpoint.text))) {
        *out_held = false;
        return hanse_fail(err, HANSE_NOT_FOUND, "nothing of it is held yet: sync first");
    }
    if (status == HANSE_OK)
        status = verify_source(it, feed, err);
    return status == HANSE_OK ? copy_files(it, err) : status;
}

/* One feed's failure is its own, but for what would meet the next as well. */
static enum hanse_status copy_feed(struct copying *it, const struct hanse_index_feed *feed,
                                   struct hanse_error *err)
{
    struct hanse_error found = {.offset = HANSE_NO_OFFSET};
    struct hanse_feed_info info;
    struct hanse_buffer vkey __attribute__((cleanup(hanse_buffer_release)));
    bool held = true;
    hanse_buffer_init(&vkey, 512);
    it->result = (struct hanse_copy_result){.origin = feed->origin, .dir = it->to.text};
    enum hanse_status status = hanse_feed_info_fill(it->node, feed, &vkey, &info, err);
    if (status != HANSE_OK)
        return status;
    it->result.verifier_key = info.verifier_key;
    status = copy(it, feed, &held, &found);
    if (status == HANSE_NO_MEMORY || status == HANSE_CANCELLED) {
        if (err != NULL)
            *err = found;
        return status;
    }
    if (!held && it->options->feeds == NULL)
        return HANSE_OK;
    it->result.status = status;
    it->result.message = status == HANSE_OK ? "" : found.message;
    if (it->options->visit != NULL)
        it->options->visit(it->options->context, &it->result);
    if (status != HANSE_OK && it->worst == HANSE_OK) {
        it->worst = status;
        it->first = found;
        (void)hanse_fail_within(&it->first, status, "feed \"%s\"", feed->origin);
    }
    return HANSE_OK;
}

static enum hanse_status visit_row(void *context, const struct hanse_index_feed *feed,
                                   struct hanse_error *err)
{
    return copy_feed(context, feed, err);
}

static enum hanse_status copy_named(struct copying *it, struct hanse_error *err)
{
    const struct hanse_copy_options *options = it->options;
    enum hanse_status status = HANSE_OK;
    struct hanse_index_feed feed;
    for (size_t i = 0; i < options->feed_count && status == HANSE_OK; i++)
        status = options->feeds[i] != NULL
                     ? hanse_index_feed_get(it->node->index, options->feeds[i], &feed, err)
                     : hanse_fail_null("each of feeds", err);
    for (size_t i = 0; i < options->feed_count && status == HANSE_OK; i++) {
        HANSE_SCOPED_ROW struct hanse_feed_row row = {0};
        status = hanse_feed_row_get(it->node, options->feeds[i], &row, err);
        if (status == HANSE_OK)
            status = copy_feed(it, &row.feed, err);
    }
    return status;
}

enum hanse_status hanse_copy(struct hanse_node *node, const struct hanse_copy_options *options,
                             struct hanse_error *err)
{
    if (node == NULL)
        return hanse_fail_null("node", err);
    if (options == NULL || options->version != 1 || options->dir == NULL)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "options of copy need version 1 and a folder");
    HANSE_SCOPED_FILE struct hanse_file lock = HANSE_FILE_CLOSED;
    struct copying it = {.node = node, .options = options};
    enum hanse_status status = hanse_node_lock_reading(node, &lock, err);
    if (status == HANSE_OK)
        status = hanse_file_copier_init(&it.copier, err);
    if (status == HANSE_OK)
        status = options->feeds != NULL ? copy_named(&it, err)
                                        : hanse_index_feed_list(node->index, visit_row, &it, err);
    hanse_file_copier_release(&it.copier);
    if (status == HANSE_OK && it.worst != HANSE_OK && err != NULL)
        *err = it.first;
    return status == HANSE_OK ? it.worst : status;
}
