/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 for printing: strict decoding, widths by Unicode's East Asian Width, harmful controls. */
#include "utf8.h"

struct span {
    uint32_t first;
    uint32_t last;
};

static bool within(uint32_t scalar, const struct span *spans, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (scalar >= spans[i].first && scalar <= spans[i].last) {
            return true;
        }
    }
    return false;
}

size_t utf8_next(const char *text, uint32_t *out)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *bytes = (const unsigned char *)text;
    if (bytes[0] < 0x80) {
        *out = bytes[0];
        return 1;
    }
    size_t size = bytes[0] >= 0xF0 ? 4 : bytes[0] >= 0xE0 ? 3 : 2;
    if (bytes[0] < 0xC2 || bytes[0] > 0xF4) {
        return 0;
    }
    uint32_t scalar = bytes[0] & (0x7Fu >> size);
    for (size_t i = 1; i < size; i++) {
        /* The NUL at the end is no continuation: nothing past it is read. */
        if ((bytes[i] & 0xC0) != 0x80) {
            return 0;
        }
        scalar = scalar << 6 | (bytes[i] & 0x3Fu);
    }
    if (scalar < smallest[size] || scalar > 0x10FFFF || (scalar >= 0xD800 && scalar <= 0xDFFF)) {
        return 0;
    }
    *out = scalar;
    return size;
}

size_t utf8_columns(uint32_t scalar)
{
    static const struct span none[] = {{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x0610, 0x061A},
                                       {0x064B, 0x065F}, {0x0900, 0x0902}, {0x093C, 0x093C}, {0x0941, 0x0948},
                                       {0x094D, 0x094D}, {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E},
                                       {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200D}, {0x20D0, 0x20FF},
                                       {0x3099, 0x309A}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};
    static const struct span wide[] = {
        {0x1100, 0x115F}, {0x2E80, 0x303E}, {0x3041, 0x33FF},   {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},
        {0xA000, 0xA4CF}, {0xA960, 0xA97F}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},
        {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
    if (within(scalar, none, sizeof none / sizeof *none)) {
        return 0;
    }
    return within(scalar, wide, sizeof wide / sizeof *wide) ? 2 : 1;
}

bool utf8_steers(uint32_t scalar)
{
    static const struct span spans[] = {{0x00, 0x1F},     {0x7F, 0x9F},     {0x061C, 0x061C},
                                        {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069},
                                        {0xFEFF, 0xFEFF}};
    return within(scalar, spans, sizeof spans / sizeof *spans);
}
