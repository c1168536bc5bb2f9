/* SPDX-License-Identifier: Apache-2.0 */
#include "report/day.h"

#include <stdio.h>

enum { DAYS_TO_1970 = 719163, SECONDS_A_DAY = 86400, LAST_DAY = 3652059, MARCH = 3 };

struct civil {
    int year;
    int month;
    int day;
};

static int month_length(int year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return lengths[month - 1] + (month == 2 && is_leap ? 1 : 0);
}

/* Counted from the first of March, so that the leap day is the last of its year. */
static int32_t days_before(int year, int month)
{
    int years = month < MARCH ? year - 1 : year;
    int months = month < MARCH ? month + 12 - MARCH : month - MARCH;
    return 365 * years + years / 4 - years / 100 + years / 400 + (153 * months + 2) / 5 - 306;
}

static struct civil civil_of(int32_t day)
{
    struct civil civil = {.year = day / 366 + 1, .month = 12};
    while (days_before(civil.year + 1, 1) < day)
        civil.year++;
    while (days_before(civil.year, civil.month) >= day)
        civil.month--;
    civil.day = (int)(day - days_before(civil.year, civil.month));
    return civil;
}

int32_t hanse_day_of(int year, int month, int day)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
        return 0;
    int last = month_length(year, month);
    return days_before(year, month) + (day < last ? day : last);
}

int32_t hanse_day_of_digits(int64_t yyyymmdd)
{
    if (yyyymmdd <= 0 || yyyymmdd > 99991231)
        return 0;
    return hanse_day_of((int)(yyyymmdd / 10000), (int)(yyyymmdd / 100 % 100), (int)(yyyymmdd % 100));
}

int32_t hanse_day_of_unix(uint64_t unix_s)
{
    uint64_t days = unix_s / SECONDS_A_DAY + DAYS_TO_1970;
    return days < LAST_DAY ? (int32_t)days : LAST_DAY;
}

int hanse_day_year(int32_t day)
{
    return day > 0 ? civil_of(day).year : 0;
}

void hanse_day_text(int32_t day, char out[16])
{
    out[0] = '\0';
    if (day <= 0)
        return;
    struct civil civil = civil_of(day);
    (void)snprintf(out, 16, "%04d-%02d-%02d", civil.year % 10000, civil.month % 100, civil.day % 100);
}

int32_t hanse_day_add_months(int32_t day, int months)
{
    struct civil civil = civil_of(day);
    int count = civil.year * 12 + civil.month - 1 + months;
    return hanse_day_of(count / 12, count % 12 + 1, civil.day);
}

int hanse_day_months(int32_t from, int32_t to)
{
    if (from <= 0 || to <= from)
        return 0;
    struct civil a = civil_of(from);
    struct civil b = civil_of(to);
    return (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day ? 1 : 0);
}
