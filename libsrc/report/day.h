/* SPDX-License-Identifier: Apache-2.0 */
/* Days of the Gregorian calendar as one number: 0001-01-01 is 1, and 0 is no day. */
#ifndef HANSE_REPORT_DAY_H
#define HANSE_REPORT_DAY_H

#include <stdint.h>

/* A day after the last of its month counts as that last one: "in February" has no 31st. */
int32_t hanse_day_of(int year, int month, int day);
/* Of a number as hanse_rule_day gives it; 0 for 0. */
int32_t hanse_day_of_digits(int64_t yyyymmdd);
/* The day, in UTC. */
int32_t hanse_day_of_unix(uint64_t unix_s);
int hanse_day_year(int32_t day);
/* "2026-11-24"; "" for 0. */
void hanse_day_text(int32_t day, char out[16]);
/* The same day of the month so many months later, or before it. */
int32_t hanse_day_add_months(int32_t day, int months);
/* Whole months from one day to the next; 0 if there is none. */
int hanse_day_months(int32_t from, int32_t to);

#endif
