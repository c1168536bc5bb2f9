/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hanse/codes.h>

#include "base/bytes.h"
#include "base/text.h"
#include "record/code_list.h"

static void lists_are_ordered_and_whole(void **state)
{
    (void)state;
    struct hanse_codes_info info;
    const char *before = "";
    size_t count = 0;
    for (; hanse_codes_list(count, &info); count++) {
        assert_true(strcmp(before, info.scheme) < 0);
        assert_true(info.count > 0 && *info.title != '\0' && *info.version != '\0');
        assert_ptr_equal(hanse_code_list_of(hanse_bytes_of_text(info.scheme)), &hanse_code_tables[count]);
        before = info.scheme;
    }
    assert_true(count >= 30);
    assert_null(hanse_code_list_of(hanse_bytes_of_text("DAC-6")));
    assert_null(hanse_code_list_of(hanse_bytes_of_text("")));
    assert_null(hanse_code_list_of(hanse_bytes_of_text("~")));
}

static void every_code_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < hanse_code_table_count; i++)
        for (size_t k = 0; k < hanse_code_tables[i].count; k++) {
            struct hanse_code row;
            struct hanse_code found;
            hanse_code_list_get(&hanse_code_tables[i], k, &row);
            assert_true(*row.name != '\0');
            size_t name_size = strlen(row.name);
            assert_int_equal(hanse_utf8_check(hanse_bytes_of(row.name, name_size)), name_size);
            assert_int_equal(hanse_codes_find(hanse_code_tables[i].scheme, row.code, &found, NULL), HANSE_OK);
            assert_ptr_equal(found.code, row.code);
        }
}

static void names_and_status(void **state)
{
    (void)state;
    struct hanse_code code;
    assert_int_equal(hanse_codes_find("ISO3166-1", "JP", &code, NULL), HANSE_OK);
    assert_string_equal(code.name, "Japan");
    assert_string_equal(code.name_fr, "Japon");
    assert_string_equal(code.name_ja, "日本");
    assert_false(code.is_withdrawn);
    assert_string_equal(code.withdrawn_on, "");
    assert_int_equal(hanse_codes_find("DAC-FLOW", "20", &code, NULL), HANSE_OK);
    assert_true(code.is_withdrawn);
    assert_string_equal(code.withdrawn_on, "2015-12-31");
    assert_int_equal(hanse_codes_find("DAC-5", "74010", &code, NULL), HANSE_OK);
    assert_true(code.is_withdrawn);
}

static void what_is_not_there(void **state)
{
    (void)state;
    struct hanse_error err;
    struct hanse_code code = {.code = "untouched"};
    assert_int_equal(hanse_codes_find("C2C-FACTOR", "staff-turnovr", &code, &err), HANSE_NOT_FOUND);
    assert_non_null(strstr(err.message, "did you mean \"staff-turnover\""));
    assert_int_equal(hanse_codes_find("C2C-FACTOR", "zzzzzz", &code, &err), HANSE_NOT_FOUND);
    assert_null(strstr(err.message, "mean"));
    assert_int_equal(hanse_codes_find("ISO3166-1", "", &code, &err), HANSE_NOT_FOUND);
    assert_int_equal(hanse_codes_find("FACTOR", "cost", &code, &err), HANSE_NOT_FOUND);
    assert_non_null(strstr(err.message, "did you mean \"C2C-FACTOR\""));
    assert_string_equal(code.code, "untouched");
    struct hanse_codes_info info = {.scheme = "untouched"};
    assert_int_equal(hanse_codes_get("ISO3166", &info, NULL), HANSE_NOT_FOUND);
    assert_string_equal(info.scheme, "untouched");
    assert_int_equal(hanse_codes_get("iso3166-1", &info, NULL), HANSE_OK);
    assert_string_equal(info.scheme, "ISO3166-1");
}

struct found {
    size_t count;
    size_t most;
    const char *last;
};

static enum hanse_status count_code(void *context, const struct hanse_code *code, struct hanse_error *err)
{
    struct found *found = context;
    (void)err;
    found->last = code->code;
    return ++found->count == found->most ? HANSE_CANCELLED : HANSE_OK;
}

static const char *only_one(const char *scheme, const char *words)
{
    struct found found = {0};
    assert_int_equal(hanse_codes_search(scheme, words, count_code, &found, NULL), HANSE_OK);
    assert_int_equal(found.count, 1);
    return found.last;
}

static void search_in_any_language(void **state)
{
    (void)state;
    assert_string_equal(only_one("ISO3166-1", "japan"), "JP");
    assert_string_equal(only_one("iso3166-1", "日本"), "JP");
    assert_string_equal(only_one("C2C-FACTOR", "PERÇUE autonomie"), "perceived-autonomy");
    assert_string_equal(only_one("DAC-5", "14050"), "14050");
    struct found found = {0};
    assert_int_equal(hanse_codes_search("ISO3166-1", "japan nowhere", count_code, &found, NULL), HANSE_OK);
    assert_int_equal(found.count, 0);
    assert_int_equal(hanse_codes_search("GHG-NK", NULL, count_code, &found, NULL), HANSE_OK);
    assert_int_equal(found.count, 4);
    assert_int_equal(hanse_codes_search(NULL, " ", count_code, &found, NULL), HANSE_OK);
    assert_true(found.count > 3000);
    assert_int_equal(hanse_codes_search("NO-SUCH", "", count_code, &found, NULL), HANSE_NOT_FOUND);
    found = (struct found){.most = 2};
    assert_int_equal(hanse_codes_search(NULL, "", count_code, &found, NULL), HANSE_CANCELLED);
    assert_int_equal(found.count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_ordered_and_whole),
        cmocka_unit_test(every_code_is_found),
        cmocka_unit_test(names_and_status),
        cmocka_unit_test(what_is_not_there),
        cmocka_unit_test(search_in_any_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
