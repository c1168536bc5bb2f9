/* SPDX-License-Identifier: Apache-2.0 */
/* The grammar of names, read from left to right; each helper moves the cursor past what it accepts. */
#include "feed/feed_name.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "log/tile.h"

enum { GENERATION_BYTES = 8 };

static bool skip_text(struct hanse_bytes *rest, const char *text)
{
    size_t size = strlen(text);
    if (!hanse_bytes_equal(hanse_bytes_slice(*rest, 0, size), hanse_bytes_of_text(text)))
        return false;
    *rest = hanse_bytes_slice(*rest, size, SIZE_MAX);
    return true;
}

/* A number up to the next `stop` or the end; `stop` itself stays. */
static bool skip_decimal(struct hanse_bytes *rest, uint8_t stop, uint64_t *value)
{
    size_t size = hanse_bytes_find(*rest, 0, stop);
    if (!hanse_decimal_decode(hanse_bytes_slice(*rest, 0, size), value))
        return false;
    *rest = hanse_bytes_slice(*rest, size, SIZE_MAX);
    return true;
}

static bool is_tile(struct hanse_bytes name)
{
    struct hanse_tile tile;
    return hanse_tile_path_decode(name, &tile, NULL) == HANSE_OK;
}

static bool is_segment(struct hanse_bytes rest)
{
    uint64_t first_index = 0;
    uint8_t generation[GENERATION_BYTES];
    return skip_text(&rest, "hanse/public/") && skip_decimal(&rest, '-', &first_index) &&
           first_index <= INT64_MAX && skip_text(&rest, "-") &&
           hanse_hex_decode(rest, generation, sizeof generation);
}

static bool is_key_change(struct hanse_bytes rest)
{
    uint64_t ordinal = 0;
    return skip_text(&rest, "hanse/key/") && hanse_decimal_decode(rest, &ordinal) && ordinal > 0;
}

enum hanse_feed_name_kind hanse_feed_name_kind_of(struct hanse_bytes name)
{
    if (hanse_bytes_equal_text(name, "checkpoint"))
        return HANSE_FEED_NAME_CHECKPOINT;
    if (hanse_bytes_equal_text(name, "hanse/manifest"))
        return HANSE_FEED_NAME_MANIFEST;
    if (is_segment(name))
        return HANSE_FEED_NAME_SEGMENT;
    if (is_tile(name))
        return HANSE_FEED_NAME_TILE;
    if (is_key_change(name))
        return HANSE_FEED_NAME_KEY_CHANGE;
    return HANSE_FEED_NAME_NONE;
}
