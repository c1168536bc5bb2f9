/* SPDX-License-Identifier: Apache-2.0 */
/* Tile coordinates, their paths, and the arithmetic of which tiles exist. */
#include "log/tile.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"

enum { TILE_BITS = 8, MAX_LEVEL = 63, GROUP_DIGITS = 3, MAX_GROUPS = 7 };

static struct hanse_bytes take_text(struct hanse_reader *reader, const char *text)
{
    struct hanse_bytes expected = hanse_bytes_of_text(text);
    struct hanse_bytes next = hanse_bytes_slice(reader->bytes, reader->position, expected.size);
    if (!hanse_bytes_equal(next, expected))
        return hanse_bytes_of(NULL, 0);
    return hanse_reader_take(reader, expected.size);
}

/* Up to the next '/' or the end, which is what a number must be followed by here. */
static bool take_number(struct hanse_reader *reader, uint64_t maximum, uint64_t *out)
{
    size_t end = hanse_bytes_find(reader->bytes, reader->position, '/');
    struct hanse_bytes digits = hanse_reader_take(reader, end - reader->position);
    return hanse_decimal_decode(digits, out) && *out <= maximum;
}

static bool take_group(struct hanse_reader *reader, unsigned *out)
{
    struct hanse_bytes digits = hanse_reader_take(reader, GROUP_DIGITS);
    *out = 0;
    for (size_t i = 0; i < digits.size; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9')
            return false;
        *out = *out * 10 + (unsigned)(digits.data[i] - '0');
    }
    return digits.size == GROUP_DIGITS;
}

/* Groups of three digits, all but the last after an 'x'; the first is not 000 unless it is the only one. */
static bool take_index(struct hanse_reader *reader, uint64_t *out)
{
    uint64_t index = 0;
    for (unsigned groups = 0; groups < MAX_GROUPS; groups++) {
        bool more = take_text(reader, "x").size > 0;
        unsigned group;
        if (!take_group(reader, &group) || (more && groups == 0 && group == 0))
            return false;
        if (__builtin_mul_overflow(index, 1000u, &index) || __builtin_add_overflow(index, group, &index) ||
            index > INT64_MAX)
            return false;
        if (!more) {
            *out = index;
            return true;
        }
        if (take_text(reader, "/").size == 0)
            return false;
    }
    return false;
}

enum hanse_status hanse_tile_path_decode(struct hanse_bytes path, struct hanse_tile *out,
                                         struct hanse_error *err)
{
    struct hanse_reader reader = hanse_reader_of(path);
    struct hanse_tile tile = {.width = HANSE_TILE_WIDTH};
    uint64_t level = 0;
    uint64_t width = HANSE_TILE_WIDTH;
    bool ok = take_text(&reader, "tile/").size > 0;
    tile.is_bundle = ok && take_text(&reader, "entries").size > 0;
    ok = ok && (tile.is_bundle || take_number(&reader, MAX_LEVEL, &level));
    ok = ok && take_text(&reader, "/").size > 0 && take_index(&reader, &tile.index);
    if (ok && hanse_reader_left(&reader) > 0)
        ok = take_text(&reader, ".p/").size > 0 && take_number(&reader, HANSE_TILE_WIDTH - 1, &width) &&
             width > 0 && hanse_reader_done(&reader);
    if (!ok)
        return hanse_fail_at(err, HANSE_MALFORMED, reader.position, "\"%.*s\" is not the path of a tile",
                             (int)(path.size < HANSE_TILE_PATH_BYTES ? path.size : HANSE_TILE_PATH_BYTES),
                             (const char *)path.data);
    tile.level = (unsigned)level;
    tile.width = (unsigned)width;
    *out = tile;
    return HANSE_OK;
}

/* "x001/x234/067"; out has room for MAX_GROUPS groups of five characters. */
static void format_index(uint64_t index, char *out, size_t room)
{
    unsigned groups[MAX_GROUPS];
    unsigned count = 0;
    do {
        groups[count++] = (unsigned)(index % 1000);
        index /= 1000;
    } while (index > 0);
    size_t used = 0;
    while (count-- > 0)
        used += (size_t)snprintf(out + used, room - used, count > 0 ? "x%03u/" : "%03u", groups[count]);
}

enum hanse_status hanse_tile_path_encode(const struct hanse_tile *tile, char out[HANSE_TILE_PATH_BYTES],
                                         struct hanse_error *err)
{
    if (tile->level > MAX_LEVEL || tile->index > INT64_MAX || tile->width == 0 ||
        tile->width > HANSE_TILE_WIDTH)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "no tile has level %u and width %u", tile->level,
                          tile->width);
    char level[sizeof "entries"] = "entries";
    if (!tile->is_bundle)
        (void)snprintf(level, sizeof level, "%u", tile->level);
    char index[MAX_GROUPS * (GROUP_DIGITS + 2) + 1];
    format_index(tile->index, index, sizeof index);
    char partial[sizeof ".p/255"] = "";
    if (tile->width < HANSE_TILE_WIDTH)
        (void)snprintf(partial, sizeof partial, ".p/%u", tile->width & 0xff);
    (void)snprintf(out, HANSE_TILE_PATH_BYTES, "tile/%s/%s%s", level, index, partial);
    return HANSE_OK;
}

/* Number of hashes that a level of tiles holds. */
static uint64_t hashes_at(unsigned level, uint64_t size)
{
    return level < HANSE_TILE_LEVELS ? size >> (TILE_BITS * level) : 0;
}

unsigned hanse_tile_width(unsigned level, uint64_t index, uint64_t size)
{
    uint64_t hashes = hashes_at(level, size);
    uint64_t full = hashes / HANSE_TILE_WIDTH;
    if (index < full)
        return HANSE_TILE_WIDTH;
    return index == full ? (unsigned)(hashes % HANSE_TILE_WIDTH) : 0;
}

static enum hanse_status check_sizes(uint64_t old_size, uint64_t size, struct hanse_error *err)
{
    if (old_size > size || size > INT64_MAX)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "no tree grows from %" PRIu64 " to %" PRIu64, old_size,
                          size);
    return HANSE_OK;
}

/* The new tiles of one level, left to right: the first is the one that the old size left unfinished. */
static enum hanse_status list_level(bool is_bundle, unsigned level, uint64_t old_size, uint64_t size,
                                    hanse_tile_visit *visit, void *context, struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    if (hashes_at(level, old_size) == hashes_at(level, size))
        return status;
    uint64_t index = hashes_at(level, old_size) / HANSE_TILE_WIDTH;
    for (;; index++) {
        const struct hanse_tile tile = {is_bundle, level, index, hanse_tile_width(level, index, size)};
        if (tile.width > 0)
            status = visit(context, &tile, err);
        if (status != HANSE_OK || tile.width < HANSE_TILE_WIDTH)
            return status;
    }
}

enum hanse_status hanse_tile_list_new(uint64_t old_size, uint64_t size, hanse_tile_visit *visit,
                                      void *context, struct hanse_error *err)
{
    enum hanse_status status = check_sizes(old_size, size, err);
    if (status == HANSE_OK)
        status = list_level(true, 0, old_size, size, visit, context, err);
    for (unsigned level = 0; level < HANSE_TILE_LEVELS && status == HANSE_OK; level++)
        status = list_level(false, level, old_size, size, visit, context, err);
    return status;
}

static enum hanse_status list_if_completed(bool is_bundle, unsigned level, uint64_t old_size, uint64_t size,
                                           hanse_tile_visit *visit, void *context, struct hanse_error *err)
{
    uint64_t index = hashes_at(level, old_size) / HANSE_TILE_WIDTH;
    unsigned old_width = hanse_tile_width(level, index, old_size);
    unsigned width = hanse_tile_width(level, index, size);
    const struct hanse_tile tile = {is_bundle, level, index, width};
    return old_width > 0 && width == HANSE_TILE_WIDTH ? visit(context, &tile, err) : HANSE_OK;
}

enum hanse_status hanse_tile_list_completed(uint64_t old_size, uint64_t size, hanse_tile_visit *visit,
                                            void *context, struct hanse_error *err)
{
    enum hanse_status status = check_sizes(old_size, size, err);
    if (status == HANSE_OK)
        status = list_if_completed(true, 0, old_size, size, visit, context, err);
    for (unsigned level = 0; level < HANSE_TILE_LEVELS && status == HANSE_OK; level++)
        status = list_if_completed(false, level, old_size, size, visit, context, err);
    return status;
}
