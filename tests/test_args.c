/* SPDX-License-Identifier: Apache-2.0 */
/* Arguments of the program: options by table, dates, time spans, distances of words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "args.h"

static const struct verb verb = {.name = "try", .changes = "nothing", .synopsis = "WORD [--text T] [--flag]"};

struct given {
    struct cli cli;
    const char *text;
    bool flag;
    int code;
    bool ran;
    const char *words[8];
    size_t count;
};

/* Reads up to eight arguments by a table with a text, a flag and an option of a later version. */
static struct given read_all(int argc, const char *const *given)
{
    struct given out = {.code = -1};
    const struct args_option options[] = {{"text", "T", "", &out.text, NULL},
                                          {"flag", NULL, "", NULL, &out.flag},
                                          {"later", "X", NULL, NULL, NULL}};
    struct args args = {.verb = &verb, .options = options, .option_count = 3, .least = 1, .most = 2};
    char *argv[10] = {NULL};
    for (int i = 0; i < argc; i++) {
        argv[i + 1] = (char *)(uintptr_t)given[i];
    }
    out.ran = args_read(&args, &out.cli, argc + 1, argv, &out.code);
    out.count = out.ran ? args.found_count : 0;
    for (size_t i = 0; i < out.count; i++) {
        out.words[i] = args.found[i];
    }
    return out;
}

#define READ(...)                                                                                            \
    read_all((int)(sizeof(const char *[]){__VA_ARGS__} / sizeof(char *)), (const char *[]){__VA_ARGS__})

static void options_and_words_mix(void **state)
{
    (void)state;
    struct given got = READ("--text", "a b", "one", "--flag", "--json", "--as=x.example/y", "-");
    assert_true(got.ran);
    assert_string_equal(got.text, "a b");
    assert_true(got.flag);
    assert_true(got.cli.json);
    assert_string_equal(got.cli.origin, "x.example/y");
    assert_int_equal(got.count, 2);
    assert_string_equal(got.words[0], "one");
    assert_string_equal(got.words[1], "-");
}

static void two_hyphens_end_the_options(void **state)
{
    (void)state;
    struct given got = READ("--", "--flag");
    assert_true(got.ran);
    assert_false(got.flag);
    assert_string_equal(got.words[0], "--flag");
}

static void wrong_usage_is_code_2(void **state)
{
    (void)state;
    struct given wrong[] = {READ("--flag"),          READ("a", "b", "c"),       READ("a", "--text"),
                            READ("a", "--flag=yes"), READ("a", "--later", "x"), READ("a", "--unknown"),
                            READ("a", "-x")};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(wrong[i].ran);
        assert_int_equal(wrong[i].code, CLI_USAGE);
    }
}

static void help_is_no_failure(void **state)
{
    (void)state;
    struct given got = READ("--help");
    assert_false(got.ran);
    assert_int_equal(got.code, CLI_DONE);
}

static void time_spans(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t seconds;
    } good[] = {{"0", 0}, {"90", 90}, {"90s", 90}, {"5m", 300}, {"12h", 43200}, {"7d", 604800}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        uint64_t seconds = 1;
        assert_true(args_duration(good[i].text, &seconds));
        assert_int_equal(seconds, good[i].seconds);
    }
    static const char *const bad[] = {"", "m", "5w", "5mm", "-5m", "5 m", "1234567890", "1.5h"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint64_t seconds = 77;
        assert_false(args_duration(bad[i], &seconds));
        assert_int_equal(seconds, 77);
    }
}

static void amounts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t value;
    } good[] = {{"1", 1},
                {"90", 90},
                {"500k", 500000},
                {"20M", 20000000},
                {"2G", 2000000000},
                {"3T", 3000000000000},
                {"9223372036854775799", 9223372036854775799}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        uint64_t value = 0;
        assert_true(args_amount(good[i].text, &value));
        assert_int_equal(value, good[i].value);
    }
    static const char *const bad[] = {
        "", "0", "k", "-1", "1.5M", "5 M", "5MB", "5kk", "0x10", "9223372036854775808", "9999999999T", "1e6"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint64_t value = 77;
        assert_false(args_amount(bad[i], &value));
        assert_int_equal(value, 77);
    }
}

static void dates(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t unix_s;
    } good[] = {{"1970-01-01", 0},          {"1972-03-01", 68256000},
                {"2000-02-29", 951782400},  {"2026-11-24T13:09:57Z", 1795525797},
                {"2100-03-01", 4107542400}, {"9999-12-31T23:59:59Z", 253402300799}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        uint64_t unix_s = 1;
        assert_true(args_date(good[i].text, &unix_s));
        assert_int_equal(unix_s, good[i].unix_s);
    }
    static const char *const bad[] = {
        "",           "2026",       "1969-12-31", "2026-13-01",          "2026-00-10",
        "2026-02-29", "2100-02-29", "2026-11-31", "2026-11-24T13:09:57", "2026-11-24T24:00:00Z",
        "2026-1-1",   "24.11.2026", "2026-11-24 "};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint64_t unix_s = 77;
        assert_false(args_date(bad[i], &unix_s));
        assert_int_equal(unix_s, 77);
    }
}

static void distances(void **state)
{
    (void)state;
    assert_int_equal(args_distance("sync", "sync"), 0);
    assert_int_equal(args_distance("snyc", "sync"), 2);
    assert_int_equal(args_distance("pubish", "publish"), 1);
    assert_int_equal(args_distance("", "list"), 4);
    assert_int_equal(args_distance("kitten", "sitting"), 3);
    assert_int_equal(args_distance("a word that is longer than any verb is", "list"), 32);
}

static void the_worst_exit_code_wins(void **state)
{
    (void)state;
    static const int by_badness[] = {CLI_DONE, CLI_INVALID_INPUT, CLI_UNREACHED, CLI_FAILED, CLI_UNVERIFIED};
    for (size_t i = 0; i < 5; i++) {
        for (size_t j = 0; j < 5; j++) {
            assert_int_equal(cli_worse(by_badness[i], by_badness[j]), by_badness[i > j ? i : j]);
        }
    }
}

static void repeated_options(void **state)
{
    (void)state;
    char words[][16] = {"edit", "--set", "a=1", "ID", "--set=b=2", "--sets", "--", "--set", "x", "--set"};
    enum { COUNT = sizeof words / sizeof words[0] };
    char *argv[COUNT + 1];
    const char *values[COUNT];
    int argc = COUNT;
    for (int i = 0; i < COUNT; i++) {
        argv[i] = words[i];
    }
    argv[COUNT] = NULL;
    assert_int_equal(args_take_all(&argc, argv, "set", values), 2);
    assert_string_equal(values[0], "a=1");
    assert_string_equal(values[1], "b=2");
    static const char *const left[] = {"edit", "ID", "--sets", "--", "--set", "x", "--set"};
    assert_int_equal(argc, 7);
    for (int i = 0; i < argc; i++) {
        assert_string_equal(argv[i], left[i]);
    }
    assert_null(argv[argc]);
    /* One without its value stays, to be complained about. */
    argc = 2;
    argv[1] = words[1];
    argv[2] = NULL;
    assert_int_equal(args_take_all(&argc, argv, "set", values), 0);
    assert_int_equal(argc, 2);
    assert_string_equal(argv[1], "--set");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_and_words_mix),
        cmocka_unit_test(two_hyphens_end_the_options),
        cmocka_unit_test(wrong_usage_is_code_2),
        cmocka_unit_test(help_is_no_failure),
        cmocka_unit_test(time_spans),
        cmocka_unit_test(amounts),
        cmocka_unit_test(dates),
        cmocka_unit_test(distances),
        cmocka_unit_test(repeated_options),
        cmocka_unit_test(the_worst_exit_code_wins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
