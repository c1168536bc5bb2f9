/* SPDX-License-Identifier: Apache-2.0 */
/* Tables out and in again: columns, inert cells, rows that change the records that they name. */
#include "import_collect.h"

#include <hanse/csv_export.h>

#include "record/csv/csv.h"

#define ID "hanse:city.example/hanse/01a20f74-2aeb-785f-8451-de35bfe43218"
#define LANGUAGE(text, tag) "{\"text\":\"" text "\",\"language\":\"" tag "\"}"
#define TITLE "\"title\":[" LANGUAGE("Water", "en") "," LANGUAGE("\xe6\xb0\xb4", "ja") "]"

static struct collected all;
static struct hanse_buffer table;
static char losses[256];
static struct hanse_record *base; /* what the row names */
static uint64_t base_revision;
static bool refuses;
static const char *told_kind; /* that an import is told */

static struct hanse_record *make(const char *json)
{
    struct hanse_record *record = NULL;
    struct hanse_error err = {0};
    if (hanse_record_from_json(hanse_bytes_of_text(json), &record, &err) != HANSE_OK)
        fail_msg("%s", err.message);
    return record;
}

static void note_loss(void *context, const char *path, uint64_t count)
{
    (void)context;
    size_t size = strlen(losses);
    (void)snprintf(losses + size, sizeof losses - size, "%s %u;", path, (unsigned)count);
}

static enum hanse_status export_all(const char *kind, struct hanse_record *const *records, size_t count,
                                    struct hanse_error *err)
{
    const struct hanse_csv_export_options options = {.version = 1, .kind = kind};
    struct hanse_csv_export *it = NULL;
    struct hanse_bytes line;
    losses[0] = '\0';
    hanse_buffer_clear(&table);
    enum hanse_status status = hanse_csv_export_new(&options, &it, err);
    for (size_t i = 0; status == HANSE_OK && i < count; i++)
        status = hanse_csv_export_survey(it, records[i], err);
    if (status == HANSE_OK)
        status = hanse_csv_export_head(it, &line, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append(&table, line, err);
    for (size_t i = 0; status == HANSE_OK && i < count; i++) {
        status = hanse_csv_export_add(it, ID, 7, records[i], &line, err);
        if (status == HANSE_OK)
            status = hanse_buffer_append(&table, line, err);
    }
    hanse_csv_export_losses(it, note_loss, NULL);
    hanse_csv_export_free(it);
    return status;
}

static const char *export_one(struct hanse_record *record)
{
    struct hanse_error err = {0};
    if (export_all(hanse_record_kind(record), &record, 1, &err) != HANSE_OK)
        fail_msg("%s", err.message);
    assert_int_equal(hanse_buffer_append_u8(&table, 0, NULL), HANSE_OK);
    table.size--;
    return (const char *)table.data;
}

static enum hanse_status give_base(void *context, const struct hanse_import_item *item, uint64_t revision,
                                   struct hanse_record **out, bool *out_refused, struct hanse_error *err)
{
    (void)context;
    assert_string_equal(item->id, ID);
    base_revision = revision;
    *out_refused = refuses;
    struct hanse_bytes bytes;
    enum hanse_status status = HANSE_OK;
    if (base != NULL)
        status = hanse_record_bytes(base, &bytes, err);
    return base != NULL && status == HANSE_OK ? hanse_record_from_bytes(bytes, out, err) : status;
}

static bool was_unchanged;

static enum hanse_status keep(void *context, const struct hanse_import_item *item,
                              struct hanse_record *record, struct hanse_error *err)
{
    was_unchanged = item->unchanged;
    return collect_record(context, item, record, err);
}

static enum hanse_status try_import(const char *csv, struct hanse_error *err)
{
    struct hanse_sheet *sheet = NULL;
    const struct hanse_sheet_options options = {.kind = told_kind};
    struct hanse_import_sink sink = collect_sink(&all);
    sink.record = keep;
    sink.base = give_base;
    collect_release(&all);
    struct hanse_bytes left = hanse_bytes_of_text(csv);
    enum hanse_status status = hanse_sheet_new(&options, &sheet, err);
    if (status == HANSE_OK)
        status = hanse_csv_read(hanse_source_of_bytes(&left), NULL, sheet, &sink, err);
    hanse_sheet_free(sheet);
    return status;
}

static void import(const char *csv)
{
    struct hanse_error err = {0};
    if (try_import(csv, &err) != HANSE_OK)
        fail_msg("%s", err.message);
}

static int setup(void **state)
{
    (void)state;
    hanse_buffer_init(&table, 1 << 20);
    refuses = false;
    told_kind = NULL;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    collect_release(&all);
    hanse_buffer_release(&table);
    hanse_record_free(base);
    base = NULL;
    return 0;
}

static void columns_go_by_fields_and_languages(void **state)
{
    (void)state;
    base = make("{\"project\":{" TITLE ",\"dates\":[{\"date\":{\"year\":2026,\"month\":3}}],"
                "\"budgets\":[{\"value\":{\"currency\":\"JPY\",\"units\":\"-12\",\"nanos\":-125000000}}]}}");
    assert_string_equal(
        export_one(base),
        "id,revision,project.title[language=en].text,project.title[language=ja].text,"
        "project.dates[0].date,project.budgets[0].value,project.budgets[0].value.currency\r\n" ID
        ",7,Water,\xe6\xb0\xb4,2026-03,'-12.1250,JPY\r\n");
    assert_string_equal(losses, "");
    import((const char *)table.data);
    assert_true(was_unchanged);
    assert_int_equal(base_revision, 7);
    assert_int_equal(all.record_count, 1);
}

static void what_has_no_cell_is_told_and_stays(void **state)
{
    (void)state;
    base = make("{\"project\":{\"title\":[" LANGUAGE("A", "en") "," LANGUAGE(
        "B", "en") ",{\"text\":\"C\"}],"
                   "\"dates\":[{\"date\":{\"month\":3}}]},\"extensions\":[{\"scheme\":\"X\"}]}");
    (void)export_one(base);
    assert_string_equal(losses, "extensions 1;project.dates.date 1;project.title.text 2;");
    told_kind = "Project"; /* no column is left that tells it */
    import((const char *)table.data);
    assert_true(was_unchanged);
    import("id,revision,project.title[language=en].text\r\n" ID ",7,New\r\n");
    assert_false(was_unchanged);
    assert_value(all.records[0], "project.title[0].text", "New");
    assert_value(all.records[0], "project.title[1].text", "B");
    assert_value(all.records[0], "project.title[2].text", "C");
    assert_value(all.records[0], "project.dates[0].date.month", "3");
}

static void active_cells_are_inert_and_come_back(void **state)
{
    static const char *const texts[] = {
        "=1+1",  "+49", "-5", "@x", "'=1", "''@x", "'s", "''", "\\tTab", "a=b", "=\\\"a\\\",\\n\\\"b\\\"",
        "011002"};
    char json[200];
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        (void)snprintf(json, sizeof json, "{\"organisation\":{\"name\":[" LANGUAGE("%s", "en") "]}}",
                       texts[i]);
        hanse_record_free(base);
        base = make(json);
        char *cell = strstr(export_one(base), ID);
        assert_non_null(cell);
        cell += strlen(ID ",7,");
        cell += *cell == '"';
        assert_null(strchr("=+-@\t\r", *cell));
        import((const char *)table.data);
        assert_true(was_unchanged);
    }
    assert_value(all.records[0], "organisation.name[0].text", "011002");
    import("organisation.name[language=en].text,organisation.website\n'=x,'s-Hertogenbosch\n");
    assert_value(all.records[0], "organisation.name[0].text", "=x");
    assert_value(all.records[0], "organisation.website", "'s-Hertogenbosch");
}

static void rows_change_what_they_name(void **state)
{
    (void)state;
    base = make("{\"header\":{\"languages\":[\"en\",\"ja\",\"pt\"]},\"project\":{" TITLE
                ",\"status\":\"PROJECT_STATUS_CLOSED\","
                "\"dates\":[{\"type\":1,\"date\":{\"year\":2024}},{\"type\":2,\"date\":{\"year\":2025}},"
                "{\"type\":3,\"date\":{\"year\":2026,\"month\":1}}]}}");
    import(
        "id,revision,project.dates[2].date,project.dates[0].date,project.dates[0].type,project.dates[1].date,"
        "project.dates[3].date,project.title[language=ja].text,project.title[language=de].text,"
        "header.languages[1],header.languages[0],header.languages[2]\n" ID
        ",7,2027-02,,,{keep},2030,,Wasser,,,pt\n");
    assert_int_equal(all.invalid_count, 0);
    const struct hanse_record *record = all.records[0];
    assert_count(record, "project.dates", 3);
    assert_value(record, "project.dates[0].date.year", "2025");
    assert_value(record, "project.dates[0].type", "PROJECT_DATE_TYPE_ACTUAL_START");
    assert_value(record, "project.dates[1].date.year", "2027");
    assert_value(record, "project.dates[1].date.month", "2");
    assert_value(record, "project.dates[2].date.year", "2030");
    assert_count(record, "project.title", 2);
    assert_value(record, "project.title[1].text", "Wasser");
    assert_count(record, "header.languages", 1);
    assert_value(record, "header.languages[0]", "pt");
    assert_value(record, "project.status", "PROJECT_STATUS_CLOSED");
}

static void rows_that_cannot_be_are_told(void **state)
{
    (void)state;
    base = make("{\"project\":{" TITLE "}}");
    import("id,revision,project.status\n" ID ",x,1\n" ID ",7,odd\n" ID ",7,2\n");
    assert_int_equal(all.invalid_count, 2);
    assert_int_equal(all.record_count, 1);
    assert_non_null(strstr(all.invalid[0].problem.message, "revision \"x\""));
    assert_non_null(strstr(all.invalid[1].problem.message, "column 3 \"project.status\""));
    import("id,organisation.website\n" ID ",x\n");
    assert_int_equal(all.invalid_count, 1);
    assert_non_null(strstr(all.invalid[0].problem.message, "of kind Project"));
    refuses = true;
    import("id,project.status\n" ID ",2\n");
    assert_int_equal(all.record_count + all.invalid_count, 0); /* told by whoever refused it */
    refuses = false;
    hanse_record_free(base);
    base = NULL;
    import("id,project.status\n" ID ",2\n17,1\n");
    assert_int_equal(all.record_count, 2);
    assert_string_equal(all.record_items[0].id, ID);
    assert_string_equal(all.record_items[1].id, ""); /* of another table */
}

static void wrong_use_and_many_columns(void **state)
{
    (void)state;
    const struct hanse_csv_export_options odd = {.version = 1, .kind = "Tramway"};
    struct hanse_csv_export *it = NULL;
    struct hanse_error err;
    assert_int_equal(hanse_csv_export_new(&odd, &it, &err), HANSE_NOT_FOUND);
    assert_non_null(strstr(err.message, "Tramway"));
    assert_null(it);
    base = make("{\"project\":{" TITLE "}}");
    assert_int_equal(export_all("Organisation", &base, 1, &err), HANSE_INVALID_ARGUMENT);
    for (size_t i = 0; i < 1100; i++)
        assert_int_equal(hanse_record_set(base, "header.supersededIds[+]", "X:1", &err), HANSE_OK);
    (void)export_one(base);
    assert_string_equal(losses, "header.supersededIds 76;project.title.text 2;");
    told_kind = "Project"; /* no column is left that tells it */
    import((const char *)table.data);
    assert_true(was_unchanged);
}

static enum hanse_status export_again(void *context)
{
    return export_all("Project", context, 1, NULL);
}

static enum hanse_status import_again(void *context)
{
    return try_import(context, NULL);
}

static void memory_runs_out(void **state)
{
    (void)state;
    base = make("{\"project\":{" TITLE ",\"dates\":[{\"date\":{\"year\":2024}}]}}");
    assert_true(anomaly_fail_each_allocation(export_again, &base) > 10);
    char text[] = "id,revision,project.dates[0].date,project.title[language=de].text\n" ID ",7,,=x\n";
    assert_true(anomaly_fail_each_allocation(import_again, text) > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(columns_go_by_fields_and_languages, setup, teardown),
        cmocka_unit_test_setup_teardown(what_has_no_cell_is_told_and_stays, setup, teardown),
        cmocka_unit_test_setup_teardown(active_cells_are_inert_and_come_back, setup, teardown),
        cmocka_unit_test_setup_teardown(rows_change_what_they_name, setup, teardown),
        cmocka_unit_test_setup_teardown(rows_that_cannot_be_are_told, setup, teardown),
        cmocka_unit_test_setup_teardown(wrong_use_and_many_columns, setup, teardown),
        cmocka_unit_test_setup_teardown(memory_runs_out, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
