/* SPDX-License-Identifier: Apache-2.0 */
/* Parsing by hand: the C library's parsers depend on the locale and go through floating point. */
#include "record/iati/value.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

enum {
    NANOS = 1000000000,
    NANOS_PER_MILLIONTH_PERCENT = 100000, /* 10^-9 percent in a millionth of the whole (10^-4 percent) */
    NANOS_PER_E7 = 100,
    E7 = 10000000
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Digits after the point as nanos; *out_dropped if digits past the ninth are not 0, *out_up if they are at
 * least one half. Gives what follows them. */
static const char *parse_fraction(const char *at, int64_t *out_nanos, bool *out_dropped, bool *out_up)
{
    int64_t nanos = 0;
    int64_t unit = NANOS / 10;
    *out_dropped = false;
    *out_up = false;
    for (bool first_past = true; is_digit(*at); at++) {
        if (unit > 0) {
            nanos += (*at - '0') * unit;
            unit /= 10;
            continue;
        }
        *out_up = first_past ? *at >= '5' : *out_up;
        *out_dropped = *out_dropped || *at != '0';
        first_past = false;
    }
    *out_nanos = nanos;
    return at;
}

bool hanse_iati_decimal_parse(const char *text, struct hanse_iati_decimal *out)
{
    const char *at = text;
    bool negative = *at == '-';
    if (*at == '-' || *at == '+')
        at++;
    const char *first = at;
    int64_t whole = 0;
    for (; is_digit(*at); at++)
        if (__builtin_mul_overflow(whole, 10, &whole) || __builtin_add_overflow(whole, *at - '0', &whole))
            return false;
    size_t digits = (size_t)(at - first);
    int64_t nanos = 0;
    bool dropped = false;
    bool up = false;
    if (*at == '.') {
        const char *fraction = at + 1;
        at = parse_fraction(fraction, &nanos, &dropped, &up);
        digits += (size_t)(at - fraction);
    }
    if (*at != '\0' || digits == 0)
        return false;
    if (up && ++nanos == NANOS) {
        nanos = 0;
        if (__builtin_add_overflow(whole, 1, &whole))
            return false;
    }
    int sign = negative ? -1 : 1;
    *out = (struct hanse_iati_decimal){sign * whole, (int32_t)(sign * nanos), dropped};
    return true;
}

bool hanse_iati_percentage_parse(const char *text, uint32_t *out_millionths, bool *out_rounded)
{
    struct hanse_iati_decimal decimal;
    if (!hanse_iati_decimal_parse(text, &decimal) || decimal.whole < 0 || decimal.nanos < 0 ||
        decimal.whole > 100 || (decimal.whole == 100 && decimal.nanos > 0))
        return false;
    int64_t rest = decimal.nanos % NANOS_PER_MILLIONTH_PERCENT;
    int64_t millionths = decimal.whole * (NANOS / NANOS_PER_MILLIONTH_PERCENT) +
                         decimal.nanos / NANOS_PER_MILLIONTH_PERCENT +
                         (rest >= NANOS_PER_MILLIONTH_PERCENT / 2 ? 1 : 0);
    *out_millionths = (uint32_t)millionths;
    *out_rounded = decimal.rounded || rest != 0;
    return true;
}

/* Exactly `count` digits; NULL if there are fewer. */
static const char *parse_digits(const char *at, unsigned count, unsigned *out)
{
    unsigned value = 0;
    for (unsigned i = 0; i < count; i++, at++) {
        if (!is_digit(*at))
            return NULL;
        value = value * 10 + (unsigned)(*at - '0');
    }
    *out = value;
    return at;
}

static const char *parse_literal(const char *at, char literal)
{
    return at != NULL && *at == literal ? at + 1 : NULL;
}

static unsigned days_of_month(unsigned year, unsigned month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

static const char *parse_day(const char *at, struct hanse_iati_date *out)
{
    struct hanse_iati_date date;
    at = parse_literal(parse_digits(at, 4, &date.year), '-');
    at = at != NULL ? parse_literal(parse_digits(at, 2, &date.month), '-') : NULL;
    at = at != NULL ? parse_digits(at, 2, &date.day) : NULL;
    if (at == NULL || date.year == 0 || date.month < 1 || date.month > 12 || date.day < 1 ||
        date.day > days_of_month(date.year, date.month))
        return NULL;
    *out = date;
    return at;
}

/* "hh:mm:ss" with a fraction, as seconds of the day. */
static const char *parse_clock(const char *at, int64_t *out_s)
{
    unsigned hour;
    unsigned minute;
    unsigned second;
    at = parse_literal(parse_digits(at, 2, &hour), ':');
    at = at != NULL ? parse_literal(parse_digits(at, 2, &minute), ':') : NULL;
    at = at != NULL ? parse_digits(at, 2, &second) : NULL;
    if (at == NULL || hour > 24 || minute > 59 || second > 60)
        return NULL;
    if (*at == '.')
        for (at++; is_digit(*at);)
            at++;
    *out_s = (int64_t)hour * 3600 + (int64_t)minute * 60 + (int64_t)second;
    return at;
}

/* "Z", "+hh:mm", "-hh:mm" or nothing, up to the end of the text, as seconds east of Greenwich. */
static bool parse_zone(const char *at, int64_t *out_s)
{
    *out_s = 0;
    if (*at == '\0' || strcmp(at, "Z") == 0)
        return true;
    int64_t sign = *at == '-' ? -1 : 1;
    unsigned hour;
    unsigned minute;
    if (*at != '-' && *at != '+')
        return false;
    at = parse_literal(parse_digits(at + 1, 2, &hour), ':');
    at = at != NULL ? parse_digits(at, 2, &minute) : NULL;
    if (at == NULL || *at != '\0' || hour > 14 || minute > 59)
        return false;
    *out_s = sign * ((int64_t)hour * 3600 + (int64_t)minute * 60);
    return true;
}

bool hanse_iati_date_parse(const char *text, struct hanse_iati_date *out)
{
    struct hanse_iati_date date;
    const char *at = parse_day(text, &date);
    int64_t dropped;
    if (at != NULL && *at == 'T')
        at = parse_clock(at + 1, &dropped);
    if (at == NULL || !parse_zone(at, &dropped))
        return false;
    *out = date;
    return true;
}

bool hanse_iati_time_parse(const char *text, uint64_t *out_unix_s)
{
    struct hanse_iati_date date;
    int64_t clock_s = 0;
    int64_t zone_s;
    const char *at = parse_day(text, &date);
    if (at != NULL && *at == 'T')
        at = parse_clock(at + 1, &clock_s);
    if (at == NULL || !parse_zone(at, &zone_s))
        return false;
    char day[sizeof "9999-12-31" + 30];
    (void)snprintf(day, sizeof day, "%04u-%02u-%02u", date.year, date.month, date.day);
    uint64_t midnight;
    if (!hanse_time_decode(hanse_bytes_of_text(day), &midnight))
        return false;
    int64_t unix_s = (int64_t)midnight + clock_s - zone_s;
    if (unix_s < 0)
        return false;
    *out_unix_s = (uint64_t)unix_s;
    return true;
}

bool hanse_iati_language_parse(const char *text, char out[HANSE_IATI_LANGUAGE_BYTES])
{
    size_t size = strlen(text);
    if (size >= HANSE_IATI_LANGUAGE_BYTES)
        return false;
    size_t first = strcspn(text, "-");
    if (first < 2)
        return false;
    for (size_t i = 0; i < first; i++)
        if (!is_letter(text[i]))
            return false;
    size_t subtag = 0;
    for (size_t i = 0; i <= size; i++) {
        bool end = text[i] == '-' || text[i] == '\0';
        if (end ? subtag == 0 || subtag > 8 : !is_letter(text[i]) && !is_digit(text[i]))
            return false;
        subtag = end ? 0 : subtag + 1;
    }
    memcpy(out, text, size + 1);
    for (size_t i = 0; i < first; i++)
        if (out[i] >= 'A' && out[i] <= 'Z')
            out[i] = (char)(out[i] - 'A' + 'a');
    return true;
}

static bool parse_e7(const char *text, size_t size, int64_t limit, int32_t *out)
{
    char number[64];
    struct hanse_iati_decimal degrees;
    if (size >= sizeof number)
        return false;
    memcpy(number, text, size);
    number[size] = '\0';
    if (!hanse_iati_decimal_parse(number, &degrees) || degrees.whole > limit || degrees.whole < -limit)
        return false;
    int64_t half = degrees.nanos < 0 ? -NANOS_PER_E7 / 2 : NANOS_PER_E7 / 2;
    int64_t e7 = degrees.whole * E7 + (degrees.nanos + half) / NANOS_PER_E7;
    if (e7 > limit * E7 || e7 < -limit * E7)
        return false;
    *out = (int32_t)e7;
    return true;
}

bool hanse_iati_point_parse(const char *text, int32_t *out_lat_e7, int32_t *out_lon_e7)
{
    static const char spaces[] = " \t\r\n";
    size_t first = strcspn(text, spaces);
    const char *second = text + first + strspn(text + first, spaces);
    int32_t lat;
    int32_t lon;
    if (!parse_e7(text, first, 90, &lat) || !parse_e7(second, strlen(second), 180, &lon))
        return false;
    *out_lat_e7 = lat;
    *out_lon_e7 = lon;
    return true;
}

bool hanse_iati_boolean_parse(const char *text, bool *out)
{
    bool yes = strcmp(text, "1") == 0 || strcmp(text, "true") == 0;
    if (!yes && strcmp(text, "0") != 0 && strcmp(text, "false") != 0)
        return false;
    *out = yes;
    return true;
}
