/* SPDX-License-Identifier: Apache-2.0 */
/* JSON Lines: bare records and lines of an export, bad lines among good ones, offsets in the whole input. */
#include "import_collect.h"

#include "base/limits.h"
#include "record/json/jsonl.h"

#define CITY                                                                                                 \
    "{\"localGovernment\":{\"name\":[{\"text\":\"Minatogawa\",\"language\":\"en\"}],\"country\":\"JP\"}}"

static struct collected all;

static enum hanse_status read_bytes(struct hanse_bytes bytes, size_t piece, struct hanse_error *err)
{
    collect_release(&all);
    struct piecewise source = {bytes, piece};
    struct hanse_import_sink sink = collect_sink(&all);
    return hanse_jsonl_read((struct hanse_source){read_piece, &source}, &sink, err);
}

static void assert_reads(const char *text)
{
    struct hanse_error err = {0};
    if (read_bytes(hanse_bytes_of_text(text), SIZE_MAX, &err) != HANSE_OK)
        fail_msg("%s", err.message);
}

static int teardown(void **state)
{
    (void)state;
    collect_release(&all);
    return 0;
}

static void bare_records(void **state)
{
    (void)state;
    assert_reads(CITY "\n" CITY "\n");
    assert_int_equal(all.record_count, 2);
    assert_int_equal(all.invalid_count, 0);
    assert_int_equal(all.record_items[1].line, 2);
    assert_int_equal(all.record_items[1].offset, sizeof CITY);
    assert_string_equal(all.record_items[1].id, "");
    assert_string_equal(hanse_record_kind(all.records[1]), "LocalGovernment");
    assert_value(all.records[1], "localGovernment.name[language=en].text", "Minatogawa");
}

static void records_of_many_lines(void **state)
{
    (void)state;
    static const char many[] =
        "\xef\xbb\xbf{\n  \"localGovernment\": {\n    \"name\": [{\"text\": \"{[\\\"\", "
        "\"language\": \"en\"}\n],\r\n\"country\": \"JP\"}\n}\n\n" CITY "\n{\"header\":{},\n" CITY
        "\n{\"localGovernment\":\n{\"country\":\"JP\"}\n}";
    for (size_t piece = 1; piece < 80; piece += 3) {
        struct hanse_error err = {0};
        assert_int_equal(read_bytes(hanse_bytes_of_text(many), piece, &err), HANSE_OK);
        /* The third breaks off: the one below it is taken all the same. The last begins a line with a brace.
         */
        assert_int_equal(all.record_count, 3);
        assert_value(all.records[0], "localGovernment.name[0].text", "{[\"");
        assert_int_equal(all.record_items[0].line, 1);
        assert_int_equal(all.record_items[0].offset, 3);
        assert_int_equal(all.record_items[1].line, 8);
        assert_int_equal(all.record_items[2].line, 10);
        assert_int_equal(all.invalid[0].line, 9);
        assert_int_equal(all.invalid_count, 4);
    }
}

static void lines_of_an_export_give_their_id(void **state)
{
    (void)state;
    assert_reads(
        "{\"id\":\"hanse:a.example\\/1\",\"feed\":\"a.example\",\"revision\":3,\"kind\":\"LocalGovernment\","
        "\"published\":\"2026-01-01T00:00:00Z\",\"audience\":\"PUBLIC\",\"record\":" CITY "}\n"
        "  { \"record\" : " CITY " , \"extra\":[{\"a\":\"}\"}] }\r\n");
    assert_int_equal(all.invalid_count, 0);
    assert_int_equal(all.record_count, 2);
    assert_string_equal(all.record_items[0].id, "hanse:a.example/1");
    assert_string_equal(all.record_items[1].id, "");
    assert_value(all.records[0], "localGovernment.country", "JP");
}

static void empty_lines_marks_and_missing_ends(void **state)
{
    (void)state;
    assert_reads("\xef\xbb\xbf" CITY "\r\n\r\n \t\n" CITY);
    assert_int_equal(all.record_count, 2);
    assert_int_equal(all.invalid_count, 0);
    assert_int_equal(all.record_items[0].offset, 3);
    assert_int_equal(all.record_items[1].line, 4);
    assert_int_equal(all.record_items[1].offset, 3 + sizeof CITY - 1 + 2 + 2 + 3);
    assert_reads("");
    assert_int_equal(all.record_count + all.invalid_count, 0);
    assert_reads("\xef\xbb\xbf");
    assert_int_equal(all.record_count + all.invalid_count, 0);
    /* A mark is one only at the start of the file. */
    assert_reads(CITY "\n\xef\xbb\xbf" CITY "\n");
    assert_int_equal(all.invalid_count, 1);
}

static void bad_lines_do_not_stop_good_ones(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "{",
        "[" CITY "]",
        "\"text\"",
        "nonsense",
        "{}",
        "{\"noSuchKind\":{}}",
        "{\"localGovernment\":{\"noSuchField\":1}}",
        "{\"localGovernment\":{\"name\":\"text\"}}",
        CITY "x",
        CITY CITY,
        "{\"id\":\"a\",\"record\":" CITY,
        "{\"id\":\"a\",\"record\":" CITY "}}",
        "{\"id\":\"a\",\"record\":" CITY "]",
        "{\"id\":\"a\",\"record\":" CITY ",}",
        "{\"id\":\"a\",\"feed\":nonsense,\"record\":" CITY "}",
        "{\"id\":\"a\",\"id\":\"b\",\"record\":" CITY "}",
        "{\"record\":" CITY ",\"record\":" CITY "}",
        "{\"id\":7,\"record\":" CITY "}",
        "{\"id\":\"\",\"record\":" CITY "}",
        "{\"id\":\"a\",\"record\":{}}",
        "{\"id\":\"a\",\"record\":null}",
        "{\"id\":\"a\",\"record\":}",
        "{\"id\":\"a\" \"record\":" CITY "}",
        "{\"localGovernment\":{\"country\":\"\xff\"}}",
        "{\"id\":\"\xff\",\"record\":" CITY "}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[1024];
        (void)snprintf(text, sizeof text, CITY "\n%s\n" CITY "\n", bad[i]);
        assert_reads(text);
        if (all.record_count != 2 || all.invalid_count != 1)
            fail_msg("%s: %zu records, %zu invalid", bad[i], all.record_count, all.invalid_count);
        assert_int_equal(all.invalid[0].line, 2);
        assert_int_equal(all.invalid[0].offset, sizeof CITY);
        assert_true(all.invalid[0].problem.message[0] != '\0');
        assert_true(all.invalid[0].problem.offset >= sizeof CITY);
        assert_true(all.invalid[0].problem.offset <= sizeof CITY + strlen(bad[i]));
    }
}

static void a_nul_is_no_json(void **state)
{
    (void)state;
    static const char text[] = "{\"localGovernment\":{\"country\":\"J\0P\"}}\n" CITY;
    struct hanse_error err = {0};
    assert_int_equal(read_bytes(hanse_bytes_of(text, sizeof text - 1), SIZE_MAX, &err), HANSE_OK);
    assert_int_equal(all.invalid_count, 1);
    assert_int_equal(all.record_count, 1);
}

static void offsets_count_in_the_whole_input(void **state)
{
    (void)state;
    static const char before[] = CITY "\n{\"id\":\"a\",\"record\":";
    assert_reads(CITY "\n{\"id\":\"a\",\"record\":{\"localGovernment\":{\"country\":[]}}}\n");
    assert_int_equal(all.invalid_count, 1);
    assert_string_equal(all.invalid[0].id, "a");
    /* Somewhere in the record of the second line, not before it. */
    assert_true(all.invalid[0].problem.offset >= sizeof before - 1);
    assert_true(all.invalid[0].problem.offset <
                sizeof before - 1 + sizeof "{\"localGovernment\":{\"country\":[]}}");
}

static void pieces_of_any_size_give_the_same(void **state)
{
    (void)state;
    static const char text[] = "\xef\xbb\xbf" CITY "\r\n{\n\n{\"id\":\"a\",\"record\":" CITY "}";
    for (size_t piece = 1; piece < 64; piece++) {
        struct hanse_error err = {0};
        assert_int_equal(read_bytes(hanse_bytes_of_text(text), piece, &err), HANSE_OK);
        assert_int_equal(all.record_count, 2);
        assert_int_equal(all.record_items[0].offset, 3);
        assert_int_equal(all.record_items[1].line, 4);
        assert_string_equal(all.record_items[1].id, "a");
        assert_int_equal(all.invalid_count, 1);
        assert_int_equal(all.invalid[0].line, 2);
    }
}

static void fill_line(struct hanse_buffer *out, size_t size)
{
    hanse_buffer_init(out, COLLECT_FILE_BYTES);
    struct hanse_error err = {0};
    static const char before[] = CITY "\n";
    static const char after[] = "\n" CITY;
    assert_int_equal(hanse_buffer_append_text(out, before, &err), HANSE_OK);
    assert_int_equal(hanse_buffer_reserve(out, size + sizeof after, &err), HANSE_OK);
    memset(out->data + out->size, ' ', size);
    out->size += size;
    assert_int_equal(hanse_buffer_append_text(out, after, &err), HANSE_OK);
}

static void a_line_has_a_limit(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer file;
    struct hanse_error err = {0};
    fill_line(&file, HANSE_MAX_IMPORT_LINE_BYTES);
    assert_int_equal(read_bytes(hanse_buffer_view(&file), SIZE_MAX, &err), HANSE_OK);
    assert_int_equal(all.invalid_count, 0);
    assert_int_equal(all.record_count, 2);
    hanse_buffer_release(&file);
    fill_line(&file, HANSE_MAX_IMPORT_LINE_BYTES + 1);
    assert_int_equal(read_bytes(hanse_buffer_view(&file), SIZE_MAX, &err), HANSE_OK);
    assert_int_equal(all.invalid_count, 1);
    assert_int_equal(all.invalid[0].problem.status, HANSE_LIMIT);
    assert_int_equal(all.invalid[0].line, 2);
    assert_int_equal(all.record_count, 2);
    assert_int_equal(all.record_items[1].line, 3);
    assert_int_equal(all.record_items[1].offset, file.size - (sizeof CITY - 1));
}

static void personal_data_is_reported(void **state)
{
    (void)state;
    assert_reads(
        "{\"organisation\":{\"name\":[{\"text\":\"Ask a.person@city.example\",\"language\":\"en\"}]}}");
    assert_int_equal(all.record_count, 1);
    assert_int_equal(all.finding_count, 1);
    assert_string_equal(all.findings[0].rule, "personal-email");
    assert_string_equal(all.findings[0].path, "organisation.name[0].text");
    assert_int_equal(all.findings[0].line, 1);
}

static void the_sink_can_cancel(void **state)
{
    (void)state;
    struct hanse_bytes bytes = hanse_bytes_of_text(CITY "\n" CITY "\n" CITY "\n");
    collect_release(&all);
    all.cancel_after = 2;
    struct hanse_import_sink sink = collect_sink(&all);
    assert_int_equal(hanse_jsonl_read(hanse_source_of_bytes(&bytes), &sink, NULL), HANSE_CANCELLED);
    assert_int_equal(all.record_count, 2);
}

static enum hanse_status read_view(void *context)
{
    const struct hanse_bytes *bytes = context;
    struct hanse_error err = {0};
    enum hanse_status status = read_bytes(*bytes, SIZE_MAX, &err);
    assert_int_equal(err.status, status);
    assert_int_equal(all.invalid_count, 0);
    return status;
}

static void failing_allocations_end_the_import(void **state)
{
    (void)state;
    struct hanse_bytes bytes =
        hanse_bytes_of_text("{\"id\":\"a\",\"feed\":\"b\",\"record\":" CITY "}\n" CITY);
    assert_true(anomaly_fail_each_allocation(read_view, &bytes) > 5);
    assert_int_equal(all.record_count, 2);
}

/* The samples that ship with the project are good records. */
static void shipped_samples(void **state)
{
    (void)state;
    static const char *const paths[] = {"examples/data/minatogawa.jsonl", "examples/data/secretariat.jsonl"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        HANSE_SCOPED_BUFFER struct hanse_buffer buffer;
        struct hanse_bytes bytes = load(&buffer, paths[i]);
        struct hanse_error err = {0};
        assert_int_equal(read_bytes(bytes, SIZE_MAX, &err), HANSE_OK);
        if (all.invalid_count > 0)
            fail_msg("%s: %s", paths[i], all.invalid[0].problem.message);
        assert_true(all.record_count >= 10);
        assert_int_equal(all.finding_count, 0);
        for (size_t k = 0; k < all.record_count; k++)
            if (hanse_record_validate(all.records[k], NULL, NULL, &err) != HANSE_OK)
                fail_msg("%s line %zu: %s", paths[i], k + 1, err.message);
    }
}

static enum hanse_status read_rows(const char *map, const char *kind, const char *text,
                                   struct hanse_error *err)
{
    collect_release(&all);
    struct hanse_sheet *sheet = NULL;
    struct hanse_loss_report losses;
    hanse_loss_report_init(&losses);
    const struct hanse_sheet_options options = {.map = hanse_bytes_of_text(map), .kind = kind, .key = "id"};
    struct piecewise source = {hanse_bytes_of_text(text), 5};
    struct hanse_import_sink sink = collect_sink(&all);
    enum hanse_status status = hanse_sheet_new(&options, &sheet, err);
    if (status == HANSE_OK)
        status = hanse_jsonl_read_rows((struct hanse_source){read_piece, &source}, sheet, &sink, err);
    if (status == HANSE_OK)
        status = hanse_sheet_tell_losses(sheet, &losses, err);
    if (status == HANSE_OK && losses.count > 0) {
        assert_string_equal(losses.items[0].path, "lost");
        assert_int_equal(losses.items[0].count, 2);
    }
    hanse_loss_report_release(&losses);
    hanse_sheet_free(sheet);
    return status;
}

static const char ROW_MAP[] = "state = project.status\nname = project.title[language=en].text\n"
                              "sum = project.budgets[0].value\nfree = project.conditionsAttached\n";

static void objects_as_rows(void **state)
{
    (void)state;
    struct hanse_error err = {0};
    if (read_rows(ROW_MAP, NULL,
                  "{\"id\":17,\"state\":2,\"name\":\"K\\u00f6ln\",\"sum\":1250.1,\"free\":false,\"lost\":{"
                  "\"a\":1}}\n"
                  "{\"id\":\"b\",\"state\":\"PROJECT_STATUS_CLOSED\",\"name\":null,\"lost\":\"x\"}\n",
                  &err) != HANSE_OK)
        fail_msg("%s", err.message);
    assert_int_equal(all.invalid_count, 0);
    assert_int_equal(all.record_count, 2);
    assert_string_equal(all.record_items[0].key, "17");
    assert_value(all.records[0], "project.title[0].text", "K\xc3\xb6ln");
    assert_value(all.records[0], "project.budgets[0].value.nanos", "100000000");
    assert_value(all.records[0], "project.conditionsAttached", "false");
    assert_string_equal(all.record_items[1].key, "b");
    assert_value(all.records[1], "project.status", "PROJECT_STATUS_CLOSED");
    assert_count(all.records[1], "project.title", 0);
}

static void bad_rows_do_not_stop_good_ones(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        uint64_t offset;
        const char *said;
    } cases[] = {
        {"{\"id\":1,\"state\":[5]}", 9, "member \"state\" is refused"},
        {"{\"id\":1,\"id\":2}", 9, "JSON is malformed"},
        {"{\"id\":{}}", 9, "member \"id\" is refused"},
        {"{\"state\":5}", 9, "key \"id\" is empty"},
        {"{\"id\":1,\"state\":\"odd\"}", 9, "\"state\": value \"odd\" does not suit"},
        {"[1]", 9, "a row is an object"},
        {"{\"id\":7}", 9, "has the value \"7\" in line 1 already"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[200];
        struct hanse_error err = {0};
        (void)snprintf(text, sizeof text, "{\"id\":7}\n%s\n{\"id\":9}\n", cases[i].line);
        if (read_rows(ROW_MAP, NULL, text, &err) != HANSE_OK)
            fail_msg("%s", err.message);
        assert_int_equal(all.record_count, 2);
        assert_int_equal(all.invalid_count, 1);
        assert_int_equal(all.invalid[0].line, 2);
        if (strstr(all.invalid[0].problem.message, cases[i].said) == NULL)
            fail_msg("%s", all.invalid[0].problem.message);
        if (i != 1)
            assert_int_equal(all.invalid[0].problem.offset, cases[i].offset);
    }
}

static void rows_need_a_kind(void **state)
{
    (void)state;
    struct hanse_error err = {0};
    assert_int_equal(read_rows("a = header.licence", NULL, "{\"id\":1,\"a\":\"CC0-1.0\"}\n", &err),
                     HANSE_INVALID_ARGUMENT);
    assert_int_equal(read_rows("a = header.licence", "project", "{\"id\":1,\"a\":\"CC0-1.0\"}\n", &err),
                     HANSE_OK);
    assert_int_equal(all.record_count, 1);
}

static enum hanse_status read_one_row(void *context)
{
    (void)context;
    struct hanse_error err = {0};
    return read_rows(ROW_MAP, NULL, "{\"id\":1,\"sum\":2.5,\"state\":5}\n", &err);
}

static void memory_runs_out_in_a_row(void **state)
{
    (void)state;
    assert_true(anomaly_fail_each_allocation(read_one_row, NULL) >= 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(objects_as_rows, teardown),
        cmocka_unit_test_teardown(bad_rows_do_not_stop_good_ones, teardown),
        cmocka_unit_test_teardown(rows_need_a_kind, teardown),
        cmocka_unit_test_teardown(memory_runs_out_in_a_row, teardown),
        cmocka_unit_test(bare_records),
        cmocka_unit_test(records_of_many_lines),
        cmocka_unit_test(lines_of_an_export_give_their_id),
        cmocka_unit_test(empty_lines_marks_and_missing_ends),
        cmocka_unit_test(bad_lines_do_not_stop_good_ones),
        cmocka_unit_test(a_nul_is_no_json),
        cmocka_unit_test(offsets_count_in_the_whole_input),
        cmocka_unit_test(pieces_of_any_size_give_the_same),
        cmocka_unit_test(a_line_has_a_limit),
        cmocka_unit_test(personal_data_is_reported),
        cmocka_unit_test(the_sink_can_cancel),
        cmocka_unit_test(failing_allocations_end_the_import),
        cmocka_unit_test(shipped_samples),
    };
    return cmocka_run_group_tests_name("jsonl", tests, NULL, teardown);
}
