/* SPDX-License-Identifier: Apache-2.0 */
/* Dates and amounts in the forms that tables have them. */
#include "anomaly.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "record/cell.h"

/* The parts as "year=2026 month=11"; "-" if the text is refused. */
static const char *shown(enum hanse_status status, const struct hanse_cell_parts *parts,
                         const struct hanse_error *err)
{
    static char text[128];
    if (status != HANSE_OK) {
        assert_int_equal(status, HANSE_INVALID_ARGUMENT);
        assert_int_equal(err->status, HANSE_INVALID_ARGUMENT);
        assert_int_equal(parts->count, 77);
        return "-";
    }
    text[0] = '\0';
    for (size_t i = 0; i < parts->count; i++) {
        size_t used = strlen(text);
        (void)snprintf(text + used, sizeof text - used, "%s%s=%s", i > 0 ? " " : "", parts->items[i].field,
                       parts->items[i].text);
    }
    return text;
}

static void check_date(const char *text, const char *form, const char *expected)
{
    struct hanse_cell_parts parts = {.count = 77};
    struct hanse_error err = {0};
    enum hanse_status status = hanse_cell_read_date(hanse_bytes_of_text(text), form, &parts, &err);
    assert_string_equal(shown(status, &parts, &err), expected);
    if (status != HANSE_OK)
        assert_non_null(strstr(err.message, form != NULL ? form : "YYYY-MM-DD"));
}

static void dates(void **state)
{
    (void)state;
    check_date("2026-11-24", NULL, "year=2026 month=11 day=24");
    check_date("2026-01", NULL, "year=2026 month=1");
    check_date("2026", NULL, "year=2026");
    check_date("2026-1-2", NULL, "year=2026 month=1 day=2");
    check_date("24.11.2026", "DD.MM.YYYY", "day=24 month=11 year=2026");
    check_date("1.2.2026", "DD.MM.YYYY", "day=1 month=2 year=2026");
    check_date("2026/11/24", "YYYY/MM/DD", "year=2026 month=11 day=24");
    check_date("20261124", "YYYY/MM/DD", "-");
    check_date("24.11.2026", NULL, "-");
    check_date("2026-11-24", "DD.MM.YYYY", "-");
    check_date("2026-11-24 ", NULL, "-");
    check_date("2026-11-24T00:00:00Z", NULL, "-");
    check_date("2026-11-", NULL, "-");
    check_date("2026-00-01", NULL, "-");
    check_date("26-11-24", NULL, "-");
    check_date("02026", NULL, "-");
    check_date("", NULL, "-");
    check_date("soon", NULL, "-");
}

static void forms_of_dates(void **state)
{
    (void)state;
    static const char *const good[] = {"YYYY-MM-DD", "DD.MM.YYYY", "MM/DD/YYYY",
                                       "MM/YYYY",    "YYYY",       "YYYY MM"};
    static const char *const bad[] = {"",           "YY-MM-DD",   "DD.YYYY", "YYYYMMDD", "YYYY-MM-DDT",
                                      "YYYY.YYYY",  "yyyy-mm-dd", "MM",      "YYYYY",    "YYYY-M-D",
                                      "YYYY-MM-MM", "1YYYY"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!hanse_cell_is_date_form(good[i]))
            fail_msg("%s is refused", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (hanse_cell_is_date_form(bad[i]))
            fail_msg("%s is taken", bad[i]);
}

static void check_money(const char *text, const char *expected)
{
    struct hanse_cell_parts parts = {.count = 77};
    struct hanse_error err = {0};
    enum hanse_status status = hanse_cell_read_money(hanse_bytes_of_text(text), &parts, &err);
    assert_string_equal(shown(status, &parts, &err), expected);
}

static void amounts(void **state)
{
    (void)state;
    check_money("0", "units=0");
    check_money("1250", "units=1250");
    check_money("-1250", "units=-1250");
    check_money("1250.5", "units=1250 nanos=500000000");
    check_money("1250,50", "units=1250 nanos=500000000");
    check_money("-0.05", "units=0 nanos=-50000000");
    check_money("-3.000000001", "units=-3 nanos=-1");
    check_money("1.00", "units=1");
    check_money("999999999999999999", "units=999999999999999999");
    check_money("1000000000000000000", "-");
    check_money("1.250", "-"); /* a thousand or a little more than one */
    check_money("1,250", "-");
    check_money("1,250.00", "-");
    check_money("1.", "-");
    check_money(".5", "-");
    check_money("-", "-");
    check_money("--1", "-");
    check_money("+1", "-");
    check_money("1 250", "-");
    check_money("EUR 12", "-");
    check_money("1.0000000001", "-");
    check_money("", "-");
}

static void white_space_around_is_nothing(void **state)
{
    (void)state;
    assert_true(hanse_bytes_equal_text(hanse_cell_trim(hanse_bytes_of_text(" \ta b\r\n ")), "a b"));
    assert_int_equal(hanse_cell_trim(hanse_bytes_of_text(" \t ")).size, 0);
    assert_int_equal(hanse_cell_trim(hanse_bytes_of(NULL, 0)).size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates),
        cmocka_unit_test(forms_of_dates),
        cmocka_unit_test(amounts),
        cmocka_unit_test(white_space_around_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
