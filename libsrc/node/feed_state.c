/* SPDX-License-Identifier: Apache-2.0 */
#include "node/feed_state.h"

#include <string.h>

#include "base/bytes.h"
#include "base/error.h"

enum { STATE_VERSION = 1 };

enum hanse_status hanse_feed_state_encode(const struct hanse_feed_state *state, struct hanse_buffer *out,
                                          struct hanse_error *err)
{
    enum hanse_status status = hanse_buffer_append_u8(out, STATE_VERSION, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append(out, hanse_bytes_of(state->key, sizeof state->key), err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_be(out, state->key_index, 8, err);
    if (status == HANSE_OK)
        status =
            hanse_buffer_append(out, hanse_bytes_of(state->previous_key, sizeof state->previous_key), err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_be(out, state->successor_index, 8, err);
    return status == HANSE_OK ? hanse_frontier_encode(&state->frontier, out, err) : status;
}

enum hanse_status hanse_feed_state_decode(struct hanse_bytes bytes, struct hanse_feed_state *out,
                                          struct hanse_error *err)
{
    struct hanse_feed_state state = {0};
    struct hanse_reader reader = hanse_reader_of(bytes);
    uint8_t version = hanse_reader_u8(&reader);
    struct hanse_bytes key = hanse_reader_take(&reader, sizeof state.key);
    state.key_index = hanse_reader_u64_be(&reader);
    struct hanse_bytes previous = hanse_reader_take(&reader, sizeof state.previous_key);
    state.successor_index = hanse_reader_u64_be(&reader);
    if (reader.failed || version != STATE_VERSION)
        return hanse_fail_at(err, HANSE_MALFORMED, reader.position,
                             "feed state in the index is not readable");
    memcpy(state.key, key.data, key.size);
    memcpy(state.previous_key, previous.data, previous.size);
    struct hanse_bytes rest = hanse_reader_take(&reader, hanse_reader_left(&reader));
    enum hanse_status status = hanse_frontier_decode(rest, &state.frontier, err);
    if (status == HANSE_OK)
        *out = state;
    return status;
}
