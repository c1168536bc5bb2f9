/* SPDX-License-Identifier: Apache-2.0 */
#include "net/transfer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/checked.h"
#include "base/error.h"
#include "base/limits.h"
#include "feed/feed_name.h"
#include "net/location.h"
#include "net/pins.h"

enum {
    MAX_TRANSFER_TEXT_BYTES = 64 << 10, /* URL, folder, ETag, pins, CA file of one request */
    DEFAULT_CONNECT_TIMEOUT_MS = 10000,
    DEFAULT_STALL_TIMEOUT_S = 30
};

static enum hanse_status check_request(const struct hanse_fetch_request *request, struct hanse_error *err)
{
    if (request->base_url == NULL || request->name == NULL || request->max_bytes == 0)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "request lacks its URL, name or limit");
    if (hanse_feed_name_kind_of(hanse_bytes_of_text(request->name)) == HANSE_FEED_NAME_NONE)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "name is none of a feed's files: \"%.80s\"",
                          request->name);
    if ((request->end != 0 && request->end <= request->offset) || request->offset > INT64_MAX ||
        request->end > INT64_MAX)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "range of \"%s\" is empty or too large",
                          request->name);
    if (request->etag != NULL && strpbrk(request->etag, "\r\n") != NULL)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "etag has a line end");
    return request->pins != NULL ? hanse_pins_check(request->pins, err) : HANSE_OK;
}

/* *text becomes its copy; NULL stays NULL. */
static bool keep_text(struct hanse_arena *arena, const char **text)
{
    if (*text != NULL)
        *text = hanse_arena_copy(arena, hanse_bytes_of_text(*text));
    return *text != NULL;
}

static bool keep_texts(struct hanse_transfer *transfer)
{
    struct hanse_fetch_request *request = &transfer->request;
    const char **texts[] = {&request->base_url, &request->name, &request->etag, &request->pins,
                            &request->ca_file};
    bool good = true;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (*texts[i] != NULL)
            good = keep_text(&transfer->arena, texts[i]) && good;
    return good;
}

static enum hanse_status keep_location(struct hanse_transfer *transfer, struct hanse_error *err)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer url;
    HANSE_SCOPED_BUFFER struct hanse_buffer folder;
    hanse_buffer_init(&url, HANSE_MAX_URL_BYTES + HANSE_FEED_NAME_BYTES + 1);
    hanse_buffer_init(&folder, HANSE_MAX_URL_BYTES);
    bool is_file = false;
    enum hanse_status status = hanse_location_resolve(transfer->request.base_url, transfer->request.name,
                                                      &is_file, &url, &folder, err);
    if (status != HANSE_OK)
        return status;
    transfer->url = hanse_arena_copy(&transfer->arena, hanse_buffer_view(&url));
    if (is_file)
        transfer->folder = hanse_arena_copy(&transfer->arena, hanse_buffer_view(&folder));
    return transfer->url != NULL && (!is_file || transfer->folder != NULL) ? HANSE_OK
                                                                           : hanse_fail_memory(err);
}

static void set_defaults(struct hanse_transfer *transfer)
{
    if (transfer->request.connect_timeout_ms == 0)
        transfer->request.connect_timeout_ms = DEFAULT_CONNECT_TIMEOUT_MS;
    if (transfer->request.stall_timeout_s == 0)
        transfer->request.stall_timeout_s = DEFAULT_STALL_TIMEOUT_S;
    transfer->expected_bytes = HANSE_SIZE_UNKNOWN;
    transfer->result.total_bytes = HANSE_SIZE_UNKNOWN;
    transfer->result.error.offset = HANSE_NO_OFFSET;
}

enum hanse_status hanse_transfer_new(const struct hanse_fetch_request *request, struct hanse_transfer **out,
                                     struct hanse_error *err)
{
    enum hanse_status status = check_request(request, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_transfer *transfer = hanse_alloc_zeroed(1, sizeof *transfer);
    if (transfer == NULL)
        return hanse_fail_memory(err);
    hanse_arena_init(&transfer->arena, MAX_TRANSFER_TEXT_BYTES);
    transfer->request = *request;
    set_defaults(transfer);
    status = keep_texts(transfer) ? keep_location(transfer, err) : hanse_fail_memory(err);
    if (status != HANSE_OK) {
        hanse_transfer_free(transfer);
        return status;
    }
    *out = transfer;
    return HANSE_OK;
}

void hanse_transfer_free(struct hanse_transfer *transfer)
{
    if (transfer == NULL)
        return;
    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->headers);
    hanse_arena_release(&transfer->arena);
    hanse_free(transfer);
}

void hanse_transfer_fail(struct hanse_transfer *transfer, enum hanse_status status, int library_code,
                         const char *format, ...)
{
    transfer->ended = true;
    struct hanse_error *error = &transfer->result.error;
    if (error->status != HANSE_OK)
        return;
    transfer->result.answer = HANSE_FETCH_NONE;
    char reason[HANSE_ERROR_MESSAGE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    (void)hanse_fail_library(error, status, library_code, "cannot fetch \"%.160s\": %s", transfer->url,
                             reason);
}

/* What of the piece lies before `end`. Nothing more is wanted once it is reached; a part that ends there by
 * itself is left to end, which keeps the connection. */
static struct hanse_bytes cut_at_end(struct hanse_transfer *transfer, struct hanse_bytes piece)
{
    if (transfer->request.end == 0)
        return piece;
    uint64_t wanted = transfer->request.end - transfer->request.offset - transfer->result.body_bytes;
    if (piece.size >= wanted) {
        piece.size = (size_t)wanted;
        transfer->ended = transfer->received_bytes < transfer->expected_bytes;
    }
    return piece;
}

/* The body is here to its announced end: left to end by itself, it keeps the connection. */
static bool is_complete(const struct hanse_transfer *transfer)
{
    uint64_t announced = transfer->expected_bytes != HANSE_SIZE_UNKNOWN ? transfer->expected_bytes
                                                                        : transfer->response.content_length;
    return transfer->easy != NULL && transfer->received_bytes == announced;
}

static void call_back(struct hanse_transfer *transfer, struct hanse_bytes piece)
{
    struct hanse_fetch_request *request = &transfer->request;
    struct hanse_error error = {.offset = HANSE_NO_OFFSET};
    bool stop = false;
    transfer->result.body_bytes += piece.size;
    if (request->on_body == NULL)
        return;
    enum hanse_status status = request->on_body(request->context, piece, &stop, &error);
    if (status != HANSE_OK) {
        error.status = status;
        transfer->result.error = error;
        transfer->result.answer = HANSE_FETCH_NONE;
    }
    transfer->result.stopped = status == HANSE_OK && stop;
    if (status != HANSE_OK || (stop && !is_complete(transfer)))
        transfer->ended = true;
}

bool hanse_transfer_deliver(struct hanse_transfer *transfer, struct hanse_bytes piece)
{
    if (transfer->ended)
        return false;
    transfer->received_bytes += piece.size;
    if (transfer->received_bytes > transfer->expected_bytes) {
        hanse_transfer_fail(transfer, HANSE_MALFORMED, 0, "server sent more than the range it named");
        return false;
    }
    size_t skipped = piece.size < transfer->skip_bytes ? piece.size : (size_t)transfer->skip_bytes;
    transfer->skip_bytes -= skipped;
    piece = cut_at_end(transfer, hanse_bytes_slice(piece, skipped, SIZE_MAX));
    if (piece.size > transfer->request.max_bytes - transfer->result.body_bytes) {
        hanse_transfer_fail(transfer, HANSE_LIMIT, 0, "answer is larger than %llu bytes",
                            (unsigned long long)transfer->request.max_bytes);
        return false;
    }
    if (piece.size > 0)
        call_back(transfer, piece);
    return !transfer->ended;
}
