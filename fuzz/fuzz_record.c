/* SPDX-License-Identifier: Apache-2.0 */
/* A record as a feed brings it: scanned, unpacked, validated, shown, and all of it in agreement. */
#include "fuzz.h"

#include <hanse/record.h>

#include "record/personal.h"
#include "wire/record_scan.h"

enum { MAX_PATHS = 64 };

static void see_finding(void *context, const struct hanse_finding *finding)
{
    const struct hanse_record *record = context;
    size_t count;
    struct hanse_bytes message = hanse_bytes_of_text(finding->message);
    FUZZ_CHECK(hanse_utf8_check(message) == message.size && finding->rule[0] != '\0');
    /* The path is one that people can type. */
    if (record != NULL && finding->path[0] != '\0')
        FUZZ_CHECK(hanse_record_count(record, finding->path, &count, NULL) != HANSE_NO_MEMORY);
}

static void check_rules(const struct hanse_record *record, size_t size)
{
    struct hanse_error err;
    enum hanse_status status = hanse_record_validate(record, see_finding, (void *)(uintptr_t)record, &err);
    FUZZ_CHECK(status == HANSE_OK || status == HANSE_INVALID_RECORD);
    if (status != HANSE_OK)
        fuzz_check_failure(status, &err, size);
    fuzz_must(hanse_personal_scan(record, see_finding, NULL, &err));
}

/* Each scalar that the walk shows is found again at its path. */
static void check_paths(const struct hanse_record *record)
{
    struct hanse_record_cursor *cursor;
    const char *path;
    const char *value;
    bool is_text;
    enum hanse_status status = HANSE_OK;
    fuzz_must(hanse_record_cursor_open(record, &cursor, NULL));
    for (int i = 0; i < MAX_PATHS && status == HANSE_OK; i++) {
        status = hanse_record_cursor_next(cursor, &path, &value, &is_text, NULL);
        FUZZ_CHECK(status == HANSE_OK || status == HANSE_NOT_FOUND);
        char *found = NULL;
        if (status != HANSE_OK)
            break;
        fuzz_must(hanse_record_get(record, path, &found, NULL));
        FUZZ_CHECK(strcmp(found, value) == 0);
        hanse_free(found);
    }
    hanse_record_cursor_close(cursor);
}

static char *json_of(const struct hanse_record *record)
{
    char *json = NULL;
    struct hanse_error err;
    enum hanse_status status = hanse_record_json(record, &json, &err);
    FUZZ_CHECK(status == HANSE_OK || status == HANSE_LIMIT);
    return json;
}

/* Through JSON and through bytes that are written anew; what is unknown cannot be shown, and is lost there.
 */
static void check_round_trip(const struct hanse_record *record)
{
    struct hanse_record *from_json = NULL;
    struct hanse_record *from_bytes = NULL;
    struct hanse_bytes bytes;
    struct hanse_error err;
    char *json = json_of(record);
    if (json == NULL || hanse_kind_name(hanse_record_kind_number(record)) == NULL) {
        hanse_free(json);
        return;
    }
    enum hanse_status status = hanse_record_from_json(hanse_bytes_of_text(json), &from_json, &err);
    FUZZ_CHECK(status == HANSE_OK || status == HANSE_LIMIT);
    if (status == HANSE_OK) {
        char *again = json_of(from_json);
        FUZZ_CHECK(again != NULL && strcmp(json, again) == 0);
        hanse_free(again);
        fuzz_must(hanse_record_bytes(from_json, &bytes, &err));
        fuzz_must(hanse_record_from_bytes(bytes, &from_bytes, &err));
        again = json_of(from_bytes);
        FUZZ_CHECK(again != NULL && strcmp(json, again) == 0);
        hanse_free(again);
    }
    hanse_record_free(from_json);
    hanse_record_free(from_bytes);
    hanse_free(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hanse_bytes input = hanse_bytes_of(data, size);
    struct hanse_bytes bytes;
    struct hanse_record *record = NULL;
    struct hanse_error err;
    uint32_t kind = 0;
    enum hanse_status scanned = hanse_record_scan(input, &kind, &err);
    if (scanned != HANSE_OK)
        fuzz_check_failure(scanned, &err, size);
    enum hanse_status status = hanse_record_from_bytes(input, &record, &err);
    if (status != HANSE_OK)
        fuzz_check_failure(status, &err, size);
    /* Only unpacking can take too much memory. */
    FUZZ_CHECK(status == scanned || (scanned == HANSE_OK && status == HANSE_LIMIT));
    if (status != HANSE_OK)
        return 0;
    FUZZ_CHECK(hanse_record_kind_number(record) == kind);
    fuzz_must(hanse_record_bytes(record, &bytes, &err));
    FUZZ_CHECK(hanse_bytes_equal(bytes, input));
    check_rules(record, size);
    check_paths(record);
    check_round_trip(record);
    hanse_record_free(record);
    return 0;
}
