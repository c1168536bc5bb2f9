/* SPDX-License-Identifier: Apache-2.0 */
/* What a client sends: URI, Range, If-None-Match, If-Range. Input: u8 bits of the file's size, then these
 * four texts, a line each. */
#include "fuzz.h"

#include "serve/conditions.h"
#include "serve/served_name.h"

#define TAG "\"5f3-19b76daa801\""

static void check_range(const char *header, uint64_t file_bytes)
{
    struct hanse_range range = {.first = 77};
    struct hanse_range again;
    char text[80];
    enum hanse_range_kind kind = hanse_range_of(header, file_bytes, &range);
    if (kind == HANSE_RANGE_WHOLE)
        FUZZ_CHECK(range.first == 0 && range.size == file_bytes);
    if (kind != HANSE_RANGE_PART)
        return;
    FUZZ_CHECK(range.size > 0 && range.size <= file_bytes && range.first <= file_bytes - range.size);
    (void)snprintf(text, sizeof text, "bytes=%llu-%llu", (unsigned long long)range.first,
                   (unsigned long long)(range.first + range.size - 1));
    FUZZ_CHECK(hanse_range_of(text, file_bytes, &again) == HANSE_RANGE_PART);
    FUZZ_CHECK(again.first == range.first && again.size == range.size);
}

static void check_tags(const char *none_match, const char *if_range)
{
    if (hanse_tag_listed(none_match, TAG))
        FUZZ_CHECK(strchr(none_match, '*') != NULL || strstr(none_match, TAG) != NULL);
    FUZZ_CHECK(hanse_range_condition_holds(if_range, TAG) == (strcmp(if_range, TAG) == 0));
}

static void check_uri(const char *uri)
{
    struct hanse_served_name served;
    if (!hanse_served_name_of(uri, &served))
        return;
    FUZZ_CHECK(uri[0] == '/' && served.kind != HANSE_FEED_NAME_NONE);
    FUZZ_CHECK(served.feed_hex.size == 0 || served.feed_hex.size == 64);
    FUZZ_CHECK(strlen(uri) == 1 + (served.feed_hex.size > 0 ? 65u : 0u) + strlen(served.name));
    FUZZ_CHECK(strstr(uri, "..") == NULL && strchr(uri, '%') == NULL && strstr(uri, "//") == NULL);
    FUZZ_CHECK(strstr(uri, "private") == NULL && strchr(uri, '?') == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    char *lines[4];
    struct hanse_bytes rest = hanse_bytes_of(data + 1, size - 1);
    for (size_t i = 0; i < 4; i++) {
        size_t end = hanse_bytes_find(rest, 0, '\n');
        lines[i] = fuzz_text(hanse_bytes_slice(rest, 0, end));
        rest = hanse_bytes_slice(rest, end + 1, rest.size);
    }
    check_uri(lines[0]);
    check_range(lines[1], UINT64_MAX >> (data[0] % 65) % 64);
    check_range(lines[1], data[0]);
    check_tags(lines[2], lines[3]);
    for (size_t i = 0; i < 4; i++)
        free(lines[i]);
    return 0;
}
