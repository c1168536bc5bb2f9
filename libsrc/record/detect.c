/* SPDX-License-Identifier: Apache-2.0 */
/* Looks at the first byte that is not white space, and for tables at the first line. */
#include "record/detect.h"

#include <stdbool.h>
#include <string.h>

#include "base/error.h"

#define SUPPORTED                                                                                            \
    "IATI 2 activities in XML (starts with \"<\"), JSON Lines (each line starts with \"{\") and CSV"

const char *hanse_format_name(enum hanse_format format)
{
    static const char *const names[] = {"iati", "jsonl", "csv"};
    return names[format];
}

/* Whether the line at `at` is of printable text and has what separates columns. */
static bool is_header(struct hanse_bytes head, size_t at, bool is_utf16)
{
    bool has_separator = false;
    for (; at < head.size && head.data[at] != '\n' && head.data[at] != '\r'; at++) {
        uint8_t byte = head.data[at];
        has_separator |= byte == ',' || byte == ';' || byte == '\t';
        if (byte < ' ' && byte != '\t' && !(byte == 0 && is_utf16))
            return false;
    }
    return has_separator;
}

static size_t byte_order_mark(struct hanse_bytes head)
{
    if (head.size >= 3 && memcmp(head.data, "\xef\xbb\xbf", 3) == 0)
        return 3;
    if (head.size >= 2 && (memcmp(head.data, "\xff\xfe", 2) == 0 || memcmp(head.data, "\xfe\xff", 2) == 0))
        return 2;
    return 0;
}

enum hanse_status hanse_format_detect(struct hanse_bytes head, enum hanse_format *out,
                                      struct hanse_error *err)
{
    size_t mark = byte_order_mark(head);
    size_t at = mark;
    /* NUL is skipped as the other half of a UTF-16 character; a file of NULs has nothing after them. */
    while (at < head.size && memchr(" \t\r\n", head.data[at], 5) != NULL)
        at++;
    if (at == head.size)
        return hanse_fail_at(err, HANSE_UNSUPPORTED, at, "file has no content; supported are " SUPPORTED);
    uint8_t first = head.data[at];
    if (first == '<')
        *out = HANSE_FORMAT_IATI;
    else if (first == '{' && mark != 2)
        *out = HANSE_FORMAT_JSONL;
    else if (first == '{' || (first == 'P' && head.size - at >= 2 && head.data[at + 1] == 'K'))
        return hanse_fail_at(err, HANSE_UNSUPPORTED, at, "%s is not supported; supported are " SUPPORTED,
                             first == '{' ? "JSON in UTF-16" : "a zip archive or workbook");
    else if (first != '[' && is_header(head, at, mark == 2))
        *out = HANSE_FORMAT_CSV;
    else
        return hanse_fail_at(err, HANSE_UNSUPPORTED, at,
                             "format is not known by its first byte 0x%02x; supported are " SUPPORTED, first);
    return HANSE_OK;
}
