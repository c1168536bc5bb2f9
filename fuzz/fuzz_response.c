/* SPDX-License-Identifier: Apache-2.0 */
/* The headers of an HTTP answer, line by line, from a server that may be malicious. */
#include "fuzz.h"

#include "net/response.h"

static void check_printable(const char *text, size_t room)
{
    size_t size = strnlen(text, room);
    FUZZ_CHECK(size < room);
    for (size_t i = 0; i < size; i++)
        FUZZ_CHECK(text[i] >= ' ' && text[i] < 0x7f);
}

static void check_facts(const struct hanse_response *response)
{
    check_printable(response->etag, sizeof response->etag);
    check_printable(response->location, sizeof response->location);
    FUZZ_CHECK(response->status >= 0 && response->status <= 999);
    FUZZ_CHECK(!response->complete || response->status >= 200);
    if (response->has_range && !response->bad_range)
        FUZZ_CHECK(response->range_first <= response->range_last &&
                   response->range_last < response->range_total);
}

static void take_lines(struct hanse_response *response, struct hanse_bytes input)
{
    for (size_t at = 0; at < input.size;) {
        size_t end = hanse_bytes_find(input, at, '\n');
        hanse_response_take_line(response, hanse_bytes_slice(input, at, end + 1 - at));
        check_facts(response);
        at = end + 1;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hanse_bytes input = hanse_bytes_of(data, size);
    struct hanse_response first = {.content_length = HANSE_SIZE_UNKNOWN, .range_total = HANSE_SIZE_UNKNOWN};
    take_lines(&first, input);
    if (size < 5 || memcmp(data, "HTTP/", 5) != 0)
        return 0;
    /* Behind a first answer, such as 100 Continue, the second one is judged by its own headers alone. */
    struct hanse_response second = first;
    take_lines(&second, input);
    FUZZ_CHECK(first.status == second.status && first.complete == second.complete);
    FUZZ_CHECK(first.encoded == second.encoded && first.framed == second.framed);
    FUZZ_CHECK(first.bad_range == second.bad_range && first.has_range == second.has_range);
    FUZZ_CHECK(first.range_total == second.range_total && first.content_length == second.content_length);
    FUZZ_CHECK(strcmp(first.etag, second.etag) == 0 && strcmp(first.location, second.location) == 0);
    return 0;
}
