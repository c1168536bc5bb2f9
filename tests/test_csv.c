/* SPDX-License-Identifier: Apache-2.0 */
/* Tables into records: headers, maps, keys, elements of lists; what a bad row says. */
#include "import_collect.h"

#include "record/csv/csv.h"

static struct collected all;
static struct hanse_error err;
static struct hanse_loss_report losses;

static enum hanse_status read_table(const char *map, const char *key, const char *encoding, const char *csv)
{
    collect_release(&all);
    hanse_loss_report_release(&losses);
    struct hanse_sheet *sheet = NULL;
    const struct hanse_sheet_options options = {.map = hanse_bytes_of_text(map), .key = key};
    struct piecewise input = {hanse_bytes_of_text(csv), 3};
    struct hanse_import_sink sink = collect_sink(&all);
    enum hanse_status status = hanse_sheet_new(&options, &sheet, &err);
    if (status == HANSE_OK)
        status = hanse_csv_read((struct hanse_source){read_piece, &input}, encoding, sheet, &sink, &err);
    if (status == HANSE_OK)
        status = hanse_sheet_tell_losses(sheet, &losses, &err);
    hanse_sheet_free(sheet);
    return status;
}

static void must_read(const char *map, const char *key, const char *csv)
{
    if (read_table(map, key, NULL, csv) != HANSE_OK)
        fail_msg("%s", err.message);
}

static int teardown(void **state)
{
    (void)state;
    collect_release(&all);
    hanse_loss_report_release(&losses);
    return 0;
}

static void header_of_paths(void **state)
{
    (void)state;
    must_read(NULL, NULL,
              "project.title[language=en].text;project.status;project.dates[0].date;project.dates[0].type;x\n"
              " Water ;PROJECT_STATUS_CLOSED;2026-11;1;y\n"
              "\"Waste; \"\"all\"\"\";2;;;\n");
    assert_int_equal(all.record_count, 2);
    assert_int_equal(all.invalid_count, 0);
    assert_value(all.records[0], "project.title[0].text", "Water");
    assert_value(all.records[0], "project.title[0].language", "en");
    assert_value(all.records[0], "project.status", "PROJECT_STATUS_CLOSED");
    assert_value(all.records[0], "project.dates[0].date.year", "2026");
    assert_value(all.records[0], "project.dates[0].date.month", "11");
    assert_unset(all.records[0], "project.dates[0].date.day");
    assert_value(all.records[0], "project.dates[0].type", "PROJECT_DATE_TYPE_PLANNED_START");
    assert_value(all.records[1], "project.title[0].text", "Waste; \"all\"");
    assert_count(all.records[1], "project.dates", 0);
    assert_int_equal(all.record_items[1].line, 3);
    assert_int_equal(losses.count, 1);
    assert_string_equal(losses.items[0].path, "x");
    assert_int_equal(losses.items[0].count, 1);
}

static const char MAP[] = "Name = project.title[language=de].text\n"
                          "Stand = project.status\n"
                          "Stand: \"laufend\" -> PROJECT_STATUS_IMPLEMENTATION\n"
                          "Stand: \"unklar\" -> \"\"\n"
                          "Von = project.dates[0].date\n"
                          "Von: date DD.MM.YYYY\n"
                          "\"PROJECT_DATE_TYPE_ACTUAL_START\" -> project.dates[0].type\n"
                          "Bis = project.dates[1].date\n"
                          "\"PROJECT_DATE_TYPE_ACTUAL_END\" -> project.dates[1].type\n"
                          "S1 = project.sectors[0].code\n"
                          "\"DAC-5\" -> project.sectors[0].scheme\n"
                          "S2 = project.sectors[1].code\n"
                          "\"OWN\" -> project.sectors[1].scheme\n"
                          "Geld = project.budgets[0].value\n"
                          "\"EUR\" -> project.budgets[0].value.currency\n"
                          "\"City\" -> project.participants[0].actor.name[language=en].text\n"
                          "\"CC-BY-4.0\" -> header.licence\n"
                          "Sprache = header.languages[+]\n";

static void maps_fill_elements(void **state)
{
    (void)state;
    must_read(MAP, NULL,
              "Name,Stand,Von,Bis,S1,S2,Geld,Sprache\n"
              "A,laufend,1.2.2026,2026-03-04,14030,X,12.5,de\n"
              "B,unklar,,2026,,X,,\n");
    assert_int_equal(all.record_count, 2);
    const struct hanse_record *a = all.records[0];
    assert_value(a, "project.status", "PROJECT_STATUS_IMPLEMENTATION");
    assert_value(a, "project.dates[type=PROJECT_DATE_TYPE_ACTUAL_START].date.day", "1");
    assert_value(a, "project.dates[type=PROJECT_DATE_TYPE_ACTUAL_END].date.day", "4");
    assert_value(a, "project.sectors[scheme=DAC-5].code", "14030");
    assert_value(a, "project.sectors[scheme=OWN].code", "X");
    assert_value(a, "project.budgets[0].value.units", "12");
    assert_value(a, "project.budgets[0].value.nanos", "500000000");
    assert_value(a, "project.budgets[0].value.currency", "EUR");
    assert_value(a, "header.languages[0]", "de");
    const struct hanse_record *b = all.records[1];
    /* Elements without a cell are not there, and the others move up. */
    assert_unset(b, "project.status");
    assert_count(b, "project.dates", 1);
    assert_value(b, "project.dates[0].type", "PROJECT_DATE_TYPE_ACTUAL_END");
    assert_count(b, "project.sectors", 1);
    assert_value(b, "project.sectors[0].scheme", "OWN");
    assert_count(b, "project.budgets", 0);
    assert_count(b, "header.languages", 0);
    assert_value(b, "header.licence", "CC-BY-4.0");
    assert_value(b, "project.participants[0].actor.name[0].text", "City");
    assert_int_equal(losses.count, 0);
}

static void bad_cells_name_line_and_column(void **state)
{
    (void)state;
    must_read("A = project.status\nB = project.dates[0].date", "K",
              "K,A,B\n1,5,2026\n2,wrong,soon\n\"3\n\",\xff,\n,5,\n1,5,\n4,5\n5,5,,\n6,\"5\"x,\n7,4,\n");
    assert_int_equal(all.record_count, 2);
    assert_string_equal(all.record_items[0].id, "");
    assert_int_equal(all.record_items[1].line, 11);
    static const struct {
        uint64_t line;
        const char *said;
    } expected[] = {
        {3, "column 2 \"A\": value \"wrong\" does not suit \"status\": use one of"},
        {4, "column 2 \"A\": text is not in the encoding"},
        {6, "key \"K\" is empty"},
        {7, "key \"K\" has the value \"1\" in line 2 already"},
        {8, "row ends with column 2, and the header has 3"},
        {9, "row ends with column 4, and the header has 3"},
        {10, "line 10, column 2: something follows the quote"},
    };
    assert_int_equal(all.invalid_count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_int_equal(all.invalid[i].problem.status, HANSE_MALFORMED);
        assert_int_equal(all.invalid[i].line, expected[i].line);
        assert_int_equal(all.invalid[i].problem.offset, all.invalid[i].offset);
        if (strncmp(all.invalid[i].problem.message, expected[i].said, strlen(expected[i].said)) != 0)
            fail_msg("%s", all.invalid[i].problem.message);
    }
    assert_int_equal(all.invalid[0].offset, 15);
}

static void keys_are_handed_over(void **state)
{
    (void)state;
    must_read("A = project.status", "A", "A\n 5 \n");
    assert_int_equal(all.record_count, 1);
    assert_string_equal(all.record_items[0].key, "5");
}

static void bad_headers_end_it(void **state)
{
    (void)state;
    static const struct {
        const char *map;
        const char *key;
        const char *csv;
        const char *said;
    } cases[] = {
        {NULL, NULL, "a,b\n1,2\n", "header has no column that is a path"},
        {"A = project.status", NULL, "a,b\n1,2\n",
         "header lacks the column \"A\" that the map names; it has: \"a\" \"b\""},
        {"A = project.status", "K", "A,b\n1,2\n", "header lacks the column \"K\" that the key names"},
        {"A = project.status", NULL, "A,b,A\n", "column 3 \"A\": the header has this column twice"},
        {NULL, NULL, "project.titel.text,b\n",
         "column 1 \"project.titel.text\": path \"project.titel.text\" is refused"},
        {NULL, NULL, "project.status,practice.title[0].text\n", "column 2 "},
        {NULL, NULL, "header.licence,b\n", "no path tells the kind"},
        {NULL, NULL, "a,\xff\n", "column 2 has a name that is not in the encoding"},
        {NULL, NULL, "\"a\"x,b\n", "header is refused: something follows"},
        {NULL, NULL, "", "table has no header"},
        {NULL, NULL, "project.status,\"b\n1,2", "table ends within quotes"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum hanse_status status = read_table(cases[i].map, cases[i].key, NULL, cases[i].csv);
        if (status != HANSE_MALFORMED || strncmp(err.message, cases[i].said, strlen(cases[i].said)) != 0)
            fail_msg("%s: %s", cases[i].csv, status == HANSE_OK ? "taken" : err.message);
        assert_int_equal(err.status, HANSE_MALFORMED);
        assert_int_equal(all.record_count, 0);
    }
}

static void other_encodings(void **state)
{
    (void)state;
    assert_int_equal(
        read_table(
            "\xe7\x8a\xb6\xe6\x85\x8b = project.status\n\xe5\x90\x8d = project.title[language=ja].text", NULL,
            "CP932", "\x8f\xf3\x91\xd4,\x96\xbc\n5,\x93\x8c\x8b\x9e\n5,\xfd\xfe\n"),
        HANSE_OK);
    assert_int_equal(all.record_count, 1);
    assert_value(all.records[0], "project.title[0].text", "\xe6\x9d\xb1\xe4\xba\xac");
    assert_int_equal(all.record_items[0].offset, HANSE_NO_OFFSET);
    assert_int_equal(all.invalid_count, 1);
    assert_int_equal(all.invalid[0].line, 3);
    assert_int_equal(read_table("A = project.status", NULL, "latin", "A\n5\n"), HANSE_UNSUPPORTED);
}

static void persons_in_texts_are_told(void **state)
{
    (void)state;
    must_read(NULL, NULL, "project.title[language=en].text\nask someone@city.example\n");
    assert_int_equal(all.finding_count, 1);
    assert_string_equal(all.findings[0].rule, "personal-email");
}

static enum hanse_status read_short(void *context)
{
    (void)context;
    return read_table("A = project.dates[0].date\n\"1\" -> project.dates[0].type", "K", "ISO-8859-1",
                      "A,K,L\n2026,1,x\n");
}

static void memory_runs_out(void **state)
{
    (void)state;
    assert_true(anomaly_fail_each_allocation(read_short, NULL) >= 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(header_of_paths, teardown),
        cmocka_unit_test_teardown(maps_fill_elements, teardown),
        cmocka_unit_test_teardown(bad_cells_name_line_and_column, teardown),
        cmocka_unit_test_teardown(keys_are_handed_over, teardown),
        cmocka_unit_test_teardown(bad_headers_end_it, teardown),
        cmocka_unit_test_teardown(other_encodings, teardown),
        cmocka_unit_test_teardown(persons_in_texts_are_told, teardown),
        cmocka_unit_test_teardown(memory_runs_out, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
