/* SPDX-License-Identifier: Apache-2.0 */
/* Import into staging: good records are taken, bad ones named, broken input changes nothing. */
#include "node_support.h"

#define RECORD(name, id)                                                                                     \
    "{\"header\":{\"identifiers\":[{\"scheme\":\"ORGID\",\"value\":\"" id "\"}]},"                           \
    "\"organisation\":{\"name\":[{\"text\":\"" name "\",\"language\":\"en\"}]}}\n"
#define IATI(body) "<?xml version=\"1.0\"?>\n<iati-activities version=\"2.03\">" body "</iati-activities>\n"
#define ACTIVITY(id, title)                                                                                  \
    "<iati-activity><iati-identifier>" id "</iati-identifier>"                                               \
    "<reporting-org ref=\"XX-1\" type=\"10\"><narrative>City</narrative></reporting-org>"                    \
    "<title><narrative>" title "</narrative></title>"                                                        \
    "<participating-org role=\"4\" ref=\"XX-1\"><narrative>City</narrative></participating-org>"             \
    "<activity-status code=\"2\"/><activity-date type=\"1\" iso-date=\"2024-02-01\"/></iati-activity>"

struct input {
    struct hanse_bytes bytes;
    size_t given;
    size_t piece;
};

static enum hanse_status read_input(void *context, uint8_t *buffer, size_t size, size_t *out_read,
                                    struct hanse_error *err)
{
    (void)err;
    struct input *input = context;
    size_t left = input->bytes.size - input->given;
    size_t count = left < size ? left : size;
    count = count < input->piece ? count : input->piece;
    memcpy(buffer, input->bytes.data + input->given, count);
    input->given += count;
    *out_read = count;
    return HANSE_OK;
}

struct findings {
    unsigned errors;
    unsigned warnings;
    uint64_t line; /* of the last error */
    uint64_t offset;
    char object[256];
    char message[400];
    unsigned losses;
};

static void keep_finding(void *context, const struct hanse_import_finding *finding)
{
    struct findings *findings = context;
    if (strcmp(finding->severity, "warning") == 0) {
        findings->warnings++;
        return;
    }
    assert_string_equal(finding->severity, "error");
    findings->errors++;
    findings->line = finding->line;
    findings->offset = finding->offset;
    (void)snprintf(findings->object, sizeof findings->object, "%s", finding->object);
    (void)snprintf(findings->message, sizeof findings->message, "%s", finding->message);
}

static void keep_loss(void *context, const char *path, uint64_t count)
{
    struct findings *findings = context;
    assert_true(path[0] != '\0' && count > 0);
    findings->losses++;
}

static struct findings findings;
static struct hanse_import_result result;
static struct hanse_import_options table; /* what `import` is told besides */

static enum hanse_status import(struct hanse_node *node, const char *text, const char *format, bool dry_run)
{
    struct input input = {.bytes = hanse_bytes_of_text(text), .piece = 7};
    struct hanse_import_options options = {.version = 1,
                                           .format = format,
                                           .source = "input",
                                           .dry_run = dry_run,
                                           .read = read_input,
                                           .read_context = &input,
                                           .report = keep_finding,
                                           .loss = keep_loss,
                                           .context = &findings};
    options.map = table.map;
    options.key = table.key;
    options.kind = table.kind;
    options.encoding = table.encoding;
    options.from = table.from;
    options.complete = table.complete;
    options.max_withdraw = table.max_withdraw;
    options.single_transaction = table.single_transaction;
    options.next = table.next;
    findings = (struct findings){0};
    return hanse_import(node, &options, &result, &node_err);
}

static void check_result(uint64_t read, uint64_t staged, uint64_t unchanged, uint64_t invalid)
{
    assert_int_equal(result.read, read);
    assert_int_equal(result.staged, staged);
    assert_int_equal(result.unchanged, unchanged);
    assert_int_equal(result.invalid, invalid);
}

static uint64_t staged_count(struct hanse_node *node)
{
    uint64_t count = 0;
    MUST(hanse_stage_count(node, NULL, &count, &node_err));
    return count;
}

static void test_jsonl(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    const char *text = RECORD("Port", "XX-1") "\n" RECORD("Dock", "XX-2") RECORD("Quay", "XX-3");
    MUST(import(node, text, NULL, true));
    check_result(3, 3, 0, 0);
    assert_int_equal(staged_count(node), 0);
    MUST(import(node, text, NULL, false));
    check_result(3, 3, 0, 0);
    assert_int_equal(staged_count(node), 3);
    MUST(import(node, text, "jsonl", false));
    check_result(3, 0, 3, 0);
    (void)publish(node);
    MUST(import(node, text, "jsonl", false));
    check_result(3, 0, 3, 0);
    /* The same record twice in one input: the later revision counts. */
    MUST(import(node, RECORD("Port B", "XX-1") RECORD("Port C", "XX-1"), NULL, false));
    assert_int_equal(staged_count(node), 1);
    hanse_node_close(node);
}

static void test_bad_records_do_not_stop_good_ones(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    static const char *const bad[] = {"{\"organisation\":{}}\n",
                                      "{\"organisation\":\n",
                                      "[1,2]\n",
                                      "{\"organisation\":{\"name\":[{\"text\":\"a\\u0000b\"}]}}\n",
                                      "{\"organisation\":{\"name\":[{\"text\":\"\xff\"}]}}\n",
                                      "{\"organisation\":{\"nam\":[]}}\n",
                                      "{\"organisation\":{},\"project\":{}}\n"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[2000];
        char good[400];
        (void)snprintf(good, sizeof good,
                       "{\"organisation\":{\"name\":[{\"text\":\"Good %zu\",\"language\":\"en\"}]}}\n", i);
        (void)snprintf(text, sizeof text, "%s%s%s", RECORD("Port", "XX-1"), bad[i], good);
        MUST(import(node, text, "jsonl", false));
        check_result(3, i == 0 ? 2 : 1, i == 0 ? 0 : 1, 1);
        assert_true(findings.errors >= 1);
        assert_int_equal(findings.line, 2);
        assert_string_equal(findings.object, "line 2");
        size_t begin = strlen(RECORD("Port", "XX-1"));
        if (findings.offset < begin || findings.offset > begin + strlen(bad[i]))
            fail_msg("%s: offset %llu", bad[i], (unsigned long long)findings.offset);
        assert_true(findings.message[0] != '\0');
        assert_int_equal(staged_count(node), i + 2);
    }
    hanse_node_close(node);
}

static void test_iati(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    const char *text = IATI(ACTIVITY("XX-1-A", "Water") ACTIVITY("XX-1-B", "Waste"));
    MUST(import(node, text, NULL, false));
    check_result(2, 2, 0, 0);
    MUST(import(node, text, "iati", false));
    check_result(2, 0, 2, 0);
    const char *mixed =
        IATI(ACTIVITY("XX-1-C", "Parks") "<iati-activity><title><narrative>No id"
                                         "</narrative></title></iati-activity>" ACTIVITY("XX-1-D", "Trams"));
    MUST(import(node, mixed, NULL, false));
    check_result(3, 2, 0, 1);
    assert_true(findings.errors >= 1);
    assert_int_equal(findings.line, 2);
    hanse_node_close(node);
}

static void check_refused(struct hanse_node *node, const char *text, const char *format,
                          enum hanse_status wanted)
{
    struct hanse_digest before = tree_digest(at("city/private"));
    result = (struct hanse_import_result){.read = 77};
    enum hanse_status status = import(node, text, format, false);
    if (status != wanted)
        fail_msg("%.60s: %s: %s", text, hanse_status_name(status), node_err.message);
    assert_int_equal(result.read, 77);
    assert_int_equal(staged_count(node), 1);
    struct hanse_digest after = tree_digest(at("city/private"));
    assert_true(hanse_digest_equal(&before, &after));
}

static void test_broken_input_changes_nothing(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    stage(node, NULL, "Port", "XX-1", NULL);
    hanse_node_close(node);
    node = open_node("city");
    (void)staged_count(node);
    check_refused(node, "<iati-activities version=\"2.03\">" ACTIVITY("XX-1-A", "Water"), NULL,
                  HANSE_MALFORMED);
    assert_memory_equal(node_err.message, "\"input\"", 7);
    check_refused(node, IATI(ACTIVITY("XX-1-A", "Water") "<broken"), NULL, HANSE_MALFORMED);
    check_refused(node,
                  "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"b\">]>"
                  "<iati-activities version=\"2.03\">" ACTIVITY("XX-1-A", "&a;") "</iati-activities>",
                  NULL, HANSE_MALFORMED);
    check_refused(node, RECORD("Dock", "XX-2"), "iati", HANSE_MALFORMED);
    check_refused(node, RECORD("Dock", "XX-2"), "xlsx", HANSE_UNSUPPORTED);
    check_refused(node, RECORD("Dock", "XX-2"), "csv", HANSE_MALFORMED);
    check_refused(node, "organisation.name[language=en].text,x\nDock,1\nQuay,\"2\n", NULL, HANSE_MALFORMED);
    check_refused(node, "PK\x03\x04 something", NULL, HANSE_UNSUPPORTED);
    hanse_node_close(node);
}

static void read_as_table(const char *map, const char *key)
{
    table = (struct hanse_import_options){.map = hanse_bytes_of_text(map), .key = key};
}

static enum hanse_status keep_revision(void *context, const struct hanse_item *item,
                                       const struct hanse_item_origin *from, struct hanse_error *err)
{
    (void)from;
    (void)err;
    *(uint64_t *)context = item->revision;
    return HANSE_OK;
}

static uint64_t revisions(struct hanse_node *node, const char *name)
{
    uint64_t revision = 0;
    MUST(hanse_query_show(node, name, keep_revision, &revision, &node_err));
    return revision;
}

#define HEADER "Nr,Name,Org\n"
#define MAP                                                                                                  \
    "Name = organisation.name[language=en].text\nOrg = header.identifiers[0].value\n"                        \
    "\"ORGID\" -> header.identifiers[0].scheme\n"

static void test_keys_make_revisions(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    read_as_table(MAP, "Nr");
    MUST(import(node, HEADER "1,Port,\n2,Dock,\n", NULL, false));
    check_result(2, 2, 0, 0);
    MUST(import(node, HEADER "2,Dock,\n1,Port,\n", NULL, false));
    check_result(2, 0, 2, 0);
    (void)publish(node);
    MUST(import(node, HEADER "1,Port,\n2,Docks,\n3,Quay,\n", NULL, false));
    check_result(3, 2, 1, 0);
    (void)publish(node);
    assert_int_equal(revisions(node, "LOCAL:1"), 1);
    assert_int_equal(revisions(node, "LOCAL:2"), 2);
    /* A withdrawn one that comes again goes on. */
    MUST(hanse_stage_withdraw(node, NULL, "LOCAL:3", "no-longer", &(enum hanse_stage_outcome){0}, NULL,
                              &node_err));
    (void)publish(node);
    MUST(import(node, HEADER "3,Quay,\n", NULL, false));
    check_result(1, 1, 0, 0);
    (void)publish(node);
    assert_int_equal(revisions(node, "LOCAL:3"), 3);
    /* One key twice: the second row is refused, and says where the first stands. */
    MUST(import(node, HEADER "7,Pier,\n8,Mole,\n7,Mole,\n", NULL, false));
    check_result(3, 2, 0, 1);
    assert_int_equal(findings.line, 4);
    assert_non_null(strstr(findings.message, "line 2"));
    table = (struct hanse_import_options){0};
    hanse_node_close(node);
}

static void test_keys_and_other_identifiers(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    stage(node, NULL, "Port", "XX-1", NULL);
    (void)publish(node);
    /* What was there before is taken over by its identifier. */
    read_as_table(MAP, "Nr");
    MUST(import(node, HEADER "1,Port,XX-1\n2,Dock,XX-2\n", NULL, false));
    check_result(2, 2, 0, 0);
    (void)publish(node);
    assert_int_equal(revisions(node, "LOCAL:1"), 2);
    /* Identifiers that change places do not move the keys to other records. */
    MUST(import(node, HEADER "1,Port,XX-2\n2,Dock,XX-1\n", NULL, false));
    check_result(2, 2, 0, 0);
    (void)publish(node);
    assert_int_equal(revisions(node, "LOCAL:1"), 3);
    assert_int_equal(revisions(node, "LOCAL:2"), 2);
    /* A new key that takes the identifier of a record which has its own row in this input. */
    MUST(import(node, HEADER "1,Port,XX-2\n3,Quay,XX-2\n", NULL, false));
    check_result(2, 0, 1, 1);
    assert_int_equal(findings.line, 3);
    assert_non_null(strstr(findings.message, "line 2"));
    table = (struct hanse_import_options){0};
    hanse_node_close(node);
}

static void test_options_of_tables(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    stage(node, NULL, "Port", "XX-1", NULL);
    hanse_node_close(node);
    node = open_node("city");
    (void)staged_count(node);
    read_as_table("Name = organisation.nam", NULL);
    check_refused(node, HEADER, NULL, HANSE_INVALID_ARGUMENT);
    assert_non_null(strstr(node_err.message, "line 1"));
    read_as_table(NULL, "Nr");
    check_refused(node, RECORD("Dock", "XX-2"), NULL, HANSE_INVALID_ARGUMENT);
    read_as_table(MAP, "Nr");
    check_refused(node, IATI(ACTIVITY("XX-1-A", "Water")), NULL, HANSE_INVALID_ARGUMENT);
    MUST(import(node, "{\"Nr\":1,\"Name\":\"Dock\"}\n", NULL, true));
    check_result(1, 1, 0, 0);
    table = (struct hanse_import_options){.encoding = "CP932"};
    check_refused(node, IATI(ACTIVITY("XX-1-A", "Water")), NULL, HANSE_INVALID_ARGUMENT);
    table = (struct hanse_import_options){.kind = "Project"};
    check_refused(node, "organisation.country,x\nJP,1\n", NULL, HANSE_MALFORMED);
    table = (struct hanse_import_options){0};
    hanse_node_close(node);
}

static enum hanse_status fail_to_read(void *context, uint8_t *buffer, size_t size, size_t *out_read,
                                      struct hanse_error *err)
{
    unsigned *calls = context;
    const char *text = RECORD("Dock", "XX-2");
    if ((*calls)++ > 100) {
        err->status = HANSE_IO;
        (void)snprintf(err->message, sizeof err->message, "disk is gone");
        return HANSE_IO;
    }
    *out_read = strlen(text) < size ? strlen(text) : size;
    memcpy(buffer, text, *out_read);
    return HANSE_OK;
}

static bool stop_at_once(void *context, const char *what, uint64_t done, uint64_t total, const char *unit)
{
    (void)context;
    (void)total;
    return what == NULL || unit == NULL || done < 20;
}

static void test_failing_source_and_cancel(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    unsigned calls = 0;
    struct hanse_import_options options = {
        .version = 1, .format = "jsonl", .read = fail_to_read, .read_context = &calls};
    MUST_FAIL(hanse_import(node, &options, &result, &node_err), HANSE_IO);
    assert_string_equal(node_err.message, "disk is gone");
    assert_int_equal(staged_count(node), 0);
    calls = 0;
    options.progress = stop_at_once;
    MUST_FAIL(hanse_import(node, &options, &result, &node_err), HANSE_CANCELLED);
    assert_int_equal(staged_count(node), 0);
    options.version = 2;
    MUST_FAIL(hanse_import(node, &options, &result, &node_err), HANSE_INVALID_ARGUMENT);
    options = (struct hanse_import_options){
        .version = 1, .origin = "other.example/hanse", .read = fail_to_read, .read_context = &calls};
    MUST_FAIL(hanse_import(node, &options, &result, &node_err), HANSE_NOT_FOUND);
    hanse_node_close(node);
}

static void test_empty_input(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    MUST(import(node, "", "jsonl", false));
    check_result(0, 0, 0, 0);
    MUST(import(node, IATI(""), NULL, false));
    check_result(0, 0, 0, 0);
    hanse_node_close(node);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NODE_TEST(test_jsonl),
        NODE_TEST(test_bad_records_do_not_stop_good_ones),
        NODE_TEST(test_iati),
        NODE_TEST(test_broken_input_changes_nothing),
        NODE_TEST(test_keys_make_revisions),
        NODE_TEST(test_keys_and_other_identifiers),
        NODE_TEST(test_options_of_tables),
        NODE_TEST(test_failing_source_and_cancel),
        NODE_TEST(test_empty_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
