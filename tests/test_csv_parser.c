/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 4180 and what is written in its place; the same rows however the bytes come in pieces. */
#include "anomaly.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "record/csv/csv_parser.h"

static char seen[4096];
static struct hanse_error err;

static void say(const char *text, size_t size)
{
    size_t used = strlen(seen);
    (void)snprintf(seen + used, sizeof seen - used, "%.*s", (int)size, text);
}

/* "1@0<a><b>": the line, the offset, the fields; "!2:1" for a problem in line 2, field 1. */
static enum hanse_status see_row(void *context, const struct hanse_csv_row *row, struct hanse_error *error)
{
    (void)context;
    (void)error;
    char where[80];
    (void)snprintf(where, sizeof where, "%s%llu@%llu", seen[0] != '\0' ? " " : "",
                   (unsigned long long)row->line, (unsigned long long)row->offset);
    say(where, sizeof where);
    for (size_t i = 0; i < row->count; i++) {
        say("<", 1);
        say((const char *)row->fields[i].data, row->fields[i].size);
        say(">", 1);
    }
    if (row->problem != NULL) {
        (void)snprintf(where, sizeof where, "!%llu:%zu", (unsigned long long)row->problem_line,
                       row->problem_field);
        say(where, sizeof where);
    }
    return HANSE_OK;
}

static enum hanse_status parse(const char *text, size_t size, size_t piece)
{
    struct hanse_csv_parser *parser = malloc(sizeof *parser);
    assert_non_null(parser);
    hanse_csv_parser_init(parser, see_row, NULL);
    seen[0] = '\0';
    enum hanse_status status = HANSE_OK;
    for (size_t at = 0; at < size && status == HANSE_OK; at += piece)
        status = hanse_csv_parser_push(
            parser, hanse_bytes_of(text + at, at + piece < size ? piece : size - at), &err);
    if (status == HANSE_OK)
        status = hanse_csv_parser_end(parser, &err);
    hanse_csv_parser_release(parser);
    free(parser);
    return status;
}

static void check(const char *text, const char *expected)
{
    for (size_t piece = 1; piece <= strlen(text) + 1; piece++) {
        if (parse(text, strlen(text), piece) != HANSE_OK)
            fail_msg("%s: %s", text, err.message);
        assert_string_equal(seen, expected);
    }
}

static void rows_and_fields(void **state)
{
    (void)state;
    check("a,b\n1,2\n", "1@0<a><b> 2@4<1><2>");
    check("a,b\r\n1,2", "1@0<a><b> 2@5<1><2>");
    check("a,b\r1,2\r", "1@0<a><b> 2@4<1><2>");
    check("a;b,c\n1;2;3", "1@0<a;b><c> 2@6<1;2;3>");
    check("a;b;c,d\n1;2", "1@0<a><b><c,d> 2@8<1><2>");
    check("a\tb\n,;\t", "1@0<a><b> 2@4<,;><>");
    check("\"a;;;\",b\n1,2", "1@0<a;;;><b> 2@9<1><2>");
    check("one\n\n \n\n\"\"\n", "1@0<one> 3@5< > 5@8<>");
    check(",\n,\n", "1@0<><> 2@2<><>");
    check("a,b\n1,", "1@0<a><b> 2@4<1><>");
    check("\n\r\n\na,b\n", "4@4<a><b>");
    check("", "");
    check("\n\n", "");
}

static void quotes(void **state)
{
    (void)state;
    check("a,b\n\"x,\"\"y\"\"\",\"1\r\n2\"\r\nz,\n", "1@0<a><b> 2@4<x,\"y\"><1\r\n2> 4@22<z><>");
    check("\"a\nb\",c\n1,2\n", "1@0<a\nb><c> 3@8<1><2>");
    check("a,b\n\"\",\"\"\n", "1@0<a><b> 2@4<><>");
    check("a,b\n\"1\"", "1@0<a><b> 2@4<1>");
    /* Wrong, but where the row ends is plain. */
    check("a,b\nx\"y,2\n3,4\n", "1@0<a><b> 2@4<x\"y><2>!2:1 3@10<3><4>");
    check("a,b\n1,\"x\"y\n3,4\n", "1@0<a><b> 2@4<1><xy>!2:2 3@11<3><4>");
    check("a,b\n1,\"x\" \n3,4\n", "1@0<a><b> 2@4<1><x >!2:2 3@11<3><4>");
    check("a,b\n\"1\n2\",\"x\"y\n", "1@0<a><b> 2@4<1\n2><xy>!3:2");
}

static void open_quotes_end_it(void **state)
{
    (void)state;
    assert_int_equal(parse("a,b\n1,\"2\n3,4\n", 13, 5), HANSE_MALFORMED);
    assert_non_null(strstr(err.message, "line 2, field 2"));
    assert_int_equal(parse("\"a,b\n1,2\n", 9, 3), HANSE_MALFORMED);
    assert_non_null(strstr(err.message, "line 1, field 1"));
}

static void rows_over_the_limit_do_not_stop_others(void **state)
{
    (void)state;
    size_t size = HANSE_MAX_CSV_ROW_BYTES + 100;
    char *text = malloc(size);
    assert_non_null(text);
    memset(text, 'x', size);
    (void)memcpy(text, "a,b\n", 4);
    (void)memcpy(text + size - 8, ",z\n1,2\n", 8);
    assert_int_equal(parse(text, size - 1, 100000), HANSE_OK);
    char expected[80];
    (void)snprintf(expected, sizeof expected, "1@0<a><b> 2@4!2:1 3@%zu<1><2>", size - 5);
    assert_string_equal(seen, expected);
    /* The first line must be there as a whole. */
    assert_int_equal(parse(text + 4, size - 12, 100000), HANSE_MALFORMED);
    /* One cell more than a row may have. */
    size_t most = HANSE_MAX_SHEET_COLUMNS;
    memset(text, ',', most);
    (void)strcpy(text + most, "\n1\n");
    assert_int_equal(parse(text, most + 3, 77), HANSE_OK);
    (void)snprintf(expected, sizeof expected, "1@0!1:%zu 2@%zu<1>", most, most + 1);
    assert_string_equal(seen, expected);
    free(text);
}

static enum hanse_status parse_table(void *context)
{
    (void)context;
    return parse("a,b\n\"1\",2\n", 11, 4);
}

static void memory_runs_out(void **state)
{
    (void)state;
    assert_true(anomaly_fail_each_allocation(parse_table, NULL) >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_and_fields),    cmocka_unit_test(quotes),
        cmocka_unit_test(open_quotes_end_it), cmocka_unit_test(rows_over_the_limit_do_not_stop_others),
        cmocka_unit_test(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
