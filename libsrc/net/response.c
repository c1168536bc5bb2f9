/* SPDX-License-Identifier: Apache-2.0 */
#include "net/response.h"

#include <string.h>

#include <curl/curl.h>

#include "base/bytes.h"
#include "base/text.h"

enum { DATE_BYTES = 64 };

void hanse_printable_copy(struct hanse_bytes text, char *out, size_t out_size)
{
    size_t size = text.size < out_size ? text.size : out_size - 1;
    for (size_t i = 0; i < size; i++)
        out[i] = text.data[i] >= ' ' && text.data[i] < 0x7f ? (char)text.data[i] : '?';
    out[size] = '\0';
}

static uint8_t lower(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + ('a' - 'A')) : byte;
}

static bool equal_ignoring_case(struct hanse_bytes a, const char *text)
{
    if (a.size != strlen(text))
        return false;
    for (size_t i = 0; i < a.size; i++)
        if (lower(a.data[i]) != (uint8_t)text[i])
            return false;
    return true;
}

static bool is_space(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static struct hanse_bytes trim(struct hanse_bytes text)
{
    while (text.size > 0 && is_space(text.data[0]))
        text = hanse_bytes_slice(text, 1, SIZE_MAX);
    while (text.size > 0 && is_space(text.data[text.size - 1]))
        text.size--;
    return text;
}

/* "HTTP/1.1 206 Partial Content", "HTTP/2 206". */
static bool take_status_line(struct hanse_response *response, struct hanse_bytes line)
{
    if (line.size < 5 || memcmp(line.data, "HTTP/", 5) != 0)
        return false;
    *response =
        (struct hanse_response){.content_length = HANSE_SIZE_UNKNOWN, .range_total = HANSE_SIZE_UNKNOWN};
    size_t space = hanse_bytes_find(line, 0, ' ');
    response->framed = line.size > 5 && line.data[5] >= '2' && line.data[5] <= '9';
    struct hanse_bytes code = hanse_bytes_slice(line, space + 1, 3);
    uint64_t value = 0;
    if (code.size == 3 && hanse_decimal_decode(code, &value))
        response->status = (int)value;
    return true;
}

/* "bytes 5-9/10", "bytes 5-9/ *" or "bytes * /10" (without the spaces). */
static bool parse_range(struct hanse_response *response, struct hanse_bytes value)
{
    if (!equal_ignoring_case(hanse_bytes_slice(value, 0, 6), "bytes "))
        return false;
    value = hanse_bytes_slice(value, 6, SIZE_MAX);
    size_t slash = hanse_bytes_find(value, 0, '/');
    struct hanse_bytes range = hanse_bytes_slice(value, 0, slash);
    struct hanse_bytes total = hanse_bytes_slice(value, slash + 1, SIZE_MAX);
    if (!hanse_bytes_equal_text(total, "*") && !hanse_decimal_decode(total, &response->range_total))
        return false;
    if (hanse_bytes_equal_text(range, "*"))
        return true;
    size_t dash = hanse_bytes_find(range, 0, '-');
    response->has_range =
        hanse_decimal_decode(hanse_bytes_slice(range, 0, dash), &response->range_first) &&
        hanse_decimal_decode(hanse_bytes_slice(range, dash + 1, SIZE_MAX), &response->range_last) &&
        response->range_first <= response->range_last && response->range_last < response->range_total;
    return response->has_range;
}

static void take_range(struct hanse_response *response, struct hanse_bytes value)
{
    bool second = response->has_range || response->range_total != HANSE_SIZE_UNKNOWN;
    if (second || !parse_range(response, value))
        response->bad_range = true;
}

static void take_length(struct hanse_response *response, struct hanse_bytes value)
{
    if (hanse_decimal_decode(value, &response->content_length))
        response->framed = true;
}

static void take_date(struct hanse_response *response, struct hanse_bytes value)
{
    char text[DATE_BYTES];
    hanse_printable_copy(value, text, sizeof text);
    time_t date = curl_getdate(text, NULL);
    response->date_unix_s = date > 0 ? (uint64_t)date : 0;
}

void hanse_response_take_line(struct hanse_response *response, struct hanse_bytes line)
{
    if (take_status_line(response, line))
        return;
    size_t colon = hanse_bytes_find(line, 0, ':');
    struct hanse_bytes name = trim(hanse_bytes_slice(line, 0, colon));
    struct hanse_bytes value = trim(hanse_bytes_slice(line, colon + 1, SIZE_MAX));
    if (name.size == 0)
        response->complete = response->status >= 200;
    else if (equal_ignoring_case(name, "content-range"))
        take_range(response, value);
    else if (equal_ignoring_case(name, "content-length"))
        take_length(response, value);
    else if (equal_ignoring_case(name, "transfer-encoding"))
        response->framed = true;
    else if (equal_ignoring_case(name, "content-encoding"))
        response->encoded = !equal_ignoring_case(value, "identity");
    else if (equal_ignoring_case(name, "etag") && value.size < sizeof response->etag)
        hanse_printable_copy(value, response->etag, sizeof response->etag);
    else if (equal_ignoring_case(name, "date"))
        take_date(response, value);
    else if (equal_ignoring_case(name, "location"))
        hanse_printable_copy(value, response->location, sizeof response->location);
}
