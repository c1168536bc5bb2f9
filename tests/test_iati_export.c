/* SPDX-License-Identifier: Apache-2.0 */
/* IATI out: what was imported comes out as it was, what cannot be said is named. */
#include "import_collect.h"

#include <unistd.h>

#include <hanse/iati_export.h>

#include "base/text.h"
#include "record/iati/reader.h"
#include "record/iati/sax.h"
#include "record/iati/value.h"

#define SAMPLE "examples/data/vila-serena.xml"
#define ANNOTATED "../shared/data/iati-203/activity-standard-example-annotated.xml"

static struct collected all;

static void import(struct hanse_bytes bytes)
{
    struct hanse_error err = {0};
    struct hanse_loss_report losses;
    struct piecewise source = {bytes, SIZE_MAX};
    struct hanse_import_sink sink = collect_sink(&all);
    collect_release(&all);
    hanse_loss_report_init(&losses);
    if (hanse_iati_read((struct hanse_source){read_piece, &source}, &sink, &losses, &err) != HANSE_OK)
        fail_msg("%s", err.message);
    hanse_loss_report_release(&losses);
}

static void import_file(const char *path)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer buffer;
    import(load(&buffer, path));
}

struct lost {
    char text[1024]; /* "path count, path count" */
};

static void note_loss(void *context, const char *path, uint64_t count)
{
    struct lost *lost = context;
    size_t size = strlen(lost->text);
    (void)snprintf(lost->text + size, sizeof lost->text - size, "%s%s %llu", size > 0 ? ", " : "", path,
                   (unsigned long long)count);
}

/* All records collected, as one file. */
static enum hanse_status export_all(struct hanse_buffer *out, struct lost *lost, struct hanse_error *err)
{
    struct hanse_iati_export_options options = {.version = 1,
                                                .reporter_ref = "XX-REG-9",
                                                .reporter_type = "15",
                                                .reporter_name = "Puerto <Claro>",
                                                .reporter_language = "es"};
    struct hanse_iati_export *it = NULL;
    struct hanse_bytes xml;
    enum hanse_status status = hanse_iati_export_new(&options, &it, err);
    if (status != HANSE_OK)
        return status;
    status = hanse_buffer_append_text(out, hanse_iati_export_head(), err);
    for (size_t i = 0; status == HANSE_OK && i < all.record_count; i++) {
        status = hanse_iati_export_add(it, all.records[i], &xml, err);
        if (status == HANSE_OK)
            status = hanse_buffer_append(out, xml, err);
    }
    if (status == HANSE_OK)
        status = hanse_buffer_append_text(out, hanse_iati_export_tail(), err);
    lost->text[0] = '\0';
    hanse_iati_export_losses(it, note_loss, lost);
    hanse_iati_export_free(it);
    return status;
}

static void assert_exports(struct hanse_buffer *out, const char *losses)
{
    struct hanse_error err = {0};
    struct lost lost;
    hanse_buffer_init(out, COLLECT_FILE_BYTES);
    if (export_all(out, &lost, &err) != HANSE_OK)
        fail_msg("%s", err.message);
    assert_string_equal(lost.text, losses);
}

static bool is_contact(const struct hanse_iati_element *element)
{
    return element != NULL && strcmp(element->name, "contact-info") == 0;
}

/* Points are numbers, so that 1.50 is 1.5. */
static bool same_text(const struct hanse_iati_element *a, const struct hanse_iati_element *b)
{
    int32_t lat[2];
    int32_t lon[2];
    if (strcmp(a->name, "pos") == 0 && hanse_iati_point_parse(a->text, &lat[0], &lon[0]) &&
        hanse_iati_point_parse(b->text, &lat[1], &lon[1]))
        return lat[0] == lat[1] && lon[0] == lon[1];
    return strcmp(a->text, b->text) == 0;
}

static void assert_same_attributes(const struct hanse_iati_element *a, const struct hanse_iati_element *b)
{
    for (const struct hanse_iati_attribute *x = a->attributes; x != NULL; x = x->next) {
        const struct hanse_iati_attribute *y = hanse_iati_attribute(b, x->name);
        if (y == NULL || strcmp(x->value, y->value) != 0)
            fail_msg("%s/@%s is \"%s\" on one side only", a->name, x->name, x->value);
    }
}

/* Element by element, in order; contact details are not written. */
static void assert_same(const struct hanse_iati_element *old, const struct hanse_iati_element *new)
{
    assert_string_equal(old->name, new->name);
    if (!same_text(old, new))
        fail_msg("%s is \"%s\", not \"%s\"", old->name, new->text, old->text);
    assert_same_attributes(old, new);
    assert_same_attributes(new, old);
    const struct hanse_iati_element *a = old->first_child;
    const struct hanse_iati_element *b = new->first_child;
    while (a != NULL || b != NULL) {
        if (is_contact(a)) {
            a = a->next;
            continue;
        }
        if (a == NULL || b == NULL)
            fail_msg("%s ends before %s", old->name, a != NULL ? a->name : b->name);
        assert_same(a, b);
        a = a->next;
        b = b->next;
    }
}

static void assert_comes_back(const char *path)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer file;
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    struct hanse_iati_tree old;
    struct hanse_iati_tree new;
    struct hanse_bytes bytes = load(&file, path);
    import(bytes);
    assert_int_equal(all.record_count, 1);
    assert_exports(&out, "iati-activity/contact-info 1");
    hanse_iati_tree_init(&old);
    hanse_iati_tree_init(&new);
    assert_int_equal(hanse_iati_parse(bytes, &old, NULL), HANSE_OK);
    assert_int_equal(hanse_iati_parse(hanse_buffer_view(&out), &new, NULL), HANSE_OK);
    assert_same(hanse_iati_child(old.root, "iati-activity"), hanse_iati_child(new.root, "iati-activity"));
    hanse_iati_tree_release(&old);
    hanse_iati_tree_release(&new);
}

static void the_sample_comes_back_element_by_element(void **state)
{
    (void)state;
    assert_comes_back(SAMPLE);
}

static void the_annotated_example_comes_back_element_by_element(void **state)
{
    (void)state;
    if (access(ANNOTATED, R_OK) != 0) {
        print_message("skipped: %s is not there\n", ANNOTATED);
        skip();
    }
    assert_comes_back(ANNOTATED);
}

/* A file whose defaults are inherited comes back as the same records, with everything stated. */
static void inherited_values_give_the_same_records(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    HANSE_SCOPED_BUFFER struct hanse_buffer again;
    import_file("examples/data/puerto-claro.xml");
    assert_exports(&out, "");
    assert_int_equal(all.record_count, 12);
    import(hanse_buffer_view(&out));
    assert_int_equal(all.record_count, 12);
    assert_exports(&again, "");
    assert_true(hanse_bytes_equal(hanse_buffer_view(&out), hanse_buffer_view(&again)));
}

static void an_older_edition_is_no_loss(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    import(hanse_bytes_of_text(
        "<iati-activities version=\"2.01\"><iati-activity><iati-identifier>XX-1</iati-identifier>"
        "</iati-activity></iati-activities>"));
    assert_value(all.records[0], "header.provenance[0].sourceScheme", "IATI-2.01");
    assert_exports(&out, "");
}

static void take_json(const char *json)
{
    struct hanse_error err = {0};
    collect_release(&all);
    if (hanse_record_from_json(hanse_bytes_of_text(json), &all.records[0], &err) != HANSE_OK)
        fail_msg("%s", err.message);
    all.record_count = 1;
}

#define ACTIVITY "{\"header\":{\"identifiers\":[{\"scheme\":\"IATI-ACT\",\"value\":\"XX-1\"}]},\"project\":{"

static void what_iati_cannot_say_is_named(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    take_json(
        ACTIVITY
        "\"title\":[{\"text\":\"a & <b> \\u0001\",\"language\":\"en\"}],\"contributions\":[{\"quantity\":"
        "\"1.5\"},{\"quantity\":\"2\"}],\"dates\":[{\"type\":2,\"date\":{\"year\":2020}}],"
        "\"participants\":[{\"actor\":{\"id\":\"UNLOCODE:JPKKJ\"},\"role\":1}],\"tags\":[{"
        "\"scheme\":\"ASEAN-ESC\",\"code\":\"clean-air\"}],\"budgets\":[{\"value\":{\"currency\":\"EUR\","
        "\"nanos\":-500000000}}]}}");
    assert_exports(&out, "project.contributions.quantity 2, project.dates.date.year 1, "
                         "project.participants.actor.id 1, project.tags.scheme 1, project.title.text 1");
    import(hanse_buffer_view(&out));
    const struct hanse_record *record = all.records[0];
    assert_value(record, "project.title[0].text", "a & <b> \xef\xbf\xbd");
    assert_value(record, "project.budgets[0].value.nanos", "-500000000");
    assert_value(record, "header.provenance[0].publisher.id", "IATI-ORG:XX-REG-9");
    assert_value(record, "header.provenance[0].publisher.name[language=es].text", "Puerto <Claro>");
    assert_value(record, "project.tags[0].scheme", "IATI-TAG-99");
}

static void what_is_no_activity_is_refused(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    struct hanse_error err = {0};
    struct lost lost;
    struct hanse_iati_export *it = NULL;
    hanse_buffer_init(&out, COLLECT_FILE_BYTES);
    take_json("{\"organisation\":{}}");
    assert_int_equal(export_all(&out, &lost, &err), HANSE_UNSUPPORTED);
    take_json("{\"project\":{}}");
    assert_int_equal(export_all(&out, &lost, &err), HANSE_INVALID_RECORD);
    assert_non_null(strstr(err.message, "IATI-ACT"));
    assert_string_equal(lost.text, "");
    assert_int_equal(hanse_iati_export_new(&(struct hanse_iati_export_options){0}, &it, &err),
                     HANSE_INVALID_ARGUMENT);
    assert_null(it);
    hanse_iati_export_free(NULL);
}

/* After an edit, what was kept goes back only where it is sure to belong. */
static void what_has_no_place_any_more_is_lost(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    import_file("tests/data/iati/cities.xml");
    assert_int_equal(hanse_record_clear(all.records[0], "project.transactions[0]", NULL), HANSE_OK);
    assert_int_equal(hanse_record_clear(all.records[0], "project.participants", NULL), HANSE_OK);
    assert_exports(&out, "extensions 1, iati-activity/contact-info 1");
    assert_int_equal(hanse_buffer_append_u8(&out, 0, NULL), HANSE_OK);
    struct hanse_bytes xml = hanse_buffer_view(&out);
    assert_non_null(strstr((const char *)xml.data, "<owner-org ref=\"XX-REG-0042\">"));
    assert_null(strstr((const char *)xml.data, "humanitarian"));
}

/* The payload may come from anybody's feed. */
static void foreign_payloads_do_no_harm(void **state)
{
    (void)state;
    static const struct {
        const char *xml;
        const char *losses;
    } cases[] = {
        {"<iati-activity hierarchy=\"2\"/>", ""},
        {"<iati-activity", "extensions 1"},
        {"", "extensions 1"},
        {"<other/>", "extensions 1"},
        {"<!DOCTYPE a [<!ENTITY b 'c'>]><iati-activity>&b;</iati-activity>", "extensions 1"},
        {"<iati-activity xmlns:hanse='u'><title hanse:at='9/9'/></iati-activity>", "extensions 1"},
        {"<iati-activity xmlns:hanse='u'><title hanse:at='0/1'/><title hanse:at='x'/></iati-activity>",
         "extensions 2"},
        {"<iati-activity xmlns:hanse='u'><title hanse:at='1/1'/><title hanse:at='1/1'/></iati-activity>",
         "extensions 1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        HANSE_SCOPED_BUFFER struct hanse_buffer base64;
        HANSE_SCOPED_BUFFER struct hanse_buffer out;
        hanse_buffer_init(&base64, 1 << 16);
        take_json(ACTIVITY "\"title\":[{\"text\":\"a\",\"language\":\"en\"}]}}");
        struct hanse_record *record = all.records[0];
        assert_int_equal(hanse_base64_encode(hanse_bytes_of_text(cases[i].xml), &base64, NULL), HANSE_OK);
        assert_int_equal(hanse_buffer_append_u8(&base64, 0, NULL), HANSE_OK);
        assert_int_equal(hanse_record_set(record, "extensions[+].scheme", "IATI-2.03", NULL), HANSE_OK);
        assert_int_equal(hanse_record_set(record, "extensions[0].path", "iati-activity", NULL), HANSE_OK);
        assert_int_equal(hanse_record_set(record, "extensions[0].payload", (const char *)base64.data, NULL),
                         HANSE_OK);
        assert_exports(&out, cases[i].losses);
    }
}

static enum hanse_status export_again(void *context)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    struct hanse_error err = {0};
    hanse_buffer_init(&out, COLLECT_FILE_BYTES);
    enum hanse_status status = export_all(&out, context, &err);
    assert_int_equal(err.status, status);
    return status;
}

static void failing_allocations_end_the_export(void **state)
{
    (void)state;
    struct lost lost;
    import_file(SAMPLE);
    assert_true(anomaly_fail_each_allocation(export_again, &lost) > 20);
    assert_string_equal(lost.text, "iati-activity/contact-info 1");
}

static int teardown(void **state)
{
    (void)state;
    collect_release(&all);
    return 0;
}

static void count_report(void *context, xmlErrorPtr error)
{
    (void)error;
    ++*(unsigned *)context;
}

/* The thread's handler prints to stderr where nobody set one: it is left alone, and is there again
 * afterwards. */
static void an_encoder_that_gives_up_tells_nobody_else(void **state)
{
    (void)state;
    static const char xml[] = "<?xml version=\"1.0\" encoding=\"UTF-7\"?><a>\xff\xff\xf9v</a>";
    unsigned reports = 0;
    struct hanse_iati_tree tree;
    hanse_iati_tree_init(&tree);
    xmlSetStructuredErrorFunc(&reports, count_report);
    assert_int_equal(hanse_iati_parse(hanse_bytes_of_text(xml), &tree, NULL), HANSE_MALFORMED);
    assert_int_equal(reports, 0);
    assert_true(xmlStructuredError == count_report && xmlStructuredErrorContext == &reports);
    xmlSetStructuredErrorFunc(NULL, NULL);
    hanse_iati_tree_release(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sample_comes_back_element_by_element),
        cmocka_unit_test(the_annotated_example_comes_back_element_by_element),
        cmocka_unit_test(inherited_values_give_the_same_records),
        cmocka_unit_test(an_older_edition_is_no_loss),
        cmocka_unit_test(what_iati_cannot_say_is_named),
        cmocka_unit_test(what_is_no_activity_is_refused),
        cmocka_unit_test(what_has_no_place_any_more_is_lost),
        cmocka_unit_test(foreign_payloads_do_no_harm),
        cmocka_unit_test(an_encoder_that_gives_up_tells_nobody_else),
        cmocka_unit_test(failing_allocations_end_the_export),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
