/* SPDX-License-Identifier: Apache-2.0 */
/* Records through their public API: kinds, values by path, bytes, the cursor; and nothing changes on failure.
 */
#include "anomaly.h"

#include <stdlib.h>
#include <string.h>

#include <hanse/record.h>

#include "base/bytes.h"
#include "base/limits.h"

#define BYTES(literal) hanse_bytes_of(literal, sizeof(literal) - 1)

static struct hanse_record *new_project(void)
{
    struct hanse_record *record = NULL;
    assert_int_equal(hanse_record_new("Project", &record, NULL), HANSE_OK);
    return record;
}

static void set(struct hanse_record *record, const char *path, const char *value)
{
    struct hanse_error err = {0};
    if (hanse_record_set(record, path, value, &err) != HANSE_OK)
        fail_msg("%s", err.message);
}

static void assert_value(const struct hanse_record *record, const char *path, const char *expected)
{
    char *value = NULL;
    assert_int_equal(hanse_record_get(record, path, &value, NULL), HANSE_OK);
    assert_string_equal(value, expected);
    hanse_free(value);
}

static struct hanse_bytes bytes_of(struct hanse_record *record)
{
    struct hanse_bytes bytes = {0};
    assert_int_equal(hanse_record_bytes(record, &bytes, NULL), HANSE_OK);
    return bytes;
}

static size_t count(const struct hanse_record *record, const char *path)
{
    size_t number = SIZE_MAX;
    assert_int_equal(hanse_record_count(record, path, &number, NULL), HANSE_OK);
    return number;
}

static void kinds_have_names_and_numbers(void **state)
{
    (void)state;
    assert_int_equal(hanse_kind_number("Project"), 26);
    assert_int_equal(hanse_kind_number("localgovernment"), 17);
    assert_int_equal(hanse_kind_number("RecordHeader"), 0);
    assert_int_equal(hanse_kind_number(""), 0);
    assert_string_equal(hanse_kind_name(16), "FeedProfile");
    assert_null(hanse_kind_name(1));
    assert_null(hanse_kind_name(15));
    assert_null(hanse_kind_name(2000));
    struct hanse_record *record = new_project();
    assert_string_equal(hanse_record_kind(record), "Project");
    assert_int_equal(hanse_record_kind_number(record), 26);
    hanse_record_free(record);
    struct hanse_record *none = NULL;
    struct hanse_error err;
    assert_failure(hanse_record_new("Projekt", &none, &err), err, HANSE_NOT_FOUND, HANSE_NO_OFFSET);
    assert_null(none);
    hanse_record_free(NULL);
}

static void values_of_every_type_are_set_and_got(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"project.title[language=ja].text", "市"},
        {"project.status", "PROJECT_STATUS_CLOSED"},
        {"project.transactions[+].value.units", "-9223372036854775808"},
        {"project.transactions[-].value.nanos", "-2147483648"},
        {"project.conditions_attached", "false"},
        {"project.locations[+].point.latE7", "-338000000"},
        {"project.sectors[+].shareMillionths", "0"},
        {"project.documents[+].sha256", "AAEC/w=="},
        {"header.created_unix_s", "18446744073709551615"},
        {"header.identifiers[+].primary", "true"},
        {"project.dates[type=PROJECT_DATE_TYPE_ACTUAL_START].date.year", "2019"},
    };
    static const char *const read_back[] = {
        "project.title[0].text",
        "project.status",
        "project.transactions[0].value.units",
        "project.transactions[0].value.nanos",
        "project.conditionsAttached",
        "project.locations[0].point.lat_e7",
        "project.sectors[-].share_millionths",
        "project.documents[0].sha256",
        "header.createdUnixS",
        "header.identifiers[0].primary",
        "project.dates[type=2].date.year",
    };
    struct hanse_record *record = new_project();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        set(record, cases[i][0], cases[i][1]);
    struct hanse_record *again = NULL;
    assert_int_equal(hanse_record_from_bytes(bytes_of(record), &again, NULL), HANSE_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_value(record, read_back[i], cases[i][1]);
        assert_value(again, read_back[i], cases[i][1]);
    }
    assert_value(record, "project.title[0].language", "ja");
    assert_value(record, "project.dates[0].type", "PROJECT_DATE_TYPE_ACTUAL_START");
    hanse_record_free(again);
    hanse_record_free(record);
}

static void an_enum_takes_numbers_and_shows_those_without_name(void **state)
{
    (void)state;
    struct hanse_record *record = new_project();
    set(record, "project.status", "2");
    assert_value(record, "project.status", "PROJECT_STATUS_IMPLEMENTATION");
    hanse_record_free(record);
    struct hanse_bytes newer = BYTES("{\"project\": {\"status\": 77}}");
    assert_int_equal(hanse_record_from_json(newer, &record, NULL), HANSE_OK);
    assert_value(record, "project.status", "77");
    hanse_record_free(record);
}

static void setting_zero_unsets_what_has_no_presence(void **state)
{
    (void)state;
    struct hanse_record *record = new_project();
    set(record, "header.licence", "CC-BY-4.0");
    set(record, "header.licence", "");
    set(record, "header.createdUnixS", "0");
    assert_int_equal(count(record, "header.licence"), 0);
    char *kept = NULL;
    struct hanse_error err;
    assert_failure(hanse_record_get(record, "header.createdUnixS", &kept, &err), err, HANSE_NOT_FOUND,
                   HANSE_NO_OFFSET);
    assert_null(kept);
    hanse_record_free(record);
}

static void what_cannot_be_set_changes_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *value;
        enum hanse_status status;
    } cases[] = {
        {"project.status", "OPEN", HANSE_INVALID_ARGUMENT},
        {"project.status", "2147483648", HANSE_INVALID_ARGUMENT},
        {"project.status", "99", HANSE_INVALID_ARGUMENT},
        {"project.dates[+].date.month", "13", HANSE_INVALID_ARGUMENT},
        {"project.dates[+].date.day", "32", HANSE_INVALID_ARGUMENT},
        {"project.dates[+].date", "2026-13-01", HANSE_INVALID_ARGUMENT},
        {"project.dates[+].date", "24.11.2026", HANSE_INVALID_ARGUMENT},
        {"project.transactions[+].value", "12x", HANSE_INVALID_ARGUMENT},
        {"project.status", "", HANSE_INVALID_ARGUMENT},
        {"project.title", "x", HANSE_INVALID_ARGUMENT},
        {"project.title[0]", "x", HANSE_INVALID_ARGUMENT},
        {"project.title[7].text", "x", HANSE_NOT_FOUND},
        {"project.budgets[-].value.units", "1", HANSE_NOT_FOUND},
        {"project.results[+].indicators[0].unit", "t", HANSE_NOT_FOUND},
        {"project.title[+].text", "\xff", HANSE_INVALID_ARGUMENT},
        {"project.title[language=\xff].text", "x", HANSE_INVALID_ARGUMENT},
        {"project.transactions[+].value.units", "1.5", HANSE_INVALID_ARGUMENT},
        {"project.transactions[+].value.units", "9223372036854775808", HANSE_INVALID_ARGUMENT},
        {"project.transactions[+].value.units", "-9223372036854775809", HANSE_INVALID_ARGUMENT},
        {"project.transactions[+].value.units", "+1", HANSE_INVALID_ARGUMENT},
        {"project.transactions[+].value.units", " 1", HANSE_INVALID_ARGUMENT},
        {"project.transactions[+].value.units", "-0", HANSE_INVALID_ARGUMENT},
        {"project.transactions[+].value.nanos", "2147483648", HANSE_INVALID_ARGUMENT},
        {"project.sectors[+].shareMillionths", "4294967296", HANSE_INVALID_ARGUMENT},
        {"project.sectors[+].shareMillionths", "-1", HANSE_INVALID_ARGUMENT},
        {"header.createdUnixS", "18446744073709551616", HANSE_INVALID_ARGUMENT},
        {"header.identifiers[+].primary", "yes", HANSE_INVALID_ARGUMENT},
        {"project.documents[+].sha256", "AAE", HANSE_INVALID_ARGUMENT},
        {"organisation.acronym", "x", HANSE_INVALID_ARGUMENT},
        {"header.languages", "ja", HANSE_INVALID_ARGUMENT},
        {"header.languages[1]", "ja", HANSE_NOT_FOUND},
    };
    struct hanse_record *record = NULL;
    /* With its header's length in two bytes: received bytes that no serialization gives. */
    struct hanse_bytes received = BYTES("\x0a\x84\x00\x2a\x02ja\xd2\x01\x00");
    assert_int_equal(hanse_record_from_bytes(received, &record, NULL), HANSE_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hanse_error err = {0};
        assert_int_equal(hanse_record_set(record, cases[i].path, cases[i].value, &err), cases[i].status);
        assert_int_equal(err.status, cases[i].status);
        assert_true(hanse_bytes_equal(bytes_of(record), received));
    }
    struct hanse_error err;
    assert_failure(hanse_record_add(record, "header.licence", &err), err, HANSE_INVALID_ARGUMENT, 7);
    assert_failure(hanse_record_add(record, "organisation", &err), err, HANSE_INVALID_ARGUMENT, 0);
    assert_failure(hanse_record_add(record, "project.budgets", &err), err, HANSE_INVALID_ARGUMENT, 8);
    assert_failure(hanse_record_clear(record, "project", &err), err, HANSE_INVALID_ARGUMENT, 0);
    assert_failure(hanse_record_clear(record, "project.title[+]", &err), err, HANSE_INVALID_ARGUMENT, 8);
    assert_failure(hanse_record_clear(record, "project.title", &err), err, HANSE_NOT_FOUND, HANSE_NO_OFFSET);
    assert_failure(hanse_record_clear(record, "header.licence", &err), err, HANSE_NOT_FOUND, HANSE_NO_OFFSET);
    char *kept = NULL;
    assert_failure(hanse_record_get(record, "header", &kept, &err), err, HANSE_INVALID_ARGUMENT, 0);
    assert_failure(hanse_record_get(record, "header.languages", &kept, &err), err, HANSE_INVALID_ARGUMENT, 7);
    assert_failure(hanse_record_get(record, "organisation.acronym", &kept, &err), err, HANSE_NOT_FOUND,
                   HANSE_NO_OFFSET);
    assert_null(kept);
    assert_true(hanse_bytes_equal(bytes_of(record), received));
    /* Adding a message that is there is no change either. */
    assert_int_equal(hanse_record_add(record, "header", NULL), HANSE_OK);
    assert_true(hanse_bytes_equal(bytes_of(record), received));
    hanse_record_free(record);
}

static void numbers_may_begin_with_zeros(void **state)
{
    (void)state;
    struct hanse_record *record = new_project();
    set(record, "project.dates[+].date.month", "03");
    assert_value(record, "project.dates[0].date.month", "3");
    set(record, "project.transactions[+].value.units", "-0012");
    assert_value(record, "project.transactions[0].value.units", "-12");
    set(record, "project.transactions[0].value.units", "000");
    struct hanse_error err;
    assert_int_equal(hanse_record_set(record, "project.dates[0].date.month", "13", &err),
                     HANSE_INVALID_ARGUMENT);
    assert_non_null(strstr(err.message, "from 1 to 12"));
    hanse_record_free(record);
}

static void dates_and_amounts_are_set_as_people_write_them(void **state)
{
    (void)state;
    struct hanse_record *record = new_project();
    set(record, "project.dates[+].date", "2026-11-24");
    assert_value(record, "project.dates[0].date.year", "2026");
    assert_value(record, "project.dates[0].date.month", "11");
    assert_value(record, "project.dates[0].date.day", "24");
    set(record, "project.dates[0].date", "2027");
    assert_value(record, "project.dates[0].date.year", "2027");
    char *left = NULL;
    assert_int_equal(hanse_record_get(record, "project.dates[0].date.month", &left, NULL), HANSE_NOT_FOUND);
    set(record, "project.transactions[+].value.currency", "EUR");
    set(record, "project.transactions[0].value", "-1250.50");
    assert_value(record, "project.transactions[0].value.units", "-1250");
    assert_value(record, "project.transactions[0].value.nanos", "-500000000");
    assert_value(record, "project.transactions[0].value.currency", "EUR");
    set(record, "project.transactions[0].value", "7");
    assert_int_equal(hanse_record_get(record, "project.transactions[0].value.nanos", &left, NULL),
                     HANSE_NOT_FOUND);
    set(record, "project.transactions[+].value", "8");
    assert_int_equal(count(record, "project.transactions"), 2);
    hanse_record_free(record);
}

static void a_wrong_name_is_answered_with_near_ones(void **state)
{
    (void)state;
    struct hanse_record *record = new_project();
    struct hanse_error err;
    assert_int_equal(hanse_record_set(record, "project.titel[0].text", "x", &err), HANSE_INVALID_ARGUMENT);
    assert_non_null(strstr(err.message, "has no field \"titel\"; did you mean title"));
    assert_int_equal(hanse_record_set(record, "project.nothingLikeIt", "x", &err), HANSE_INVALID_ARGUMENT);
    assert_non_null(strstr(err.message, "which docs/records.md lists"));
    assert_int_equal(hanse_record_set(record, "project.title[0].wort", "x", &err), HANSE_INVALID_ARGUMENT);
    assert_non_null(strstr(err.message, "it has "));
    hanse_record_free(record);
}

static void elements_are_added_counted_and_cleared(void **state)
{
    (void)state;
    struct hanse_record *record = new_project();
    assert_int_equal(count(record, "project.budgets"), 0);
    assert_int_equal(count(record, "header.identifiers[0].scheme"), 0);
    assert_int_equal(hanse_record_add(record, "project.budgets[+].value", NULL), HANSE_OK);
    assert_int_equal(hanse_record_add(record, "project.budgets[+]", NULL), HANSE_OK);
    set(record, "project.budgets[-].value.currency", "JPY");
    assert_int_equal(count(record, "project.budgets"), 2);
    assert_int_equal(count(record, "project.budgets[0].value"), 1);
    assert_int_equal(count(record, "project.budgets[1]"), 1);
    assert_int_equal(count(record, "project.budgets[2]"), 0);
    assert_int_equal(hanse_record_clear(record, "project.budgets[0]", NULL), HANSE_OK);
    assert_value(record, "project.budgets[0].value.currency", "JPY");
    assert_int_equal(hanse_record_clear(record, "project.budgets", NULL), HANSE_OK);
    assert_int_equal(count(record, "project.budgets"), 0);
    set(record, "project.conditionsAttached", "true");
    assert_int_equal(hanse_record_clear(record, "project.conditionsAttached", NULL), HANSE_OK);
    assert_int_equal(count(record, "project.conditionsAttached"), 0);
    /* Nothing is left but the empty body. */
    assert_true(hanse_bytes_equal(bytes_of(record), BYTES("\xd2\x01\x00")));
    hanse_record_free(record);
}

static void a_selector_by_value_makes_the_element_once(void **state)
{
    (void)state;
    struct hanse_record *record = new_project();
    set(record, "header.identifiers[scheme=UNLOCODE].value", "JPKKJ");
    set(record, "header.identifiers[scheme=IATI-ACT].value", "XM-1");
    set(record, "header.identifiers[scheme=UNLOCODE].value", "IDSUB");
    assert_int_equal(count(record, "header.identifiers"), 2);
    assert_value(record, "header.identifiers[0].value", "IDSUB");
    hanse_record_free(record);
}

static void many_elements_are_appended(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    struct hanse_record *record = new_project();
    for (size_t i = 0; i < COUNT; i++) {
        set(record, "project.budgets[+].status", "1");
        set(record, "project.budgets[-].type", "2");
    }
    assert_int_equal(count(record, "project.budgets"), COUNT);
    assert_value(record, "project.budgets[19999].type", "BUDGET_TYPE_REVISED");
    hanse_record_free(record);
}

static void received_bytes_are_kept_verbatim_and_serialized_after_a_change(void **state)
{
    (void)state;
    struct hanse_record *record = NULL;
    struct hanse_bytes received = BYTES("\x4a\x02hi\xd2\x01\x80\x00\x0a\x00");
    assert_int_equal(hanse_record_from_bytes(received, &record, NULL), HANSE_OK);
    assert_true(hanse_bytes_equal(bytes_of(record), received));
    set(record, "header.licence", "MIT");
    assert_true(hanse_bytes_equal(bytes_of(record), BYTES("\x0a\x05\x22\x03MIT\xd2\x01\x00\x4a\x02hi")));
    assert_int_equal(hanse_record_clear(record, "header", NULL), HANSE_OK);
    assert_true(hanse_bytes_equal(bytes_of(record), BYTES("\xd2\x01\x00\x4a\x02hi")));
    hanse_record_free(record);
}

static void unknown_fields_within_survive_a_change(void **state)
{
    (void)state;
    /* project.status, and field 500 of Project, of a participant and of its actor, as a newer version has
     * them. */
    struct hanse_bytes received =
        BYTES("\xd2\x01\x14\x18\x01\x32\x0d\x0a\x08\x0a\x01x\xa2\x1f\x02hi\xa0\x1f\x07"
              "\xa0\x1f\x09");
    struct hanse_record *record = NULL;
    assert_int_equal(hanse_record_from_bytes(received, &record, NULL), HANSE_OK);
    set(record, "project.status", "2");
    assert_true(hanse_bytes_equal(
        bytes_of(record),
        BYTES("\xd2\x01\x14\x18\x02\x32\x0d\x0a\x08\x0a\x01x\xa2\x1f\x02hi\xa0\x1f\x07\xa0\x1f\x09")));
    set(record, "project.participants[0].actor.id", "yz");
    assert_true(hanse_bytes_equal(
        bytes_of(record),
        BYTES("\xd2\x01\x15\x18\x02\x32\x0e\x0a\x09\x0a\x02yz\xa2\x1f\x02hi\xa0\x1f\x07\xa0\x1f\x09")));
    hanse_record_free(record);
}

static void unknown_kinds_are_kept(void **state)
{
    (void)state;
    struct hanse_record *record = NULL;
    struct hanse_bytes received = BYTES("\x0a\x00\x82\x7d\x03\x0a\x01x");
    assert_int_equal(hanse_record_from_bytes(received, &record, NULL), HANSE_OK);
    assert_string_equal(hanse_record_kind(record), "Unknown");
    assert_int_equal(hanse_record_kind_number(record), 2000);
    assert_int_equal(hanse_record_validate(record, NULL, NULL, NULL), HANSE_OK);
    set(record, "header.licence", "MIT");
    assert_true(hanse_bytes_equal(bytes_of(record), BYTES("\x0a\x05\x22\x03MIT\x82\x7d\x03\x0a\x01x")));
    assert_int_equal(hanse_record_set(record, "project.status", "1", NULL), HANSE_INVALID_ARGUMENT);
    hanse_record_free(record);
}

static void a_record_has_exactly_one_body(void **state)
{
    (void)state;
    struct hanse_record *kept = NULL;
    struct hanse_error err;
    assert_failure(hanse_record_from_bytes(BYTES(""), &kept, &err), err, HANSE_MALFORMED, 0);
    assert_failure(hanse_record_from_bytes(BYTES("\x0a\x00"), &kept, &err), err, HANSE_MALFORMED, 2);
    assert_failure(hanse_record_from_bytes(BYTES("\xd2\x01\x00\x82\x7d\x00"), &kept, &err), err,
                   HANSE_MALFORMED, 6);
    assert_failure(hanse_record_from_bytes(BYTES("\x82\x7d\x00\x82\x7d\x00"), &kept, &err), err,
                   HANSE_MALFORMED, 6);
    assert_failure(hanse_record_from_bytes(BYTES("\x80\x7d\x00"), &kept, &err), err, HANSE_MALFORMED, 3);
    assert_null(kept);
}

static void a_record_stays_below_its_size(void **state)
{
    (void)state;
    char *large = malloc(HANSE_MAX_RECORD_BYTES + 1);
    assert_non_null(large);
    memset(large, 'x', HANSE_MAX_RECORD_BYTES);
    large[HANSE_MAX_RECORD_BYTES] = '\0';
    struct hanse_record *record = new_project();
    set(record, "header.licence", large);
    struct hanse_bytes bytes = {0};
    struct hanse_error err;
    assert_failure(hanse_record_bytes(record, &bytes, &err), err, HANSE_LIMIT, HANSE_NO_OFFSET);
    assert_null(bytes.data);
    set(record, "header.licence", "MIT");
    assert_int_equal(bytes_of(record).size, 10);
    hanse_record_free(record);
    free(large);
}

static void the_cursor_walks_every_value_in_field_order(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *value;
        bool is_text;
    } expected[] = {
        {"header.identifiers[0].scheme", "UNLOCODE", true},
        {"header.languages[0]", "ja", true},
        {"header.languages[1]", "", true},
        {"project.title[0].text", "a", true},
        {"project.status", "PROJECT_STATUS_PIPELINE", false},
        {"project.sectors[0].shareMillionths", "0", false},
        {"project.documents[1].sha256", "AAEC", false},
    };
    struct hanse_record *record = new_project();
    set(record, "project.documents[+].url", "");
    set(record, "project.documents[+].sha256", "AAEC");
    set(record, "project.sectors[+].shareMillionths", "0");
    set(record, "project.status", "1");
    set(record, "project.title[+].text", "a");
    set(record, "header.languages[+]", "ja");
    set(record, "header.languages[+]", "");
    set(record, "header.identifiers[+].scheme", "UNLOCODE");
    struct hanse_record_cursor *cursor = NULL;
    assert_int_equal(hanse_record_cursor_open(record, &cursor, NULL), HANSE_OK);
    const char *path = NULL;
    const char *value = NULL;
    bool is_text = false;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_int_equal(hanse_record_cursor_next(cursor, &path, &value, &is_text, NULL), HANSE_OK);
        assert_string_equal(path, expected[i].path);
        assert_string_equal(value, expected[i].value);
        assert_int_equal(is_text, expected[i].is_text);
        /* The path leads back to the value. */
        assert_value(record, path, value);
    }
    struct hanse_error err;
    assert_failure(hanse_record_cursor_next(cursor, &path, &value, &is_text, &err), err, HANSE_NOT_FOUND,
                   HANSE_NO_OFFSET);
    hanse_record_cursor_close(cursor);
    hanse_record_cursor_close(NULL);
    hanse_record_free(record);
}

/* What is set in a record that was received, so that the first growth replaces its arrays; and one growth
 * more. */
static const struct hanse_bytes received = {(const uint8_t *)"\x0a\x84\x00\x2a\x02ja\xd2\x01\x00", 10};

static enum hanse_status change(void *context)
{
    struct hanse_record *record = NULL;
    (void)context;
    enum hanse_status status = hanse_record_from_bytes(received, &record, NULL);
    if (status != HANSE_OK) {
        assert_null(record);
        return status;
    }
    static char text[5000]; /* more than what an arena gives without another allocation */
    memset(text, 'x', sizeof text - 1);
    status = hanse_record_set(record, "header.languages[+]", text, NULL);
    if (status != HANSE_OK)
        assert_true(hanse_bytes_equal(bytes_of(record), received));
    if (status == HANSE_OK) {
        status =
            hanse_record_set(record, "project.results[+].indicators[+].title[language=en].text", text, NULL);
        assert_int_equal(count(record, "project.results"), status == HANSE_OK);
    }
    if (status == HANSE_OK)
        status = hanse_record_set(record, "project.documents[+].sha256", "AAEC", NULL);
    if (status == HANSE_OK)
        status = hanse_record_add(record, "project.documents[+]", NULL);
    if (status == HANSE_OK)
        status = hanse_record_clear(record, "project.documents[0]", NULL);
    char *value = NULL;
    if (status == HANSE_OK)
        status = hanse_record_get(record, "header.languages[1]", &value, NULL);
    hanse_free(value);
    struct hanse_bytes bytes;
    if (status == HANSE_OK)
        status = hanse_record_bytes(record, &bytes, NULL);
    hanse_record_free(record);
    return status;
}

static enum hanse_status make(void *context)
{
    (void)context;
    struct hanse_record *record = NULL;
    enum hanse_status status = hanse_record_new("Project", &record, NULL);
    assert_int_equal(record != NULL, status == HANSE_OK);
    hanse_record_free(record);
    return status;
}

static enum hanse_status walk(void *context)
{
    struct hanse_record_cursor *cursor = NULL;
    enum hanse_status status = hanse_record_cursor_open(context, &cursor, NULL);
    while (status == HANSE_OK) {
        const char *path;
        const char *value;
        bool is_text;
        status = hanse_record_cursor_next(cursor, &path, &value, &is_text, NULL);
    }
    hanse_record_cursor_close(cursor);
    return status == HANSE_NOT_FOUND ? HANSE_OK : status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    assert_true(anomaly_fail_each_allocation(make, NULL) > 2);
    assert_true(anomaly_fail_each_allocation(change, NULL) > 6);
    struct hanse_record *record = NULL;
    assert_int_equal(hanse_record_from_bytes(received, &record, NULL), HANSE_OK);
    assert_true(anomaly_fail_each_allocation(walk, record) > 2);
    hanse_record_free(record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_have_names_and_numbers),
        cmocka_unit_test(values_of_every_type_are_set_and_got),
        cmocka_unit_test(an_enum_takes_numbers_and_shows_those_without_name),
        cmocka_unit_test(setting_zero_unsets_what_has_no_presence),
        cmocka_unit_test(what_cannot_be_set_changes_nothing),
        cmocka_unit_test(numbers_may_begin_with_zeros),
        cmocka_unit_test(dates_and_amounts_are_set_as_people_write_them),
        cmocka_unit_test(a_wrong_name_is_answered_with_near_ones),
        cmocka_unit_test(elements_are_added_counted_and_cleared),
        cmocka_unit_test(a_selector_by_value_makes_the_element_once),
        cmocka_unit_test(many_elements_are_appended),
        cmocka_unit_test(received_bytes_are_kept_verbatim_and_serialized_after_a_change),
        cmocka_unit_test(unknown_fields_within_survive_a_change),
        cmocka_unit_test(unknown_kinds_are_kept),
        cmocka_unit_test(a_record_has_exactly_one_body),
        cmocka_unit_test(a_record_stays_below_its_size),
        cmocka_unit_test(the_cursor_walks_every_value_in_field_order),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
