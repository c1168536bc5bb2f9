/* SPDX-License-Identifier: Apache-2.0 */
/* Bringing an own feed back from a mirror: the sync of one feed into its own folder, then putting staging and
 * the state outside the node right. A damaged folder is set aside first, so that everything is fetched. */
#include <inttypes.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "node/check/verify_feed.h"
#include "node/files/tree.h"
#include "node/outside_state.h"
#include "node/sync/sync_job.h"
#include "wire/header.h"

enum { MAX_DROPPED = 1 << 20 };

static enum hanse_status fetch(struct hanse_node *node, const struct hanse_recover_options *options,
                               const char *origin, enum hanse_sync_outcome *out_outcome,
                               struct hanse_error *err)
{
    struct hanse_sync_options sync = {
        .version = 1, .visit = options->visit, .progress = options->progress, .context = options->context};
    struct sync_run run = {.node = node,
                           .options = &sync,
                           .from = options,
                           .origins = &origin,
                           .origin_count = 1,
                           .last_outcome = HANSE_SYNC_FAILED};
    enum hanse_status status = sync_run_feeds(&run, err);
    *out_outcome = run.last_outcome;
    return status;
}

/* Staged changes whose content is current in the feed now: they were published before the loss. */
struct published {
    struct hanse_node *node;
    int64_t feed_id;
    struct hanse_buffer ids; /* 16 bytes each */
};

static enum hanse_status find_published(void *context, const struct hanse_staged_change *change,
                                        struct hanse_error *err)
{
    struct published *it = context;
    struct hanse_index_record current;
    enum hanse_status status =
        hanse_index_record_get(it->node->index, it->feed_id, change->record_id, &current, err);
    if (status != HANSE_OK)
        return status == HANSE_NOT_FOUND ? HANSE_OK : status;
    bool same_put = change->operation == HANSE_OPERATION_PUT && !current.withdrawn && current.has_digest &&
                    memcmp(current.digest, change->digest, sizeof current.digest) == 0;
    bool same_withdrawal = change->operation == HANSE_OPERATION_WITHDRAW && current.withdrawn;
    if (!same_put && !same_withdrawal)
        return HANSE_OK;
    return hanse_buffer_append(&it->ids, hanse_bytes_of(change->record_id, sizeof change->record_id), err);
}

static enum hanse_status drop_published(struct hanse_node *node, const struct hanse_feed_row *row,
                                        struct hanse_error *err)
{
    struct published it = {.node = node, .feed_id = row->feed.id};
    hanse_buffer_init(&it.ids, (size_t)MAX_DROPPED * 16);
    enum hanse_status status = hanse_staging_list(node->staging, row->feed.origin, find_published, &it, err);
    if (status == HANSE_OK && it.ids.size > 0)
        status = hanse_staging_begin(node->staging, err);
    for (size_t at = 0; at < it.ids.size && status == HANSE_OK; at += 16)
        status = hanse_staging_remove(node->staging, row->feed.origin, it.ids.data + at, err);
    if (status == HANSE_OK && it.ids.size > 0)
        status = hanse_staging_commit(node->staging, err);
    if (status != HANSE_OK)
        hanse_staging_rollback(node->staging);
    hanse_buffer_release(&it.ids);
    return status;
}

/* The feed is at what the mirror has; is that all that was published from here? */
static enum hanse_status settle(struct hanse_node *node, const char *origin, struct hanse_error *err)
{
    HANSE_SCOPED_ROW struct hanse_feed_row row;
    struct hanse_outside_state known = {0};
    struct hanse_outside_state now;
    enum hanse_status status = hanse_feed_row_get(node, origin, &row, err);
    if (status == HANSE_OK)
        status = drop_published(node, &row, err);
    if (status != HANSE_OK)
        return status;
    now.size = row.feed.size;
    now.root = hanse_merkle_empty_root();
    if (now.size > 0)
        memcpy(now.root.bytes, row.feed.root, sizeof now.root.bytes);
    status = hanse_outside_state_read(node, origin, row.feed.key, &known, err);
    if (status == HANSE_OK && known.size > now.size)
        return hanse_fail(err, HANSE_BEHIND,
                          "mirror holds %" PRIu64 " entries of \"%s\", but %" PRIu64
                          " were published from here: name a mirror that is newer",
                          now.size, origin, known.size);
    if (status != HANSE_OK && status != HANSE_NOT_FOUND && status != HANSE_MALFORMED)
        return status;
    return hanse_outside_state_write(node, origin, row.feed.key, &now, err);
}

/* Moves the feed's files from one folder to another; what is not there is passed over. */
static enum hanse_status move_feed(const char *from, const char *to, struct hanse_error *err)
{
    static const char *const names[] = {"checkpoint", "tile", "hanse"};
    enum hanse_status status = hanse_file_make_dirs(to, HANSE_MODE_PUBLIC_DIR, err);
    for (size_t i = 0; i < sizeof names / sizeof names[0] && status == HANSE_OK; i++) {
        struct hanse_path source;
        struct hanse_path target;
        status = hanse_path_format(&source, err, "%s/%s", from, names[i]);
        if (status == HANSE_OK)
            status = hanse_path_format(&target, err, "%s/%s", to, names[i]);
        if (status == HANSE_OK && hanse_file_exists(source.text))
            status = hanse_file_rename(source.text, target.text, err);
    }
    return status;
}

static enum hanse_status forget_entries(struct hanse_node *node, const char *origin, struct hanse_error *err)
{
    HANSE_SCOPED_ROW struct hanse_feed_row row;
    enum hanse_status status = hanse_feed_row_get(node, origin, &row, err);
    row.feed.size = 0;
    row.feed.state = hanse_bytes_of(NULL, 0);
    if (status == HANSE_OK)
        status = hanse_index_begin(node->index, err);
    if (status == HANSE_OK)
        status = hanse_index_feed_put(node->index, &row.feed, err);
    if (status == HANSE_OK)
        status = hanse_index_feed_reset(node->index, row.feed.id, err);
    if (status == HANSE_OK)
        status = hanse_index_commit(node->index, err);
    if (status != HANSE_OK)
        hanse_index_rollback(node->index);
    return status;
}

/* A feed whose files are not what was signed is set aside under private/damaged/; *out says so. */
static enum hanse_status set_damaged_aside(struct hanse_node *node, const char *origin,
                                           struct hanse_path *dir, struct hanse_path *aside, bool *out,
                                           struct hanse_error *err)
{
    struct hanse_verify_options options = {.version = 1};
    struct hanse_feed_verdict verdict;
    HANSE_SCOPED_ROW struct hanse_feed_row row;
    enum hanse_status status = hanse_feed_row_get(node, origin, &row, err);
    if (status == HANSE_OK)
        status = hanse_node_feed_dir(node, origin, dir, err);
    if (status == HANSE_OK)
        status = hanse_feed_verify(dir->text, origin, row.feed.key, &options, &verdict, err);
    bool older = row.feed.size > verdict.public.size;
    if (status != HANSE_OK || (verdict.status == HANSE_OK && !older))
        return status;
    status =
        hanse_path_format(aside, err, "%s/private/damaged/%" PRIu64, node->dir.text, hanse_clock_unix_ms());
    if (status == HANSE_OK)
        status = move_feed(dir->text, aside->text, err);
    if (status == HANSE_OK)
        status = forget_entries(node, origin, err);
    *out = status == HANSE_OK;
    return status;
}

/* Nothing better came: what is damaged is still more than nothing, and than a part of what is better. Where
 * there is a checkpoint again, all came and only the index lacks it. */
static enum hanse_status move_back(const char *aside, const char *dir, struct hanse_error *err)
{
    static const char *const names[] = {"tile", "hanse"};
    struct hanse_path path;
    enum hanse_status status = hanse_path_format(&path, err, "%s/checkpoint", dir);
    if (status != HANSE_OK || hanse_file_exists(path.text))
        return status;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && status == HANSE_OK; i++) {
        status = hanse_path_format(&path, err, "%s/%s", dir, names[i]);
        if (status == HANSE_OK)
            status = hanse_tree_remove(path.text, err);
    }
    return status == HANSE_OK ? move_feed(aside, dir, err) : status;
}

enum hanse_status hanse_recover(struct hanse_node *node, const struct hanse_recover_options *options,
                                struct hanse_error *err)
{
    if (node == NULL)
        return hanse_fail_null("node", err);
    if (options == NULL || options->version != 1 || options->url == NULL)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "options of recover need version 1 and a URL");
    const char *origin = NULL;
    enum hanse_sync_outcome outcome = HANSE_SYNC_FAILED;
    struct hanse_path dir;
    struct hanse_path aside;
    bool is_aside = false;
    HANSE_SCOPED_FILE struct hanse_file lock = HANSE_FILE_CLOSED;
    enum hanse_status status = hanse_node_own_origin(node, options->origin, &origin, err);
    if (status == HANSE_OK)
        status = hanse_node_lock(node, &lock, err);
    if (status == HANSE_OK)
        status = set_damaged_aside(node, origin, &dir, &aside, &is_aside, err);
    if (status == HANSE_OK)
        status = fetch(node, options, origin, &outcome, err);
    bool reached = outcome == HANSE_SYNC_UPDATED || outcome == HANSE_SYNC_CURRENT;
    if (is_aside && !reached) {
        struct hanse_error why;
        if (move_back(aside.text, dir.text, &why) != HANSE_OK)
            return hanse_fail(err, why.status, "cannot move the damaged feed back from \"%.120s\": %.300s",
                              aside.text, why.message);
    }
    return status == HANSE_OK && reached ? settle(node, origin, err) : status;
}
