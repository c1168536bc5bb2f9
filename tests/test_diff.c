/* SPDX-License-Identifier: Apache-2.0 */
/* What changed from one record to another, and one record in whatever form it comes. */
#include "anomaly.h"

#include <stdio.h>
#include <string.h>

#include <hanse/record.h>

#include "base/bytes.h"

static struct hanse_error err;

static struct hanse_record *record_of(const char *json)
{
    struct hanse_record *record = NULL;
    assert_int_equal(hanse_record_from_json(hanse_bytes_of_text(json), &record, &err), HANSE_OK);
    return record;
}

struct seen {
    char text[800];
    unsigned left; /* differences until the visitor refuses */
};

static enum hanse_status see(void *context, const struct hanse_difference *difference,
                             struct hanse_error *unused)
{
    (void)unused;
    struct seen *seen = context;
    size_t used = strlen(seen->text);
    (void)snprintf(seen->text + used, sizeof seen->text - used, "%s:%s>%s|", difference->path,
                   difference->old_value != NULL ? difference->old_value : "",
                   difference->new_value != NULL ? difference->new_value : "");
    return seen->left-- == 1 ? HANSE_CANCELLED : HANSE_OK;
}

static void assert_diff(const char *old_json, const char *new_json, const char *wanted)
{
    struct seen seen = {"", 0};
    struct hanse_record *old_record = old_json != NULL ? record_of(old_json) : NULL;
    struct hanse_record *new_record = new_json != NULL ? record_of(new_json) : NULL;
    assert_int_equal(hanse_record_diff(old_record, new_record, see, &seen, &err), HANSE_OK);
    assert_string_equal(seen.text, wanted);
    hanse_record_free(old_record);
    hanse_record_free(new_record);
}

static const char port[] = "{\"header\":{\"identifiers\":[{\"scheme\":\"A\",\"value\":\"1\"}]},"
                           "\"organisation\":{\"name\":[{\"text\":\"Port\",\"language\":\"en\"}]}}";
static const char dock[] = "{\"organisation\":{\"name\":[{\"text\":\"Dock\",\"language\":\"en\"},"
                           "{\"text\":\"Muelle\",\"language\":\"es\"}]}}";

static void test_diff(void **state)
{
    (void)state;
    assert_diff(port, port, "");
    assert_diff(NULL, NULL, "");
    assert_diff(port, dock,
                "header.identifiers[0].scheme:A>|header.identifiers[0].value:1>|"
                "organisation.name[0].text:Port>Dock|organisation.name[1].text:>Muelle|"
                "organisation.name[1].language:>es|");
    assert_diff(dock, port,
                "header.identifiers[0].scheme:>A|header.identifiers[0].value:>1|"
                "organisation.name[0].text:Dock>Port|organisation.name[1].text:Muelle>|"
                "organisation.name[1].language:es>|");
    assert_diff(NULL, "{\"organisation\":{\"name\":[{\"text\":\"P\"}]}}", "organisation.name[0].text:>P|");
    assert_diff("{\"organisation\":{\"name\":[{\"text\":\"P\"}]}}", NULL, "organisation.name[0].text:P>|");
}

/* Field order, not that of the alphabet: 10 stands behind 9. */
static void test_order_of_many(void **state)
{
    (void)state;
    char json[1000] = "{\"organisation\":{\"name\":[";
    for (int i = 0; i < 12; i++) {
        size_t used = strlen(json);
        (void)snprintf(json + used, sizeof json - used, "%s{\"text\":\"%d\"}", i > 0 ? "," : "", i);
    }
    (void)snprintf(json + strlen(json), sizeof json - strlen(json), "]}}");
    struct seen seen = {"", 0};
    struct hanse_record *record = record_of(json);
    assert_int_equal(hanse_record_diff(NULL, record, see, &seen, &err), HANSE_OK);
    assert_non_null(
        strstr(seen.text, "name[9].text:>9|organisation.name[10].text:>10|organisation.name[11]"));
    seen = (struct seen){"", 3};
    assert_int_equal(hanse_record_diff(NULL, record, see, &seen, &err), HANSE_CANCELLED);
    assert_string_equal(seen.text, "organisation.name[0].text:>0|organisation.name[1].text:>1|"
                                   "organisation.name[2].text:>2|");
    hanse_record_free(record);
}

static enum hanse_status diff_again(void *context)
{
    struct seen seen = {"", 0};
    struct hanse_record **records = context;
    return hanse_record_diff(records[0], records[1], see, &seen, &err);
}

static void test_diff_without_memory(void **state)
{
    (void)state;
    struct hanse_record *records[] = {record_of(port), record_of(dock)};
    assert_true(anomaly_fail_each_allocation(diff_again, records) > 4);
    hanse_record_free(records[0]);
    hanse_record_free(records[1]);
}

static void assert_any(struct hanse_bytes input, const char *wanted_id)
{
    struct hanse_record *record = NULL;
    char *id = (char *)"untouched";
    char *name = NULL;
    assert_int_equal(hanse_record_from_any(input, &record, &id, &err), HANSE_OK);
    if (wanted_id == NULL)
        assert_null(id);
    else
        assert_string_equal(id, wanted_id);
    assert_int_equal(hanse_record_get(record, "organisation.name[0].text", &name, &err), HANSE_OK);
    assert_string_equal(name, "Port");
    hanse_free(name);
    hanse_free(id);
    hanse_record_free(record);
}

static void test_any_form(void **state)
{
    (void)state;
    struct hanse_record *record = record_of(port);
    struct hanse_bytes bytes;
    assert_int_equal(hanse_record_bytes(record, &bytes, &err), HANSE_OK);
    assert_int_equal(bytes.data[0], '\n'); /* a serialized header begins as a blank line does */
    assert_any(bytes, NULL);
    assert_any(hanse_bytes_of_text(port), NULL);
    assert_any(
        hanse_bytes_of_text("\xEF\xBB\xBF\n {\n\"organisation\":\n{\"name\":[{\"text\":\"Port\"}]}\n}\n"),
        NULL);
    assert_any(hanse_bytes_of_text("{\"id\":\"hanse:a.example/b/1\",\"revision\":3,"
                                   "\"record\":{\"organisation\":{\"name\":[{\"text\":\"Port\"}]}}}"),
               "hanse:a.example/b/1");
    hanse_record_free(record);
}

/* The bytes of a header of 123 bytes look like "\n{". */
static void test_bytes_that_look_like_json(void **state)
{
    (void)state;
    struct hanse_record *record = record_of(port);
    struct hanse_bytes bytes = {0};
    char value[130] = "";
    for (size_t size = 1; size < sizeof value - 1; size++) {
        memset(value, 'x', size);
        value[size] = '\0';
        assert_int_equal(hanse_record_set(record, "header.identifiers[0].value", value, &err), HANSE_OK);
        assert_int_equal(hanse_record_bytes(record, &bytes, &err), HANSE_OK);
        if (bytes.data[1] == '{')
            break;
    }
    assert_int_equal(bytes.data[1], '{');
    assert_any(bytes, NULL);
    hanse_record_free(record);
}

static void test_any_refuses(void **state)
{
    (void)state;
    struct hanse_record *record = NULL;
    char *id = NULL;
    assert_failure(hanse_record_from_any(hanse_bytes_of_text("{\"organisation\":{"), &record, &id, &err), err,
                   HANSE_MALFORMED, err.offset);
    const char line[] = "{\"id\":\"x\",\"record\":{\"organisation\":{\"nome\":1}}}";
    assert_int_equal(hanse_record_from_any(hanse_bytes_of_text(line), &record, &id, &err), HANSE_MALFORMED);
    assert_true(err.offset == HANSE_NO_OFFSET || err.offset >= 20); /* counted from the line's start */
    assert_int_equal(hanse_record_from_any(hanse_bytes_of_text("nonsense"), &record, &id, &err),
                     HANSE_MALFORMED);
    assert_int_equal(hanse_record_from_any(hanse_bytes_of_text(""), &record, &id, &err), HANSE_MALFORMED);
    assert_int_equal(hanse_record_from_any(hanse_bytes_of_text("\n\n"), &record, &id, NULL), HANSE_MALFORMED);
    assert_null(record);
    assert_null(id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_diff),
        cmocka_unit_test(test_order_of_many),
        cmocka_unit_test(test_diff_without_memory),
        cmocka_unit_test(test_any_form),
        cmocka_unit_test(test_bytes_that_look_like_json),
        cmocka_unit_test(test_any_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
