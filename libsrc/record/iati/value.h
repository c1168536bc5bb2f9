/* SPDX-License-Identifier: Apache-2.0 */
/* Values of XML Schema as IATI writes them: decimals, dates, languages, points. No floating point. */
#ifndef HANSE_RECORD_IATI_VALUE_H
#define HANSE_RECORD_IATI_VALUE_H

#include <stdbool.h>
#include <stdint.h>

/* whole + nanos / 10^9, both of one sign, as in google.type.Money. */
struct hanse_iati_decimal {
    int64_t whole;
    int32_t nanos;
    bool rounded; /* there were digits past the ninth decimal; half is rounded away from 0 */
};

/* xs:decimal: sign, digits, point; no exponent, no grouping. False if it is none or the whole part does not
 * fit 63 bits. */
bool hanse_iati_decimal_parse(const char *text, struct hanse_iati_decimal *out);

/* A percentage as millionths of the whole (100 gives 1,000,000); *out_rounded if that lost digits.
 * False if it is no decimal or not between 0 and 100. */
bool hanse_iati_percentage_parse(const char *text, uint32_t *out_millionths, bool *out_rounded);

struct hanse_iati_date {
    unsigned year;
    unsigned month;
    unsigned day;
};
/* xs:date of the years 1 to 9999 that exists in the calendar. A time zone is accepted and dropped, as is the
 * time of an xs:dateTime: IATI's dates are days. */
bool hanse_iati_date_parse(const char *text, struct hanse_iati_date *out);

/* xs:dateTime as seconds since 1970; fractions of a second are dropped, no time zone means UTC. */
bool hanse_iati_time_parse(const char *text, uint64_t *out_unix_s);

enum { HANSE_IATI_LANGUAGE_BYTES = 36 };
/* A language tag (RFC 5646: subtags of 1 to 8 letters and digits, the first 2 to 8 letters) with its first
 * subtag in lower case; false if it is none. */
bool hanse_iati_language_parse(const char *text, char out[HANSE_IATI_LANGUAGE_BYTES]);

/* "latitude longitude" in degrees as 10^-7 degrees, rounded to that. */
bool hanse_iati_point_parse(const char *text, int32_t *out_lat_e7, int32_t *out_lon_e7);

/* xs:boolean: "1", "true", "0", "false". */
bool hanse_iati_boolean_parse(const char *text, bool *out);

#endif
