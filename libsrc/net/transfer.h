/* SPDX-License-Identifier: Apache-2.0 */
/* One request on its way: what https: and file: have in common. Internal to net/. */
#ifndef HANSE_NET_TRANSFER_H
#define HANSE_NET_TRANSFER_H

#include <curl/curl.h>

#include "base/arena.h"
#include "net/response.h"

struct hanse_transfer {
    struct hanse_transfer *next; /* in the queue or among the active ones */
    struct hanse_arena arena;    /* the texts of the request */
    struct hanse_fetch_request request;
    const char *url;
    const char *folder; /* NULL: https: */
    struct hanse_fetch_result result;
    uint64_t skip_bytes;     /* of a whole file, before the offset */
    uint64_t expected_bytes; /* of a 206, HANSE_SIZE_UNKNOWN otherwise */
    uint64_t received_bytes; /* of body, skipped ones included */
    size_t header_bytes;
    bool settled; /* the answer is known */
    bool ended;   /* nothing more is wanted: stopped, failed or past the end */
    /* https: only */
    CURL *easy;
    struct curl_slist *headers;
    struct hanse_response response;
    char curl_message[CURL_ERROR_SIZE];
};

/* Copies the request. HANSE_INVALID_ARGUMENT, HANSE_NO_MEMORY: as hanse_fetcher_add. */
HANSE_MUST_CHECK enum hanse_status hanse_transfer_new(const struct hanse_fetch_request *request,
                                                      struct hanse_transfer **out, struct hanse_error *err);
void hanse_transfer_free(struct hanse_transfer *transfer);

/* Ends the transfer with an error whose subject is its URL; later failures do not replace the first. */
void hanse_transfer_fail(struct hanse_transfer *transfer, enum hanse_status status, int library_code,
                         const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Hands over body bytes: skips, caps at `end` and max_bytes, calls back. False when transfer->ended. */
bool hanse_transfer_deliver(struct hanse_transfer *transfer, struct hanse_bytes piece);

/* The whole of a file: request, at once. */
void hanse_transfer_run_file(struct hanse_transfer *transfer);

/* Makes the easy handle. HANSE_NO_MEMORY; HANSE_UNSUPPORTED: an option that the library does not have. */
HANSE_MUST_CHECK enum hanse_status hanse_transfer_prepare_https(struct hanse_transfer *transfer,
                                                                const char *user_agent,
                                                                struct hanse_error *err);
/* Fills what of the result is no judgement: counters, dates, and how far it came. */
void hanse_transfer_read_facts(struct hanse_transfer *transfer, CURLcode code);
/* Judges what the ended easy handle did; fills the result. */
void hanse_transfer_conclude_https(struct hanse_transfer *transfer, CURLcode code);

/* Tests only: asked before each step of the HTTP library; returning true makes it fail. NULL turns it off. */
void hanse_fetcher_set_failure_hook(bool (*hook)(void *context), void *context);

#endif
