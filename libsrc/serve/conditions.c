/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/conditions.h"

#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/text.h"

static enum hanse_range_kind suffix_range(uint64_t suffix, uint64_t file_bytes, struct hanse_range *out)
{
    if (suffix == 0)
        return HANSE_RANGE_UNSATISFIABLE;
    if (file_bytes == 0)
        return HANSE_RANGE_WHOLE; /* satisfied, but no Content-Range can name it */
    uint64_t size = suffix < file_bytes ? suffix : file_bytes;
    *out = (struct hanse_range){.first = file_bytes - size, .size = size};
    return HANSE_RANGE_PART;
}

static enum hanse_range_kind plain_range(uint64_t first, uint64_t last, uint64_t file_bytes,
                                         struct hanse_range *out)
{
    if (first > last)
        return HANSE_RANGE_WHOLE;
    if (first >= file_bytes)
        return HANSE_RANGE_UNSATISFIABLE;
    uint64_t end = last < file_bytes ? last + 1 : file_bytes;
    *out = (struct hanse_range){.first = first, .size = end - first};
    return HANSE_RANGE_PART;
}

enum hanse_range_kind hanse_range_of(const char *header, uint64_t file_bytes, struct hanse_range *out)
{
    static const char unit[] = "bytes=";
    *out = (struct hanse_range){.first = 0, .size = file_bytes};
    if (header == NULL || strncasecmp(header, unit, sizeof unit - 1) != 0)
        return HANSE_RANGE_WHOLE;
    struct hanse_bytes spec = hanse_bytes_of_text(header + sizeof unit - 1);
    size_t dash = hanse_bytes_find(spec, 0, '-');
    if (dash == spec.size)
        return HANSE_RANGE_WHOLE;
    struct hanse_bytes left = hanse_bytes_slice(spec, 0, dash);
    struct hanse_bytes right = hanse_bytes_slice(spec, dash + 1, SIZE_MAX);
    uint64_t first = 0;
    uint64_t last = UINT64_MAX;
    bool has_first = hanse_decimal_decode(left, &first);
    bool has_last = hanse_decimal_decode(right, &last);
    if (left.size == 0 && has_last)
        return suffix_range(last, file_bytes, out);
    if (!has_first || (!has_last && right.size > 0))
        return HANSE_RANGE_WHOLE;
    return plain_range(first, last, file_bytes, out);
}

/* Skips spaces and commas between elements. */
static const char *skip_separators(const char *at)
{
    return at + strspn(at, " \t,");
}

bool hanse_tag_listed(const char *header, const char *tag)
{
    if (header == NULL)
        return false;
    size_t size = strlen(tag);
    const char *at = skip_separators(header);
    if (*at == '*')
        return true;
    while (*at != '\0') {
        if (at[0] == 'W' && at[1] == '/')
            at += 2;
        const char *close = *at == '"' ? strchr(at + 1, '"') : NULL;
        if (close == NULL)
            return false;
        if ((size_t)(close + 1 - at) == size && memcmp(at, tag, size) == 0)
            return true;
        at = skip_separators(close + 1);
    }
    return false;
}

bool hanse_range_condition_holds(const char *header, const char *tag)
{
    return header == NULL || strcmp(header, tag) == 0;
}
