/* SPDX-License-Identifier: Apache-2.0 */
/* file: requests: the same answers as a server gives, from a folder of this host. */
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/plain_file.h"
#include "net/transfer.h"

enum { BLOCK_BYTES = 64 << 10 };

static void answer(struct hanse_transfer *transfer, const struct hanse_file_facts *facts)
{
    struct hanse_fetch_request *request = &transfer->request;
    struct hanse_fetch_result *result = &transfer->result;
    result->requests = 1;
    result->total_bytes = facts->size_bytes;
    hanse_file_facts_tag(facts, result->etag);
    if (request->etag != NULL && strcmp(request->etag, result->etag) == 0)
        result->answer = HANSE_FETCH_UNCHANGED;
    else if (request->offset > 0 && request->offset >= facts->size_bytes)
        result->answer = HANSE_FETCH_PAST_END;
    else
        result->answer = HANSE_FETCH_PART;
}

/* Up to the size that the file had when it was opened: it may grow meanwhile. */
static void read_body(struct hanse_transfer *transfer, struct hanse_file *file, uint64_t size)
{
    uint8_t *block = hanse_alloc(BLOCK_BYTES);
    if (block == NULL)
        hanse_transfer_fail(transfer, HANSE_NO_MEMORY, 0, "out of memory");
    uint64_t at = transfer->request.offset;
    while (block != NULL && at < size && !transfer->ended) {
        size_t ask = size - at < BLOCK_BYTES ? (size_t)(size - at) : BLOCK_BYTES;
        size_t got = 0;
        struct hanse_error error = {.offset = HANSE_NO_OFFSET};
        if (hanse_plain_file_read_some(file, at, block, ask, &got, &error) != HANSE_OK)
            hanse_transfer_fail(transfer, HANSE_UNREACHABLE, error.library_code, "%s", error.message);
        else if (got == 0)
            hanse_transfer_fail(transfer, HANSE_TRUNCATED, 0, "file was cut while it was read");
        else
            (void)hanse_transfer_deliver(transfer, hanse_bytes_of(block, got));
        transfer->result.wire_bytes += got;
        at += got;
    }
    hanse_free(block);
}

void hanse_transfer_run_file(struct hanse_transfer *transfer)
{
    HANSE_SCOPED_FILE struct hanse_file file = HANSE_FILE_CLOSED;
    struct hanse_file_facts facts;
    struct hanse_error error = {.offset = HANSE_NO_OFFSET};
    enum hanse_status status =
        hanse_plain_file_open(&file, transfer->folder, transfer->request.name, &facts, &error);
    if (status != HANSE_OK) {
        hanse_transfer_fail(transfer, status == HANSE_NOT_FOUND ? status : HANSE_UNREACHABLE,
                            error.library_code, "%s", error.message);
        return;
    }
    answer(transfer, &facts);
    if (transfer->result.answer == HANSE_FETCH_PART)
        read_body(transfer, &file, facts.size_bytes);
}
