/* SPDX-License-Identifier: Apache-2.0 */
/* A file of JSON Lines that somebody was sent. */
#include "import_run.h"

#include "record/detect.h"
#include "record/json/jsonl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hanse_bytes input = hanse_bytes_of(data, size);
    enum hanse_format format;
    struct hanse_error err;
    enum hanse_status status = hanse_format_detect(input, &format, &err);
    if (status != HANSE_OK)
        fuzz_check_failure(status, &err, size);
    import_check_pieces(hanse_jsonl_read, input, true);
    return 0;
}
