/* SPDX-License-Identifier: Apache-2.0 */
/* Names below a feed's URL, tiles among them: one spelling for one thing, and none that leaves the folder. */
#include "fuzz.h"

#include "feed/feed_name.h"
#include "log/tile.h"

static void check_tile(struct hanse_bytes input, enum hanse_feed_name_kind kind)
{
    struct hanse_tile tile;
    struct hanse_error err;
    char path[HANSE_TILE_PATH_BYTES];
    enum hanse_status status = hanse_tile_path_decode(input, &tile, &err);
    FUZZ_CHECK((status == HANSE_OK) == (kind == HANSE_FEED_NAME_TILE));
    if (status != HANSE_OK) {
        fuzz_check_failure(status, &err, input.size);
        return;
    }
    fuzz_must(hanse_tile_path_encode(&tile, path, &err));
    FUZZ_CHECK(hanse_bytes_equal_text(input, path));
}

static bool holds(struct hanse_bytes input, const char *text)
{
    struct hanse_bytes wanted = hanse_bytes_of_text(text);
    for (size_t i = 0; i + wanted.size <= input.size; i++)
        if (hanse_bytes_equal(hanse_bytes_slice(input, i, wanted.size), wanted))
            return true;
    return false;
}

static void check_harmless(struct hanse_bytes input)
{
    FUZZ_CHECK(input.size > 0 && input.size < HANSE_FEED_NAME_BYTES);
    FUZZ_CHECK(input.data[0] != '/' && input.data[input.size - 1] != '/');
    FUZZ_CHECK(!holds(input, "..") && !holds(input, "//") && !holds(input, "/./") && !holds(input, "%"));
    for (size_t i = 0; i < input.size; i++)
        FUZZ_CHECK(input.data[i] > ' ' && input.data[i] < 0x7f && input.data[i] != '\\');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hanse_bytes input = hanse_bytes_of(data, size);
    enum hanse_feed_name_kind kind = hanse_feed_name_kind_of(input);
    check_tile(input, kind);
    if (kind != HANSE_FEED_NAME_NONE)
        check_harmless(input);
    return 0;
}
