/* SPDX-License-Identifier: Apache-2.0 */
/* Text on its way into the full-text index, and what the tokenizer makes of it, in the scripts of members. */
#include <stdio.h>
#include <string.h>

#include "anomaly.h"
#include "base/bytes.h"
#include "index/search_text.h"
#include "index/tokenizer.h"

enum { OUT_BYTES = 1 << 16 };

struct tokens {
    char text[4096];
    const char *original; /* NULL: tokens as they are; else the part of this text that each stands for */
    const uint32_t *places;
};

static enum hanse_status keep(void *context, struct hanse_bytes token, size_t start, size_t end,
                              struct hanse_error *err)
{
    struct tokens *tokens = context;
    size_t used = strlen(tokens->text);
    (void)err;
    if (tokens->original == NULL) {
        (void)snprintf(tokens->text + used, sizeof tokens->text - used, "%s%.*s", used > 0 ? "|" : "",
                       (int)token.size, (const char *)token.data);
        return HANSE_OK;
    }
    size_t from = tokens->places[start];
    size_t size;
    size_t to = tokens->places[end - 1];
    (void)hanse_search_text_character(hanse_bytes_of_text(tokens->original), to, &size);
    to += size;
    (void)snprintf(tokens->text + used, sizeof tokens->text - used, "%s%.*s", used > 0 ? "|" : "",
                   (int)(to - from), tokens->original + from);
    return HANSE_OK;
}

static void tokenize(const char *text, enum hanse_search_text_role role, bool originals, struct tokens *out)
{
    struct hanse_tokenizer *tokenizer;
    struct hanse_buffer folded;
    struct hanse_buffer places;
    hanse_buffer_init(&folded, OUT_BYTES);
    hanse_buffer_init(&places, OUT_BYTES * sizeof(uint32_t));
    assert_int_equal(hanse_tokenizer_new(&tokenizer, NULL), HANSE_OK);
    assert_int_equal(hanse_search_text_append(hanse_bytes_of_text(text), role, &folded, &places, NULL, NULL),
                     HANSE_OK);
    assert_int_equal(places.size, folded.size * sizeof(uint32_t));
    *out = (struct tokens){.original = originals ? text : NULL,
                           .places = (const uint32_t *)(const void *)places.data};
    assert_int_equal(hanse_tokenizer_run(tokenizer, hanse_buffer_view(&folded), keep, out, NULL), HANSE_OK);
    hanse_tokenizer_free(tokenizer);
    hanse_buffer_release(&folded);
    hanse_buffer_release(&places);
}

struct vector {
    const char *text;
    const char *tokens;
};

static void assert_tokens(const struct vector *vectors, size_t count, enum hanse_search_text_role role)
{
    for (size_t i = 0; i < count; i++) {
        struct tokens tokens;
        tokenize(vectors[i].text, role, false, &tokens);
        assert_string_equal(tokens.text, vectors[i].tokens);
    }
}

static void test_words_of_the_members_languages(void **state)
{
    (void)state;
    static const struct vector vectors[] = {
        {"北九州市の廃棄物", "北九|九州|州市|市の|の廃|廃棄|棄物|物"},
        {"上水道2024年 計画", "上水|水道|道|2024|年|計画|画"},
        {"城市间合作：废弃物管理", "城市|市间|间合|合作|作|废弃|弃物|物管|管理|理"},
        {"データ・センター", "デー|ータ|タ|セン|ンタ|ター|ー"},
        {"도시 계획을", "도시|시|계획|획을|을"},
        {"การพัฒนาเมือง", "กา|าร|รพ|พฒ|ฒน|นา|าเ|เม|มอ|อง|ง"},
        {"Hợp tác Đà Nẵng", "hop|tac|da|nang"},
        {"Straßenbahn Düsseldorf", "strassenbahn|dusseldorf"},
        {"Gestión de residuos sólidos en Córdoba", "gestion|de|residuos|solidos|en|cordoba"},
        {"Łódź København", "lodz|kobenhavn"},
        {"Θεσσαλονίκη МОСКВА", "θεσσαλονίκη|москва"},
        {"𠮷野家", "𠮷野|野家|家"},
        {"", ""},
        {" -- !? ", ""},
    };
    assert_tokens(vectors, sizeof vectors / sizeof vectors[0], HANSE_SEARCH_TEXT_HELD);
}

static void test_widths_and_decomposed_letters_are_one(void **state)
{
    (void)state;
    static const struct vector vectors[] = {
        {"ＩＣＬＥＩ　２０２４", "iclei|2024"},
        {"ﾃﾞｰﾀ", "デー|ータ|タ"},
        {"ﾊﾟﾘ", "パリ|リ"},
        {"ヴェネツィア", "ヴェ|ェネ|ネツ|ツィ|ィア|ア"},
        {"ｳﾞｪﾈﾂｨｱ", "ヴェ|ェネ|ネツ|ツィ|ィア|ア"},
        {"か\xe3\x82\x99くせい", "がく|くせ|せい|い"},
        {"は\xe3\x82\x9aん", "ぱん|ん"},
        {"Co\xcc\x81rdoba", "cordoba"},
        {"あ\xe3\x82\x99い", "あい|い"}, /* a sign that voices nothing */
        {"東京\xe2\x80\x8b都", "東京|京都|都"},
    };
    assert_tokens(vectors, sizeof vectors / sizeof vectors[0], HANSE_SEARCH_TEXT_HELD);
}

static void test_what_is_asked_may_go_on(void **state)
{
    (void)state;
    static const struct vector vectors[] = {
        {"廃棄物", "廃棄|棄物"},
        {"市", "市"},
        {"北九州市 2024", "北九|九州|州市|市|2024"},
        {"2024年", "2024|年"},
    };
    assert_tokens(vectors, sizeof vectors / sizeof vectors[0], HANSE_SEARCH_TEXT_ASKED);
    struct hanse_buffer out;
    bool open_end = false;
    hanse_buffer_init(&out, OUT_BYTES);
    static const struct {
        const char *text;
        enum hanse_search_text_role role;
        bool open;
    } ends[] = {{"市", HANSE_SEARCH_TEXT_ASKED, true},    {"2024年", HANSE_SEARCH_TEXT_ASKED, true},
                {"都市", HANSE_SEARCH_TEXT_ASKED, false}, {"市 x", HANSE_SEARCH_TEXT_ASKED, false},
                {"市", HANSE_SEARCH_TEXT_HELD, false},    {"", HANSE_SEARCH_TEXT_ASKED, false}};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        assert_int_equal(hanse_search_text_append(hanse_bytes_of_text(ends[i].text), ends[i].role, &out, NULL,
                                                  &open_end, NULL),
                         HANSE_OK);
        assert_int_equal(open_end, ends[i].open);
    }
    hanse_buffer_release(&out);
}

/* From the start of the token's first character to the end of its last. */
static void test_places_lead_back_to_the_text(void **state)
{
    (void)state;
    struct tokens tokens;
    tokenize("Plan ＡＢ: 上水道 Straße!", HANSE_SEARCH_TEXT_HELD, true, &tokens);
    assert_string_equal(tokens.text, "Plan|ＡＢ|上水|水道|道|Straße");
}

/* Neither crash nor token comes of what is no UTF-8, and the room that is reserved is enough for any bytes.
 */
static void test_any_bytes_are_text(void **state)
{
    (void)state;
    static const struct vector vectors[] = {
        {"ab\xff"
         "cd",
         "ab|cd"},
        {"\xe5\x8c", ""},
        {"a\xc0\x80z", "a|z"},
        {"\xed\xa0\x80x", "x"},
        {"\xf4\x90\x80\x80y", "y"},
    };
    assert_tokens(vectors, sizeof vectors / sizeof vectors[0], HANSE_SEARCH_TEXT_HELD);
    uint8_t bytes[64];
    uint32_t random = 1;
    static const char *const pieces[] = {"市",           "ｶ", "ﾞ", "ß", "Æ", "𠮷", "ก", "a", "\xff", "ẞ",
                                         "\xe3\x82\x99", "Ａ"};
    for (int round = 0; round < 20000; round++) {
        size_t size = 0;
        struct hanse_buffer out;
        while (size < 40) {
            random = random * 1664525u + 1013904223u;
            const char *piece = pieces[(random >> 16) % 12];
            memcpy(bytes + size, piece, strlen(piece));
            size += strlen(piece);
        }
        hanse_buffer_init(&out, 1024);
        assert_int_equal(hanse_search_text_append(hanse_bytes_of(bytes, size), HANSE_SEARCH_TEXT_HELD, &out,
                                                  NULL, NULL, NULL),
                         HANSE_OK);
        assert_true(out.size <= out.capacity && out.size <= 3 * size + 16);
        hanse_buffer_release(&out);
    }
}

static enum hanse_status run_all(void *context)
{
    struct hanse_error err;
    struct hanse_buffer out;
    struct hanse_buffer places;
    struct hanse_tokenizer *tokenizer = NULL;
    (void)context;
    hanse_buffer_init(&out, OUT_BYTES);
    hanse_buffer_init(&places, OUT_BYTES);
    enum hanse_status status = hanse_tokenizer_new(&tokenizer, &err);
    if (status == HANSE_OK)
        status = hanse_search_text_append(hanse_bytes_of_text("北九州市 plan"), HANSE_SEARCH_TEXT_HELD, &out,
                                          &places, NULL, &err);
    hanse_tokenizer_free(tokenizer);
    hanse_buffer_release(&out);
    hanse_buffer_release(&places);
    return status;
}

static void test_failing_allocations_and_limits(void **state)
{
    (void)state;
    assert_true(anomaly_fail_each_allocation(run_all, NULL) >= 3);
    struct hanse_buffer small;
    struct hanse_error err;
    hanse_buffer_init(&small, 8);
    assert_failure(hanse_search_text_append(hanse_bytes_of_text("a text"), HANSE_SEARCH_TEXT_HELD, &small,
                                            NULL, NULL, &err),
                   err, HANSE_LIMIT, HANSE_NO_OFFSET);
    assert_int_equal(small.size, 0);
    hanse_buffer_release(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_of_the_members_languages),
        cmocka_unit_test(test_widths_and_decomposed_letters_are_one),
        cmocka_unit_test(test_what_is_asked_may_go_on),
        cmocka_unit_test(test_places_lead_back_to_the_text),
        cmocka_unit_test(test_any_bytes_are_text),
        cmocka_unit_test(test_failing_allocations_and_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
