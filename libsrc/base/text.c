/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"

/* Length of the well-formed sequence at the start of `at` (RFC 3629 table), 0 if there is none. */
static size_t utf8_sequence(const uint8_t *at, size_t left)
{
    uint8_t lead = at[0];
    if (lead < 0x80)
        return 1;
    size_t length = lead >= 0xc2 && lead <= 0xdf   ? 2
                    : lead >= 0xe0 && lead <= 0xef ? 3
                    : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                   : 0;
    if (length == 0 || left < length)
        return 0;
    uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (at[1] < low || at[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

size_t hanse_utf8_check(struct hanse_bytes text)
{
    size_t at = 0;
    while (at < text.size) {
        uint64_t eight;
        if (text.size - at >= sizeof eight) {
            memcpy(&eight, text.data + at, sizeof eight);
            if ((eight & 0x8080808080808080u) == 0) {
                at += sizeof eight;
                continue;
            }
        }
        /* Most of what is not ASCII is Chinese or Japanese: three bytes, of which only the leads E0 and ED
         * have rules of their own. */
        while (text.size - at >= 3 && text.data[at] > 0xe0 && text.data[at] < 0xed &&
               (text.data[at + 1] & 0xc0) == 0x80 && (text.data[at + 2] & 0xc0) == 0x80)
            at += 3;
        if (at == text.size)
            break;
        size_t length = utf8_sequence(text.data + at, text.size - at);
        if (length == 0)
            return at;
        at += length;
    }
    return at;
}

void hanse_hex_encode(struct hanse_bytes bytes, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < bytes.size; i++) {
        out[2 * i] = digits[bytes.data[i] >> 4];
        out[2 * i + 1] = digits[bytes.data[i] & 15];
    }
    out[2 * bytes.size] = '\0';
}

static int hex_value(uint8_t c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hanse_hex_decode(struct hanse_bytes text, uint8_t *out, size_t out_size)
{
    if (text.size / 2 != out_size || text.size % 2 != 0)
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (hex_value(text.data[i]) < 0)
            return false;
    for (size_t i = 0; i < out_size; i++)
        out[i] = (uint8_t)(hex_value(text.data[2 * i]) << 4 | hex_value(text.data[2 * i + 1]));
    return true;
}

enum hanse_status hanse_base64_encode(struct hanse_bytes bytes, struct hanse_buffer *out,
                                      struct hanse_error *err)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    enum hanse_status status = hanse_buffer_reserve(out, (bytes.size + 2) / 3 * 4, err);
    if (status != HANSE_OK)
        return status;
    for (size_t i = 0; i < bytes.size; i += 3) {
        size_t here = bytes.size - i < 3 ? bytes.size - i : 3;
        uint32_t word = (uint32_t)bytes.data[i] << 16;
        word |= here > 1 ? (uint32_t)bytes.data[i + 1] << 8 : 0;
        word |= here > 2 ? bytes.data[i + 2] : 0;
        uint8_t *at = out->data + out->size;
        at[0] = (uint8_t)digits[word >> 18];
        at[1] = (uint8_t)digits[word >> 12 & 63];
        at[2] = (uint8_t)(here > 1 ? digits[word >> 6 & 63] : '=');
        at[3] = (uint8_t)(here > 2 ? digits[word & 63] : '=');
        out->size += 4;
    }
    return HANSE_OK;
}

static int base64_value(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Checks the whole text before anything is written; gives the number of padding characters. */
static enum hanse_status base64_check(struct hanse_bytes text, size_t *padding, struct hanse_error *err)
{
    if (text.size % 4 != 0)
        return hanse_fail_at(err, HANSE_MALFORMED, text.size, "base64 has %zu characters, no multiple of 4",
                             text.size);
    *padding = 0;
    while (*padding < 2 && *padding < text.size && text.data[text.size - 1 - *padding] == '=')
        (*padding)++;
    for (size_t i = 0; i < text.size - *padding; i++)
        if (base64_value(text.data[i]) < 0)
            return hanse_fail_at(err, HANSE_MALFORMED, i, "base64 has a character outside its alphabet");
    if (*padding > 0) {
        size_t last = text.size - 1 - *padding;
        int spare = base64_value(text.data[last]) & (*padding == 1 ? 3 : 15);
        if (spare != 0)
            return hanse_fail_at(err, HANSE_MALFORMED, last, "base64 has spare bits that are not zero");
    }
    return HANSE_OK;
}

enum hanse_status hanse_base64_decode(struct hanse_bytes text, struct hanse_buffer *out,
                                      struct hanse_error *err)
{
    size_t padding = 0;
    enum hanse_status status = base64_check(text, &padding, err);
    if (status == HANSE_OK)
        status = hanse_buffer_reserve(out, text.size / 4 * 3 - padding, err);
    if (status != HANSE_OK)
        return status;
    for (size_t i = 0; i < text.size; i += 4) {
        uint32_t word = 0;
        for (size_t k = 0; k < 4; k++)
            word = word << 6 | (text.data[i + k] == '=' ? 0 : (uint32_t)base64_value(text.data[i + k]));
        size_t here = i + 4 == text.size ? 3 - padding : 3;
        for (size_t k = 0; k < here; k++)
            out->data[out->size++] = (uint8_t)(word >> (16 - 8 * k));
    }
    return HANSE_OK;
}

bool hanse_decimal_decode(struct hanse_bytes text, uint64_t *out)
{
    if (text.size == 0 || (text.size > 1 && text.data[0] == '0'))
        return false;
    uint64_t value = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        if (__builtin_mul_overflow(value, 10u, &value) ||
            __builtin_add_overflow(value, (uint64_t)(text.data[i] - '0'), &value))
            return false;
    }
    *out = value;
    return true;
}

/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar (Hinnant, "chrono-compatible date
 * algorithms"), for year >= 0. */
static int64_t days_from_date(int64_t year, unsigned month, unsigned day)
{
    year -= month <= 2;
    int64_t era = year / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (int64_t)(month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static void date_from_days(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
    days += 719468;
    int64_t era = days / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    *day = (unsigned)(day_of_year - (153 * shifted + 2) / 5 + 1);
    *month = (unsigned)(shifted < 10 ? shifted + 3 : shifted - 9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

void hanse_time_encode(uint64_t unix_s, char out[21])
{
    const uint64_t last = 253402300799u; /* 9999-12-31T23:59:59Z */
    uint64_t time = unix_s > last ? last : unix_s;
    int64_t year;
    unsigned month;
    unsigned day;
    date_from_days((int64_t)(time / 86400), &year, &month, &day);
    unsigned second = (unsigned)(time % 86400);
    char text[64];
    (void)snprintf(text, sizeof text, "%04u-%02u-%02uT%02u:%02u:%02uZ", (unsigned)year, month, day,
                   second / 3600, second / 60 % 60, second % 60);
    memcpy(out, text, 20);
    out[20] = '\0';
}

static bool two_or_four_digits(const uint8_t *at, size_t count, unsigned *out)
{
    unsigned value = 0;
    for (size_t i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9')
            return false;
        value = value * 10 + (unsigned)(at[i] - '0');
    }
    *out = value;
    return true;
}

static bool decode_date(const uint8_t *at, int64_t *days)
{
    unsigned year;
    unsigned month;
    unsigned day;
    if (!two_or_four_digits(at, 4, &year) || at[4] != '-' || !two_or_four_digits(at + 5, 2, &month) ||
        at[7] != '-' || !two_or_four_digits(at + 8, 2, &day) || year < 1970 || month < 1 || month > 12 ||
        day < 1)
        return false;
    *days = days_from_date(year, month, day);
    int64_t back_year;
    unsigned back_month;
    unsigned back_day;
    date_from_days(*days, &back_year, &back_month, &back_day);
    return back_month == month && back_day == day;
}

bool hanse_time_decode(struct hanse_bytes text, uint64_t *out_unix_s)
{
    int64_t days;
    if ((text.size != 10 && text.size != 20) || !decode_date(text.data, &days))
        return false;
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;
    const uint8_t *at = text.data;
    if (text.size == 20 && (at[10] != 'T' || !two_or_four_digits(at + 11, 2, &hour) || at[13] != ':' ||
                            !two_or_four_digits(at + 14, 2, &minute) || at[16] != ':' ||
                            !two_or_four_digits(at + 17, 2, &second) || at[19] != 'Z' || hour > 23 ||
                            minute > 59 || second > 59))
        return false;
    *out_unix_s = (uint64_t)days * 86400 + hour * 3600 + minute * 60 + second;
    return true;
}

/* Levenshtein's, by rows. */
size_t hanse_text_distance(struct hanse_bytes a, struct hanse_bytes b)
{
    enum { MAX_LETTERS = 24 };
    size_t row[MAX_LETTERS + 1];
    if (a.size > MAX_LETTERS || b.size > MAX_LETTERS)
        return MAX_LETTERS;
    for (size_t j = 0; j <= b.size; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.size; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.size; j++) {
            size_t best = diagonal + (a.data[i - 1] != b.data[j - 1]);
            diagonal = row[j];
            best = row[j] + 1 < best ? row[j] + 1 : best;
            row[j] = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
        }
    }
    return row[b.size];
}
