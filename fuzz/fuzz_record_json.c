/* SPDX-License-Identifier: Apache-2.0 */
/* A record as JSON: what is accepted has one canonical form, in JSON and in bytes. */
#include "fuzz.h"

#include <hanse/record.h>

static char *json_of(const struct hanse_record *record)
{
    char *json = NULL;
    struct hanse_error err;
    fuzz_must(hanse_record_json(record, &json, &err));
    return json;
}

static void check_same(struct hanse_record *record, const char *json)
{
    char *again = json_of(record);
    FUZZ_CHECK(strcmp(json, again) == 0);
    hanse_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hanse_record *record = NULL;
    struct hanse_record *from_json = NULL;
    struct hanse_record *from_bytes = NULL;
    struct hanse_bytes bytes;
    struct hanse_error err;
    enum hanse_status status = hanse_record_from_json(hanse_bytes_of(data, size), &record, &err);
    if (status != HANSE_OK) {
        fuzz_check_failure(status, &err, size);
        return 0;
    }
    char *json = json_of(record);
    struct hanse_bytes text = hanse_bytes_of_text(json);
    FUZZ_CHECK(hanse_utf8_check(text) == text.size);
    fuzz_must(hanse_record_from_json(text, &from_json, &err));
    check_same(from_json, json);
    fuzz_must(hanse_record_bytes(record, &bytes, &err));
    fuzz_must(hanse_record_from_bytes(bytes, &from_bytes, &err));
    check_same(from_bytes, json);
    hanse_record_free(record);
    hanse_record_free(from_json);
    hanse_record_free(from_bytes);
    hanse_free(json);
    return 0;
}
