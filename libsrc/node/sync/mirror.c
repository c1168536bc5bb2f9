/* SPDX-License-Identifier: Apache-2.0 */
/* Which other places a followed feed is asked for at. */
#include <string.h>

#include <hanse/mirror.h>

#include "base/error.h"
#include "index/mirror.h"
#include "net/location.h"
#include "net/pins.h"
#include "node/node_internal.h"

static enum hanse_status get_followed(struct hanse_node *node, const char *origin_or_name,
                                      struct hanse_feed_row *out, struct hanse_error *err)
{
    enum hanse_status status = hanse_feed_row_get(node, origin_or_name, out, err);
    if (status == HANSE_OK && (out->feed.own || out->feed.url == NULL))
        status =
            hanse_fail(err, HANSE_NOT_FOUND, "feed \"%.160s\" is not followed from anywhere", origin_or_name);
    return status;
}

static enum hanse_status put(struct hanse_node *node, int64_t feed_id,
                             const struct hanse_mirror_options *options, struct hanse_error *err)
{
    const struct hanse_index_mirror mirror = {
        .url = options->url, .pin = options->pin, .cacert = options->cacert};
    enum hanse_status status = hanse_index_begin(node->index, err);
    if (status == HANSE_OK)
        status = hanse_index_mirror_put(node->index, feed_id, &mirror, err);
    if (status == HANSE_OK)
        status = hanse_index_commit(node->index, err);
    if (status != HANSE_OK)
        hanse_index_rollback(node->index);
    return status;
}

enum hanse_status hanse_mirror_add(struct hanse_node *node, const struct hanse_mirror_options *options,
                                   struct hanse_error *err)
{
    if (node == NULL)
        return hanse_fail_null("node", err);
    if (options == NULL || options->version != 1 || options->feed == NULL || options->url == NULL)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "options of a mirror need version 1, a feed and a URL");
    HANSE_SCOPED_FILE struct hanse_file lock = HANSE_FILE_CLOSED;
    HANSE_SCOPED_ROW struct hanse_feed_row row = {0};
    enum hanse_status status = hanse_location_check(options->url, err);
    if (status == HANSE_OK && options->pin != NULL)
        status = hanse_pins_check(options->pin, err);
    if (status == HANSE_OK)
        status = hanse_node_lock(node, &lock, err);
    if (status == HANSE_OK)
        status = get_followed(node, options->feed, &row, err);
    if (status == HANSE_OK && strcmp(row.feed.url, options->url) == 0)
        status = hanse_fail(err, HANSE_EXISTS, "\"%.160s\" is the feed's own address already", options->url);
    return status == HANSE_OK ? put(node, row.feed.id, options, err) : status;
}

enum hanse_status hanse_mirror_remove(struct hanse_node *node, const char *origin_or_name, const char *url,
                                      struct hanse_error *err)
{
    if (node == NULL || origin_or_name == NULL || url == NULL)
        return hanse_fail_null("node, origin_or_name or url", err);
    HANSE_SCOPED_FILE struct hanse_file lock = HANSE_FILE_CLOSED;
    HANSE_SCOPED_ROW struct hanse_feed_row row = {0};
    enum hanse_status status = hanse_node_lock(node, &lock, err);
    if (status == HANSE_OK)
        status = get_followed(node, origin_or_name, &row, err);
    if (status == HANSE_OK)
        status = hanse_index_begin(node->index, err);
    if (status == HANSE_OK)
        status = hanse_index_mirror_remove(node->index, row.feed.id, url, err);
    if (status == HANSE_OK)
        status = hanse_index_commit(node->index, err);
    if (status != HANSE_OK)
        hanse_index_rollback(node->index);
    return status;
}

struct listing {
    hanse_mirror_visit *visit;
    void *context;
};

static enum hanse_status visit_mirror(void *context, const struct hanse_index_mirror *mirror,
                                      struct hanse_error *err)
{
    const struct listing *listing = context;
    const struct hanse_mirror_info info = {.url = mirror->url,
                                           .pin = mirror->pin,
                                           .cacert = mirror->cacert,
                                           .last_try_unix_s = mirror->last_try_unix_s,
                                           .last_result = mirror->last_result,
                                           .last_message = mirror->last_message};
    return listing->visit(listing->context, &info, err);
}

enum hanse_status hanse_mirror_list(struct hanse_node *node, const char *origin_or_name,
                                    hanse_mirror_visit *visit, void *context, struct hanse_error *err)
{
    if (node == NULL || origin_or_name == NULL || visit == NULL)
        return hanse_fail_null("node, origin_or_name or visit", err);
    struct listing listing = {.visit = visit, .context = context};
    struct hanse_index_feed feed;
    enum hanse_status status = hanse_index_feed_get(node->index, origin_or_name, &feed, err);
    return status == HANSE_OK ? hanse_index_mirror_list(node->index, feed.id, visit_mirror, &listing, err)
                              : status;
}
