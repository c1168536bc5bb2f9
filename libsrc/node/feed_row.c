/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of feeds with texts of their own: part of node_internal.h. */
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "node/feed_state.h"
#include "node/node_internal.h"

enum { ROW_ARENA_BYTES = 1 << 20 };

static bool copy_text(struct hanse_arena *arena, const char **text)
{
    if (*text == NULL)
        return true;
    *text = hanse_arena_copy(arena, hanse_bytes_of_text(*text));
    return *text != NULL;
}

enum hanse_status hanse_feed_row_copy(const struct hanse_index_feed *feed, struct hanse_feed_row *out,
                                      struct hanse_error *err)
{
    out->feed = *feed;
    out->erases = false;
    hanse_arena_init(&out->arena, ROW_ARENA_BYTES);
    const char **texts[] = {&out->feed.origin,
                            &out->feed.name,
                            &out->feed.url,
                            &out->feed.pin,
                            &out->feed.cacert,
                            &out->feed.etag,
                            &out->feed.remote_segment,
                            &out->feed.successor_origin,
                            &out->feed.last_result,
                            &out->feed.last_message,
                            &out->feed.url_result,
                            &out->feed.url_message};
    bool copied = true;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        copied = copied && copy_text(&out->arena, texts[i]);
    const char *state = hanse_arena_copy(&out->arena, feed->state);
    out->feed.state = hanse_bytes_of(state, feed->state.size);
    return copied && state != NULL ? HANSE_OK : hanse_fail_memory(err);
}

enum hanse_status hanse_feed_row_get(struct hanse_node *node, const char *origin_or_name,
                                     struct hanse_feed_row *out, struct hanse_error *err)
{
    *out = (struct hanse_feed_row){0};
    struct hanse_index_feed feed;
    enum hanse_status status = hanse_index_feed_get(node->index, origin_or_name, &feed, err);
    return status == HANSE_OK ? hanse_feed_row_copy(&feed, out, err) : status;
}

void hanse_feed_row_release(struct hanse_feed_row *row)
{
    hanse_arena_release(&row->arena);
}

enum hanse_status hanse_feed_row_state(const struct hanse_feed_row *row, struct hanse_feed_state *out,
                                       struct hanse_error *err)
{
    if (row->feed.state.size > 0)
        return hanse_feed_state_decode(row->feed.state, out, err);
    hanse_feed_state_init(out, row->feed.key);
    return HANSE_OK;
}

enum hanse_status hanse_feed_row_put(struct hanse_node *node, struct hanse_feed_row *row,
                                     const struct hanse_feed_state *state, struct hanse_error *err)
{
    struct hanse_buffer encoded __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&encoded, 8192);
    enum hanse_status status = hanse_feed_state_encode(state, &encoded, err);
    struct hanse_index_feed feed = row->feed;
    feed.size = state->frontier.size;
    feed.state = hanse_buffer_view(&encoded);
    if (status == HANSE_OK)
        memcpy(feed.key, state->key, sizeof feed.key);
    return status == HANSE_OK ? hanse_index_feed_put(node->index, &feed, err) : status;
}
