/* SPDX-License-Identifier: Apache-2.0 */
/* The grammar of names, read from left to right; each helper moves the cursor past what it accepts. */
#include "feed/feed_name.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

enum {
    MAX_TILE_LEVEL = 63,
    MAX_TILE_GROUPS = 7, /* 2^63 / 256 has 17 digits */
    TILE_WIDTH = 256,
    GENERATION_DIGITS = 16
};

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

static bool skip_three_digits(struct hanse_bytes *rest, unsigned *value)
{
    if (rest->size < 3)
        return false;
    unsigned sum = 0;
    for (size_t i = 0; i < 3; i++) {
        if (rest->data[i] < '0' || rest->data[i] > '9')
            return false;
        sum = sum * 10 + (unsigned)(rest->data[i] - '0');
    }
    *value = sum;
    *rest = hanse_bytes_slice(*rest, 3, SIZE_MAX);
    return true;
}

/* "x001/x234/067": one spelling, so the first of several groups is not x000. */
static bool skip_tile_index(struct hanse_bytes *rest)
{
    unsigned value = 0;
    for (unsigned groups = 1; groups <= MAX_TILE_GROUPS; groups++) {
        bool more = skip_text(rest, "x");
        if (!skip_three_digits(rest, &value) || (more && groups == 1 && value == 0))
            return false;
        if (!more)
            return true;
        if (!skip_text(rest, "/"))
            return false;
    }
    return false;
}

static bool is_tile(struct hanse_bytes rest)
{
    uint64_t level = 0;
    uint64_t width = 0;
    if (!skip_text(&rest, "tile/"))
        return false;
    if (!skip_text(&rest, "entries") && (!skip_decimal(&rest, '/', &level) || level > MAX_TILE_LEVEL))
        return false;
    if (!skip_text(&rest, "/") || !skip_tile_index(&rest))
        return false;
    if (rest.size == 0)
        return true;
    return skip_text(&rest, ".p/") && skip_decimal(&rest, '/', &width) && width > 0 && width < TILE_WIDTH &&
           rest.size == 0;
}

static bool is_segment(struct hanse_bytes rest)
{
    uint64_t first_index = 0;
    uint8_t generation[GENERATION_DIGITS / 2];
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
