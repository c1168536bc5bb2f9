/* SPDX-License-Identifier: Apache-2.0 */
/* Records as proto3 JSON: the same bytes after a round trip, and strictness with the path and the byte of
 * what is wrong. */
#include "anomaly.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hanse/record.h>

#include "base/bytes.h"
#include "base/limits.h"

static struct hanse_record *read_json(const char *json)
{
    struct hanse_record *record = NULL;
    struct hanse_error err = {0};
    if (hanse_record_from_json(hanse_bytes_of_text(json), &record, &err) != HANSE_OK)
        fail_msg("%s", err.message);
    return record;
}

static void assert_json(const struct hanse_record *record, const char *expected)
{
    char *json = NULL;
    assert_int_equal(hanse_record_json(record, &json, NULL), HANSE_OK);
    assert_string_equal(json, expected);
    hanse_free(json);
}

/* Reads, writes, serializes, decodes and writes again. */
static void check_round_trip(const char *json, const char *expected)
{
    struct hanse_record *record = read_json(json);
    assert_json(record, expected);
    struct hanse_bytes bytes = {0};
    assert_int_equal(hanse_record_bytes(record, &bytes, NULL), HANSE_OK);
    struct hanse_record *again = NULL;
    assert_int_equal(hanse_record_from_bytes(bytes, &again, NULL), HANSE_OK);
    assert_json(again, expected);
    struct hanse_record *third = read_json(expected);
    struct hanse_bytes third_bytes = {0};
    assert_int_equal(hanse_record_bytes(third, &third_bytes, NULL), HANSE_OK);
    assert_true(hanse_bytes_equal(bytes, third_bytes));
    hanse_record_free(third);
    hanse_record_free(again);
    hanse_record_free(record);
}

static void every_type_makes_the_round_trip(void **state)
{
    (void)state;
    static const char full[] =
        "{\"header\":{\"identifiers\":[{\"scheme\":\"IATI-ACT\",\"value\":\"XM-1\",\"primary\":true}],"
        "\"languages\":[\"ja\",\"\"],\"createdUnixS\":\"18446744073709551615\"},"
        "\"extensions\":[{\"scheme\":\"X\",\"payload\":\"AAEC/w==\"}],"
        "\"project\":{\"title\":[{\"text\":\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001/"
        "\x7f\xe5\xb8\x82\xf0\x9f\x8f\x99\","
        "\"language\":\"ja\"}],\"status\":\"PROJECT_STATUS_CLOSED\",\"scope\":77,"
        "\"sectors\":[{\"shareMillionths\":0},{}],"
        "\"transactions\":[{\"value\":{\"units\":\"-9223372036854775808\",\"nanos\":-999999999}}],"
        "\"locations\":[{\"point\":{\"latE7\":-338000000}}],\"cooperation\":{},\"conditionsAttached\":false}"
        "}";
    check_round_trip(full, full);
}

static void other_spellings_are_read(void **state)
{
    (void)state;
    check_round_trip(
        " { \"header\" : { \"created_unix_s\" : 7 , \"updatedUnixS\": \"8\" } , \"project\" : { } } \n",
        "{\"header\":{\"createdUnixS\":\"7\",\"updatedUnixS\":\"8\"},\"project\":{}}");
    check_round_trip("{\"project\":{\"status\":2,\"sectors\":[{\"share_millionths\":\"5\"}],"
                     "\"title\":[{\"text\":\"\\u5e02\\ud83c\\udfd9\"}]}}",
                     "{\"project\":{\"title\":[{\"text\":\"\xe5\xb8\x82\xf0\x9f\x8f\x99\"}],"
                     "\"status\":\"PROJECT_STATUS_IMPLEMENTATION\",\"sectors\":[{\"shareMillionths\":5}]}}");
    check_round_trip("{\"organisation\":null,\"header\":null,\"project\":{\"status\":null,\"title\":null,"
                     "\"budgets\":[],\"scope\":0}}",
                     "{\"project\":{}}");
}

static void unknown_fields_are_left_out(void **state)
{
    (void)state;
    struct hanse_record *record = NULL;
    assert_int_equal(hanse_record_from_bytes(hanse_bytes_of("\x4a\x02hi\xd2\x01\x00", 7), &record, NULL),
                     HANSE_OK);
    assert_json(record, "{\"project\":{}}");
    hanse_record_free(record);
}

static void what_is_no_record_is_refused_at_its_byte(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        uint64_t offset;
        const char *path; /* in the message; NULL if there is none */
    } cases[] = {
        {"", 0, NULL},
        {"[]", 0, NULL},
        {"\"project\"", 9, NULL},
        {"{}", 0, NULL},
        {"{\"header\":{}}", 0, NULL},
        {"{\"project\":{}", 13, NULL},
        {"{\"project\":{}} 1", 16, NULL},
        {"{\"project\":{},}", 15, NULL},
        {"{\"project\":{},\"project\":{}}", 23, NULL},
        {"{\"project\":{\"title\":[{\"text\":\"\\u0000\"}]}}", 37, NULL},
        {"{\"project\":{\"title\":[{\"text\":\"\\ud800\"}]}}", 37, NULL},
        {"{\"project\":{\"title\":[{\"text\":\"\xff\"}]}}", 30, NULL},
        {"{\"project\":{\"scope\":9223372036854775808}}", 39, NULL},
        {"{\"project\": {}, \"organisation\" : {} }", 16, "\"organisation\""},
        {"{\"projekt\":{}}", 1, "\"projekt\""},
        {"{\"project\":{\"status\":1,\"titel\":[]}}", 23, "\"project.titel\""},
        {"{\"header\":{\"createdUnix_s\":1},\"project\":{}}", 11, "\"header.createdUnix_s\""},
        {"{\"header\":{\"createdUnixS\":1,\"created_unix_s\":1}}", 28, "\"header.created_unix_s\""},
        {"{\"project\":[]}", 1, "\"project\""},
        {"{\"project\":{\"title\":{}}}", 12, "\"project.title\""},
        {"{\"project\":{\"title\":[ null ]}}", 22, "\"project.title[0]\""},
        {"{\"project\":{\"title\":[{},\"a\"]}}", 24, "\"project.title[1]\""},
        {"{\"header\":{\"languages\":[\"a\",null]}}", 28, "\"header.languages[1]\""},
        {"{\"header\":{\"languages\":[\"a\", 1]}}", 29, "\"header.languages[1]\""},
        {"{\"header\":{\"languages\":[[]]}}", 24, "\"header.languages[0]\""},
        {"{\"header\":{\"licence\":true}}", 11, "\"header.licence\""},
        {"{\"header\":{\"createdUnixS\":-1}}", 11, "\"header.createdUnixS\""},
        {"{\"header\":{\"createdUnixS\":\"-1\"}}", 11, "\"header.createdUnixS\""},
        {"{\"header\":{\"createdUnixS\":1.0}}", 11, "\"header.createdUnixS\""},
        {"{\"header\":{\"createdUnixS\":\"\"}}", 11, "\"header.createdUnixS\""},
        {"{\"project\":{\"status\":\"OPEN\"}}", 12, "\"project.status\""},
        {"{\"project\":{\"status\":\"2\"}}", 12, "\"project.status\""},
        {"{\"project\":{\"status\":2147483648}}", 12, "\"project.status\""},
        {"{\"project\":{\"status\":true}}", 12, "\"project.status\""},
        {"{\"project\":{\"conditionsAttached\":\"true\"}}", 12, "\"project.conditionsAttached\""},
        {"{\"project\":{\"conditionsAttached\":1}}", 12, "\"project.conditionsAttached\""},
        {"{\"project\":{\"sectors\":[{\"shareMillionths\":4294967296}]}}", 24,
         "\"project.sectors[0].shareMillionths\""},
        {"{\"project\":{\"documents\":[{\"title\":[{\"text\":\"]},{\\\"\"}]},{\"sha256\":\"AA\"}]}}", 56,
         "\"project.documents[1].sha256\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hanse_record *kept = NULL;
        struct hanse_error err;
        assert_failure(hanse_record_from_json(hanse_bytes_of_text(cases[i].json), &kept, &err), err,
                       HANSE_MALFORMED, cases[i].offset);
        assert_null(kept);
        if (cases[i].path != NULL && strstr(err.message, cases[i].path) == NULL)
            fail_msg("no %s in: %s", cases[i].path, err.message);
    }
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    static const char json[] = "{\"project\":{\"title\":[{\"text\":\"a\\u5e02\"}],\"status\":2}}";
    for (size_t size = 0; size + 1 < sizeof json; size++) {
        char *exact = malloc(size > 0 ? size : 1);
        assert_non_null(exact);
        memcpy(exact, json, size);
        struct hanse_record *kept = NULL;
        assert_int_equal(hanse_record_from_json(hanse_bytes_of(exact, size), &kept, NULL), HANSE_MALFORMED);
        free(exact);
    }
}

static void limits_hold(void **state)
{
    (void)state;
    struct hanse_record *kept = NULL;
    struct hanse_error err;
    char *text = malloc(HANSE_MAX_RECORD_JSON_BYTES + 1);
    assert_non_null(text);
    memset(text, ' ', HANSE_MAX_RECORD_JSON_BYTES + 1);
    assert_failure(hanse_record_from_json(hanse_bytes_of(text, HANSE_MAX_RECORD_JSON_BYTES + 1), &kept, &err),
                   err, HANSE_LIMIT, HANSE_NO_OFFSET);
    memset(text, '[', 10000);
    assert_failure(hanse_record_from_json(hanse_bytes_of(text, 10000), &kept, &err), err, HANSE_LIMIT, 32);
    memset(text, ',', HANSE_MAX_RECORD_JSON_BYTES);
    assert_failure(hanse_record_from_json(hanse_bytes_of(text, HANSE_MAX_RECORD_JSON_BYTES), &kept, &err),
                   err, HANSE_LIMIT, HANSE_MAX_RECORD_JSON_VALUES - 1);
    assert_null(kept);
    /* A record of 1 MiB with the text that takes most room in JSON. */
    enum { TEXT_BYTES = HANSE_MAX_RECORD_BYTES - 16 };
    memset(text, 1, TEXT_BYTES);
    text[TEXT_BYTES] = '\0';
    struct hanse_record *record = NULL;
    assert_int_equal(hanse_record_new("Project", &record, NULL), HANSE_OK);
    assert_int_equal(hanse_record_set(record, "header.licence", text, NULL), HANSE_OK);
    char *json = NULL;
    assert_int_equal(hanse_record_json(record, &json, NULL), HANSE_OK);
    struct hanse_record *again = read_json(json);
    hanse_free(json);
    hanse_record_free(again);
    hanse_record_free(record);
    free(text);
}

static enum hanse_status round_trip(void *context)
{
    struct hanse_record *record = NULL;
    enum hanse_status status = hanse_record_from_json(hanse_bytes_of_text(context), &record, NULL);
    char *json = NULL;
    if (status == HANSE_OK)
        status = hanse_record_json(record, &json, NULL);
    assert_int_equal(json != NULL, status == HANSE_OK);
    hanse_free(json);
    hanse_record_free(record);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    char json[12000];
    (void)snprintf(json, sizeof json,
                   "{\"header\":{\"licence\":\"%08000d\"},\"project\":{\"documents\":"
                   "[{\"sha256\":\"AAEC\",\"languages\":[\"a\",\"b\"]}]}}",
                   0);
    assert_true(anomaly_fail_each_allocation(round_trip, json) > 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_makes_the_round_trip),
        cmocka_unit_test(other_spellings_are_read),
        cmocka_unit_test(unknown_fields_are_left_out),
        cmocka_unit_test(what_is_no_record_is_refused_at_its_byte),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
