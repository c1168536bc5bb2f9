/* SPDX-License-Identifier: Apache-2.0 */
/* What people type, and the expression made of it. That SQLite takes every expression is what
 * fuzz_search_query looks for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "anomaly.h"
#include "base/bytes.h"
#include "index/search_query.h"

static void assert_expression(const char *text, const struct hanse_search_codes *codes, size_t codes_count,
                              const char *wanted)
{
    struct hanse_tokenizer *tokenizer;
    struct hanse_search_query *query = calloc(1, sizeof *query);
    struct hanse_buffer out;
    hanse_buffer_init(&out, 1 << 16);
    assert_non_null(query);
    assert_int_equal(hanse_tokenizer_new(&tokenizer, NULL), HANSE_OK);
    assert_int_equal(hanse_search_query_parse(tokenizer, hanse_bytes_of_text(text), query, NULL), HANSE_OK);
    assert_int_equal(hanse_search_query_write(query, codes, codes_count, &out, NULL), HANSE_OK);
    assert_int_equal(hanse_buffer_append_u8(&out, 0, NULL), HANSE_OK);
    assert_string_equal((const char *)out.data, wanted);
    hanse_search_query_release(query);
    hanse_tokenizer_free(tokenizer);
    hanse_buffer_release(&out);
    free(query);
}

static void test_words_phrases_exclusions_beginnings(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *expression;
    } vectors[] = {
        {"waste water", "({title body}:(\"waste\" AND \"water\"))"},
        {"Waste WÄSTE", "({title body}:(\"waste\" AND \"waste\"))"},
        {"\"solid waste\"", "({title body}:(\"solid waste\"))"},
        {"\"never closed", "({title body}:(\"never closed\"))"},
        {"“solid waste”", "({title body}:(\"solid waste\"))"},
        {"＂solid　waste＂", "({title body}:(\"solid waste\"))"},
        {"waste -plastic", "({title body}:(\"waste\")) NOT {title body}:(\"plastic\")"},
        {"waste -plastic －\"heavy metal\"",
         "({title body}:(\"waste\")) NOT {title body}:(\"plastic\" OR \"heavy metal\")"},
        {"transpor*", "({title body}:(\"transpor\"*))"},
        {"\"urban tran\"*", "({title body}:(\"urban tran\"*))"},
        {"city-to-city", "({title body}:(\"city to city\"))"},
        {"廃棄物 北九州市", "({title body}:(\"廃棄 棄物\" AND \"北九 九州 州市\"))"},
        {"市", "({title body}:(\"市\"*))"},
        {"ｺﾞﾐ", "({title body}:(\"ゴミ\"))"},
        {"a\"b\"c", "({title body}:(\"a\" AND \"b\" AND \"c\"))"},
        {"NEAR(a b) AND OR NOT", "({title body}:(\"near a\" AND \"b\" AND \"and\" AND \"or\" AND \"not\"))"},
        {"title:x {body}", "({title body}:(\"title x\" AND \"body\"))"},
    };
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++)
        assert_expression(vectors[i].text, NULL, 0, vectors[i].expression);
}

static void test_what_has_no_letter_asks_for_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {"",   " ",  "*",   "-",        "\"", "\"\"", "-\"",
                                        "--", "!?", "- *", "\xff\xfe", "^",  "+",    "、"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_expression(texts[i], NULL, 0, "");
    assert_expression("-plastic", NULL, 0, "");
}

static void test_codes_stand_beside_the_words(void **state)
{
    (void)state;
    const char *const cities[] = {"one", "two"};
    const char *const theme[] = {"three"};
    const struct hanse_search_codes codes[] = {{cities, 2}, {theme, 1}};
    assert_expression("", codes, 2, "({code}:(\"one\" OR \"two\") AND {code}:(\"three\"))");
    assert_expression("waste -x", codes, 1,
                      "({title body}:(\"waste\") AND {code}:(\"one\" OR \"two\")) NOT {title body}:(\"x\")");
}

static void test_a_code_is_one_token(void **state)
{
    (void)state;
    struct hanse_buffer out;
    hanse_buffer_init(&out, 256);
    assert_int_equal(hanse_search_code_append(hanse_bytes_of_text("SDG-GOAL:11"), &out, NULL), HANSE_OK);
    assert_int_equal(hanse_buffer_append_u8(&out, 0, NULL), HANSE_OK);
    assert_string_equal((const char *)out.data, "sdg\xee\x80\xadgoal\xee\x80\xba"
                                                "11");
    hanse_buffer_release(&out);
}

static enum hanse_status parse(void *context)
{
    struct hanse_error err;
    struct hanse_tokenizer *tokenizer = context;
    struct hanse_search_query *query = calloc(1, sizeof *query);
    assert_non_null(query);
    enum hanse_status status =
        hanse_search_query_parse(tokenizer, hanse_bytes_of_text("plan 北九州市 -x"), query, &err);
    if (status == HANSE_OK)
        assert_int_equal(query->term_count, 3);
    hanse_search_query_release(query);
    free(query);
    return status;
}

static void assert_too_much(struct hanse_tokenizer *tokenizer, const char *piece, size_t times)
{
    struct hanse_search_query *query = calloc(1, sizeof *query);
    struct hanse_buffer text;
    struct hanse_error err;
    assert_non_null(query);
    hanse_buffer_init(&text, 1 << 20);
    for (size_t i = 0; i < times; i++)
        assert_int_equal(hanse_buffer_append_text(&text, piece, NULL), HANSE_OK);
    assert_failure(hanse_search_query_parse(tokenizer, hanse_buffer_view(&text), query, &err), err,
                   HANSE_LIMIT, HANSE_NO_OFFSET);
    hanse_search_query_release(query);
    hanse_buffer_release(&text);
    free(query);
}

static void test_limits_and_failing_allocations(void **state)
{
    (void)state;
    struct hanse_tokenizer *tokenizer;
    assert_int_equal(hanse_tokenizer_new(&tokenizer, NULL), HANSE_OK);
    assert_true(anomaly_fail_each_allocation(parse, tokenizer) >= 2);
    assert_too_much(tokenizer, "a ", HANSE_MAX_SEARCH_TERMS + 1);
    assert_too_much(tokenizer, "市", HANSE_MAX_SEARCH_TOKENS + 2);
    assert_too_much(tokenizer, " ", HANSE_MAX_SEARCH_BYTES + 1);
    hanse_tokenizer_free(tokenizer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_phrases_exclusions_beginnings),
        cmocka_unit_test(test_what_has_no_letter_asks_for_nothing),
        cmocka_unit_test(test_codes_stand_beside_the_words),
        cmocka_unit_test(test_a_code_is_one_token),
        cmocka_unit_test(test_limits_and_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
