/* SPDX-License-Identifier: Apache-2.0 */
/* Which feeds the node has, and following more. */
#include <ctype.h>
#include <string.h>

#include <hanse/node.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "net/location.h"
#include "net/pins.h"
#include "node/feed_info.h"
#include "node/feed_key.h"
#include "node/unfollow.h"

enum { NAME_BYTES = 128 };

enum hanse_status hanse_feed_info_fill(struct hanse_node *node, const struct hanse_index_feed *feed,
                                       struct hanse_buffer *vkey, struct hanse_feed_info *out,
                                       struct hanse_error *err)
{
    struct hanse_index_counts counts;
    uint64_t staged = 0;
    hanse_buffer_clear(vkey);
    enum hanse_status status = hanse_feed_key_encode(feed->origin, feed->key, vkey, err);
    if (status == HANSE_OK)
        status = hanse_index_count(node->index, feed->id, &counts, err);
    if (status == HANSE_OK && feed->own)
        status = hanse_staging_count(node->staging, feed->origin, &staged, err);
    if (status != HANSE_OK)
        return status;
    *out = (struct hanse_feed_info){.origin = feed->origin,
                                    .name = feed->name != NULL ? feed->name : feed->origin,
                                    .own = feed->own,
                                    .url = feed->url,
                                    .pin = feed->pin,
                                    .verifier_key = (const char *)vkey->data,
                                    .size = feed->size,
                                    .records = counts.records,
                                    .staged = staged,
                                    .missing = counts.missing,
                                    .followed_unix_s = feed->followed_unix_s,
                                    .last_try_unix_s = feed->last_try_unix_s,
                                    .last_success_unix_s = feed->last_success_unix_s,
                                    .last_result = feed->last_result,
                                    .last_message = feed->last_message,
                                    .successor_origin = feed->successor_origin,
                                    .max_entries = feed->max_entries,
                                    .max_bytes = feed->max_bytes,
                                    .url_result = feed->url_result,
                                    .url_message = feed->url_message};
    struct hanse_digest empty = hanse_merkle_empty_root();
    memcpy(out->root, feed->size > 0 ? feed->root : empty.bytes, sizeof out->root);
    return HANSE_OK;
}

struct listing {
    struct hanse_node *node;
    hanse_feed_visit *visit;
    void *context;
    struct hanse_buffer vkey;
};

static enum hanse_status visit_feed(void *context, const struct hanse_index_feed *feed,
                                    struct hanse_error *err)
{
    struct listing *listing = context;
    struct hanse_feed_info info;
    enum hanse_status status = hanse_feed_info_fill(listing->node, feed, &listing->vkey, &info, err);
    return status == HANSE_OK ? listing->visit(listing->context, &info, err) : status;
}

enum hanse_status hanse_feed_list(struct hanse_node *node, hanse_feed_visit *visit, void *context,
                                  struct hanse_error *err)
{
    if (node == NULL || visit == NULL)
        return hanse_fail_null("node or visit", err);
    struct listing listing = {.node = node, .visit = visit, .context = context};
    hanse_buffer_init(&listing.vkey, HANSE_FEED_KEY_TEXT_BYTES);
    enum hanse_status status = hanse_index_feed_list(node->index, visit_feed, &listing, err);
    hanse_buffer_release(&listing.vkey);
    return status;
}

static enum hanse_status check_options(const struct hanse_follow_options *options,
                                       struct hanse_verifier_key *key, struct hanse_error *err)
{
    if (options == NULL || options->version != 1 || options->url == NULL || options->verifier_key == NULL)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "options of follow need version 1, a URL and a verifier key");
    if (options->name != NULL && (options->name[0] == '\0' || strpbrk(options->name, " \t\r\n") != NULL))
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "name \"%.64s\" is no short name: use one word, such as kitakyushu", options->name);
    enum hanse_status status = hanse_feed_key_decode(options->verifier_key, key, err);
    if (status == HANSE_OK)
        status = hanse_location_check(options->url, err);
    if (status != HANSE_OK)
        return status;
    return options->pin != NULL ? hanse_pins_check(options->pin, err) : HANSE_OK;
}

enum hanse_status hanse_feed_follow(struct hanse_node *node, const struct hanse_follow_options *options,
                                    struct hanse_error *err)
{
    if (node == NULL)
        return hanse_fail_null("node", err);
    struct hanse_verifier_key key;
    HANSE_SCOPED_FILE struct hanse_file lock = HANSE_FILE_CLOSED;
    enum hanse_status status = check_options(options, &key, err);
    if (status == HANSE_OK && hanse_node_owns(node, key.name))
        status = hanse_fail(err, HANSE_EXISTS, "feed \"%s\" is this node's own", key.name);
    if (status == HANSE_OK)
        status = hanse_node_lock(node, &lock, err);
    if (status == HANSE_OK)
        status = hanse_unfollow_finish(node, err);
    if (status != HANSE_OK)
        return status;
    HANSE_SCOPED_ROW struct hanse_feed_row row;
    status = hanse_feed_row_get(node, key.name, &row, err);
    bool is_new = status == HANSE_NOT_FOUND;
    if (status != HANSE_OK && !is_new)
        return status;
    if (is_new) {
        row.feed = (struct hanse_index_feed){.origin = key.name, .followed_unix_s = hanse_clock_unix_s()};
        memcpy(row.feed.key, key.material, sizeof row.feed.key);
    } else if (memcmp(row.feed.key, key.material, sizeof row.feed.key) != 0) {
        return hanse_fail(err, HANSE_EXISTS, "feed \"%s\" is followed already, with another key", key.name);
    }
    row.feed.url = options->url;
    row.feed.pin = options->pin;
    row.feed.cacert = options->cacert;
    row.feed.max_entries = options->max_entries;
    row.feed.max_bytes = options->max_bytes;
    row.feed.name = options->name != NULL ? options->name : row.feed.name;
    row.feed.etag = NULL;
    row.feed.remote_segment = NULL;
    row.feed.url_result = NULL;
    row.feed.url_message = NULL;
    status = hanse_index_feed_put(node->index, &row.feed, err);
    return status;
}
