/* SPDX-License-Identifier: Apache-2.0 */
/* Verifying a node's feeds or a folder. */
#include <string.h>

#include <hanse/verify.h>

#include "base/bytes.h"
#include "base/error.h"
#include "node/check/verify_feed.h"
#include "node/files/layout.h"

struct verifying {
    struct hanse_node *node;
    const struct hanse_verify_options *options;
    enum hanse_status worst;
    struct hanse_error first;
};

/* Among failures the first found stays; any failure is worse than none. */
static void note_verdict(struct verifying *it, const struct hanse_feed_verdict *verdict)
{
    if (it->options->visit != NULL)
        it->options->visit(it->options->context, &verdict->public);
    if (verdict->status != HANSE_OK && it->worst == HANSE_OK) {
        it->worst = verdict->status;
        (void)hanse_fail(&it->first, verdict->status, "feed \"%s\": %.180s", verdict->origin,
                         verdict->message);
    }
}

/* The folder is ahead of the index, as it is while a publish or sync shows its work: whether that is all.
 * Then the index has caught up by now, or somebody holds the lock and is at it. */
static enum hanse_status is_under_way(struct hanse_node *node, const char *origin, uint64_t size, bool *out,
                                      struct hanse_error *err)
{
    struct hanse_path path;
    struct hanse_index_feed now;
    HANSE_SCOPED_FILE struct hanse_file lock = HANSE_FILE_CLOSED;
    enum hanse_status status = hanse_layout_private(node->dir.text, "lock", &path, err);
    if (status == HANSE_OK)
        status = hanse_file_lock(&lock, path.text, 0, err);
    *out = status == HANSE_LOCKED || status == HANSE_DENIED;
    if (status == HANSE_OK)
        status = hanse_index_feed_get(node->index, origin, &now, err);
    if (status == HANSE_OK)
        *out = now.size >= size;
    *out = *out || status == HANSE_NOT_FOUND; /* it was unfollowed */
    return *out ? HANSE_OK : status;
}

/* The index must say of an intact feed what the feed says. */
static enum hanse_status compare_index(struct hanse_node *node, uint64_t known,
                                       struct hanse_feed_verdict *verdict, struct hanse_error *err)
{
    uint64_t held = verdict->public.size;
    bool under_way = false;
    enum hanse_status status = HANSE_OK;
    if (verdict->status != HANSE_OK || known == held)
        return HANSE_OK;
    if (known < held)
        status = is_under_way(node, verdict->origin, held, &under_way, err);
    if (status != HANSE_OK || under_way)
        return status;
    struct hanse_error why;
    verdict->status = known > held ? HANSE_TRUNCATED : HANSE_MISMATCH;
    verdict->public.result = known > held ? "truncated" : "mismatch";
    (void)hanse_fail(&why, verdict->status, "index knows %llu entries, the folder holds %llu",
                     (unsigned long long)known, (unsigned long long)held);
    memcpy(verdict->message, why.message, sizeof verdict->message);
    return HANSE_OK;
}

static enum hanse_status verify_row(void *context, const struct hanse_index_feed *feed,
                                    struct hanse_error *err)
{
    struct verifying *it = context;
    struct hanse_path dir;
    struct hanse_feed_verdict verdict;
    enum hanse_status status = hanse_node_feed_dir(it->node, feed->origin, &dir, err);
    struct hanse_path checkpoint;
    uint64_t known = feed->size;
    if (status == HANSE_OK)
        status = hanse_path_format(&checkpoint, err, "%s/checkpoint", dir.text);
    if (status == HANSE_OK && !feed->own && feed->size == 0 && !hanse_file_exists(checkpoint.text))
        return HANSE_OK; /* followed, nothing verified yet */
    if (status == HANSE_OK)
        status = hanse_feed_verify(dir.text, feed->origin, feed->key, it->options, &verdict, err);
    if (status == HANSE_OK)
        status = compare_index(it->node, known, &verdict, err);
    if (status == HANSE_OK)
        note_verdict(it, &verdict);
    return status;
}

enum hanse_status hanse_verify_node(struct hanse_node *node, const char *feed,
                                    const struct hanse_verify_options *options, struct hanse_error *err)
{
    if (node == NULL)
        return hanse_fail_null("node", err);
    if (options == NULL || options->version != 1)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "options of verify need version 1");
    struct verifying it = {.node = node, .options = options};
    enum hanse_status status;
    if (feed == NULL) {
        status = hanse_index_feed_list(node->index, verify_row, &it, err);
    } else {
        HANSE_SCOPED_ROW struct hanse_feed_row row;
        status = hanse_feed_row_get(node, feed, &row, err);
        if (status == HANSE_OK)
            status = verify_row(&it, &row.feed, err);
    }
    if (status == HANSE_OK && it.worst != HANSE_OK && err != NULL)
        *err = it.first;
    return status == HANSE_OK ? it.worst : status;
}

enum hanse_status hanse_verify_dir(const char *dir, const struct hanse_verify_options *options,
                                   struct hanse_error *err)
{
    if (dir == NULL)
        return hanse_fail_null("dir", err);
    if (options == NULL || options->version != 1)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "options of verify need version 1");
    struct verifying it = {.options = options};
    struct hanse_verifier_key key;
    struct hanse_feed_verdict verdict;
    bool keyed = options->verifier_key != NULL;
    enum hanse_status status = HANSE_OK;
    if (keyed)
        status = hanse_verifier_key_decode(hanse_bytes_of_text(options->verifier_key), &key, err);
    if (status == HANSE_OK)
        status = hanse_feed_verify(dir, keyed ? key.name : NULL, keyed ? key.material : NULL, options,
                                   &verdict, err);
    if (status != HANSE_OK)
        return status;
    note_verdict(&it, &verdict);
    if (it.worst != HANSE_OK && err != NULL)
        *err = it.first;
    return it.worst;
}
