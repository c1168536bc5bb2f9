/* SPDX-License-Identifier: Apache-2.0 */
/* The grammar of paths: what is read, what is refused and at which byte, and how far a path leads into a
 * record. */
#include "anomaly.h"

#include <string.h>

#include "base/bytes.h"
#include "record/path.h"
#include "record/record.h"

static void steps_are_read_with_their_selectors(void **state)
{
    (void)state;
    struct hanse_record_path path;
    assert_int_equal(hanse_record_path_parse("project.transactions[12].value.value_date.year", &path, NULL),
                     HANSE_OK);
    assert_int_equal(path.count, 5);
    assert_string_equal(hanse_field_name(path.steps[1].field), "transactions");
    assert_int_equal(path.steps[1].selector, HANSE_SELECT_INDEX);
    assert_int_equal(path.steps[1].index, 12);
    assert_int_equal(path.steps[3].offset, 31);
    assert_string_equal(hanse_field_name(path.steps[3].field), "value_date");
    assert_int_equal(hanse_record_path_parse("header.languages[-]", &path, NULL), HANSE_OK);
    assert_int_equal(path.steps[1].selector, HANSE_SELECT_LAST);
    assert_int_equal(hanse_record_path_parse("header.languages[+]", &path, NULL), HANSE_OK);
    assert_int_equal(path.steps[1].selector, HANSE_SELECT_APPEND);
    assert_int_equal(hanse_record_path_parse("header.languages", &path, NULL), HANSE_OK);
    assert_int_equal(path.steps[1].selector, HANSE_SELECT_NONE);
    assert_int_equal(
        hanse_record_path_parse("project.dates[type=PROJECT_DATE_TYPE_ACTUAL_END].date", &path, NULL),
        HANSE_OK);
    assert_int_equal(path.steps[1].selector, HANSE_SELECT_MATCH);
    assert_int_equal(path.steps[1].match.as.integer, 4);
    assert_int_equal(hanse_record_path_parse("header.identifiers[value=a=b.[c].uri", &path, NULL), HANSE_OK);
    assert_true(hanse_bytes_equal_text(path.steps[1].match.as.bytes, "a=b.[c"));
}

static void bad_paths_are_refused_at_their_byte(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        uint64_t offset;
    } cases[] = {
        {"", 0},
        {".", 0},
        {"project.", 8},
        {"project..title", 8},
        {"projekt", 0},
        {"project.titel", 8},
        {"Project", 0},
        {"project title", 7},
        {"project[0].title", 8},
        {"project.title.text", 8},
        {"project.title[].text", 14},
        {"project.title[0.text", 13},
        {"project.title[0]text", 16},
        {"project.title[00].text", 14},
        {"project.title[99999999999999999999].text", 14},
        {"project.title[-1].text", 14},
        {"project.title[=ja].text", 14},
        {"project.title[lang=ja].text", 14},
        {"project.dates[date=1].type", 14},
        {"project.documents[languages=ja].url", 18},
        {"project.documents[sha256=AAAA].url", 18},
        {"header.languages[text=a]", 17},
        {"header.languages[0].text", 7},
        {"project.status[0]", 15},
        {"project.status.name", 8},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hanse_record_path path;
        struct hanse_error err;
        assert_failure(hanse_record_path_parse(cases[i].path, &path, &err), err, HANSE_INVALID_ARGUMENT,
                       cases[i].offset);
    }
    struct hanse_record_path path;
    struct hanse_error err;
    assert_failure(hanse_record_path_parse("project.dates[type=SOON].date", &path, &err), err,
                   HANSE_INVALID_ARGUMENT, HANSE_NO_OFFSET);
    assert_non_null(strstr(err.message, "PROJECT_DATE_TYPE_PLANNED_START"));
}

static void a_message_shows_whole_characters(void **state)
{
    (void)state;
    char text[400];
    memset(text, 0, sizeof text);
    for (size_t i = 0; i < 399 - 2; i += 3)
        memcpy(text + i, "\xe5\xb8\x82", 3);
    assert_int_equal(hanse_record_path_shown(text) % 3, 0);
    assert_int_equal(hanse_record_path_shown("a\xff"), 1);
}

static void a_path_is_followed_as_far_as_it_exists(void **state)
{
    (void)state;
    struct hanse_record *record = NULL;
    assert_int_equal(hanse_record_new("Project", &record, NULL), HANSE_OK);
    assert_int_equal(hanse_record_set(record, "project.title[+].language", "ja", NULL), HANSE_OK);
    assert_int_equal(hanse_record_set(record, "project.title[+].language", "en", NULL), HANSE_OK);
    struct hanse_part *root = hanse_message_root(record->message);
    static const struct {
        const char *path;
        size_t step;
        size_t element;
    } cases[] = {
        {"project.title[language=en].language", 2, 0},
        {"project.title[language=en]", 1, 1},
        {"project.title[language=fr].language", 1, HANSE_NO_ELEMENT},
        {"project.title[-]", 1, 1},
        {"project.title[1]", 1, 1},
        {"project.title[2]", 1, HANSE_NO_ELEMENT},
        {"project.title[+]", 1, HANSE_NO_ELEMENT},
        {"project.title[0].text", 2, HANSE_NO_ELEMENT},
        {"header.licence", 0, HANSE_NO_ELEMENT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hanse_record_path path;
        assert_int_equal(hanse_record_path_parse(cases[i].path, &path, NULL), HANSE_OK);
        struct hanse_record_place place = hanse_record_path_follow(&path, root);
        assert_int_equal(place.step, cases[i].step);
        assert_int_equal(place.element, cases[i].element);
    }
    hanse_record_free(record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_read_with_their_selectors),
        cmocka_unit_test(bad_paths_are_refused_at_their_byte),
        cmocka_unit_test(a_message_shows_whole_characters),
        cmocka_unit_test(a_path_is_followed_as_far_as_it_exists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
