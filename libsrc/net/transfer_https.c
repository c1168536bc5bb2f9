/* SPDX-License-Identifier: Apache-2.0 */
/* https: requests by libcurl: how each is asked, and what its answer is taken for. */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"
#include "net/proxy.h"
#include "net/transfer.h"

enum {
    BULK_BUFFER_BYTES = 64 << 10,
    STALL_BYTES_PER_S = 100,
    RANGE_TEXT_BYTES = 48,
    PROXY_TEXT_BYTES = 96,
    CONNECT_REFUSED_FROM = 300,
    /* Of X509_V_ERR_* (OpenSSL), as CURLINFO_SSL_VERIFYRESULT gives them. */
    VERIFY_SELF_SIGNED = 18,
    VERIFY_SELF_SIGNED_IN_CHAIN = 19,
    VERIFY_NO_LOCAL_ISSUER = 20,
    VERIFY_CHAIN_TOO_SHORT = 21
};

static bool asks_range(const struct hanse_fetch_request *request)
{
    return request->offset > 0 || request->end > 0;
}

static void settle_whole(struct hanse_transfer *transfer)
{
    struct hanse_fetch_request *request = &transfer->request;
    transfer->result.total_bytes = transfer->response.content_length;
    transfer->skip_bytes = request->offset;
    transfer->result.answer = request->offset > 0 ? HANSE_FETCH_WHOLE : HANSE_FETCH_PART;
    if (request->offset > 0 && transfer->response.content_length <= request->offset) {
        transfer->result.answer = HANSE_FETCH_PAST_END;
        transfer->ended = true;
    }
}

/* The body must be what was asked: a cache or server that gives another range would pass for it otherwise. */
static void settle_part(struct hanse_transfer *transfer)
{
    const struct hanse_fetch_request *request = &transfer->request;
    const struct hanse_response *response = &transfer->response;
    if (!asks_range(request))
        hanse_transfer_fail(transfer, HANSE_MALFORMED, 0, "server sent a part (206) of what was asked whole");
    else if (!response->has_range || response->bad_range)
        hanse_transfer_fail(transfer, HANSE_MALFORMED, 0, "server sent a part (206) without saying which");
    else if (response->range_first != request->offset ||
             (request->end != 0 && response->range_last >= request->end))
        hanse_transfer_fail(transfer, HANSE_MALFORMED, 0,
                            "server sent bytes %llu to %llu instead of those from %llu",
                            (unsigned long long)response->range_first,
                            (unsigned long long)response->range_last, (unsigned long long)request->offset);
    else {
        transfer->result.answer = HANSE_FETCH_PART;
        transfer->result.total_bytes = response->range_total;
        transfer->expected_bytes = response->range_last - response->range_first + 1;
    }
}

/* Time-outs, too early, too many requests, and what gateways say of a server behind them. */
static bool is_transient(int http_status)
{
    static const int statuses[] = {408, 425, 429, 500, 502, 503, 504};
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
        if (statuses[i] == http_status)
            return true;
    return false;
}

static void settle_other(struct hanse_transfer *transfer)
{
    const struct hanse_response *response = &transfer->response;
    if (response->status == 304 && transfer->request.etag != NULL) {
        transfer->result.answer = HANSE_FETCH_UNCHANGED;
    } else if (response->status == 416 && asks_range(&transfer->request)) {
        transfer->result.answer = HANSE_FETCH_PAST_END;
        transfer->result.total_bytes = response->range_total;
    } else if (response->status == 404 || response->status == 410) {
        hanse_transfer_fail(transfer, HANSE_NOT_FOUND, 0, "server does not have it (HTTP %d)",
                            response->status);
    } else if (response->status >= 300 && response->status < 400) {
        hanse_transfer_fail(
            transfer, HANSE_UNREACHABLE, 0,
            "server redirects (HTTP %d) to \"%s\"; redirects are not followed, give the new URL",
            response->status, response->location);
    } else {
        transfer->result.transient = is_transient(response->status);
        hanse_transfer_fail(transfer, HANSE_UNREACHABLE, 0, "server answered HTTP %d%s", response->status,
                            response->status == 401 || response->status == 403   ? " (access refused)"
                            : response->status == 429 || response->status >= 500 ? "; try again later"
                                                                                 : "");
    }
}

/* Once, when the headers are complete. */
static void settle(struct hanse_transfer *transfer)
{
    const struct hanse_response *response = &transfer->response;
    transfer->settled = true;
    transfer->result.http_status = response->status;
    memcpy(transfer->result.etag, response->etag, sizeof response->etag);
    bool has_body = response->status == 200 || response->status == 206;
    if (has_body && response->encoded)
        hanse_transfer_fail(transfer, HANSE_MALFORMED, 0, "server compressed it (Content-Encoding) unasked");
    else if (has_body && !response->framed)
        /* Who cuts the connection could cut the body, and the rest would look like a forgery. */
        hanse_transfer_fail(transfer, HANSE_MALFORMED, 0, "server does not say how long its answer is");
    else if (response->status == 200)
        settle_whole(transfer);
    else if (response->status == 206)
        settle_part(transfer);
    else
        settle_other(transfer);
}

static size_t on_header(char *data, size_t size, size_t count, void *context)
{
    struct hanse_transfer *transfer = context;
    size_t bytes = size * count;
    transfer->header_bytes += bytes;
    if (transfer->header_bytes > HANSE_MAX_FETCH_HEADER_BYTES) {
        hanse_transfer_fail(transfer, HANSE_MALFORMED, 0, "headers have more than %u bytes",
                            HANSE_MAX_FETCH_HEADER_BYTES);
        return 0;
    }
    if (transfer->settled)
        return bytes; /* trailers */
    hanse_response_take_line(&transfer->response, hanse_bytes_of(data, bytes));
    if (transfer->response.complete)
        settle(transfer);
    return bytes;
}

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    struct hanse_transfer *transfer = context;
    struct hanse_bytes piece = hanse_bytes_of(data, size * count);
    if (transfer->result.answer == HANSE_FETCH_PART || transfer->result.answer == HANSE_FETCH_WHOLE)
        return hanse_transfer_deliver(transfer, piece) ? piece.size : 0;
    /* The page that comes with an error: read if it is short, since that keeps the connection. */
    transfer->received_bytes += piece.size;
    return transfer->received_bytes <= HANSE_MAX_FETCH_ERROR_BODY_BYTES ? piece.size : 0;
}

static bool add_header(struct hanse_transfer *transfer, const char *line)
{
    struct curl_slist *grown = curl_slist_append(transfer->headers, line);
    if (grown != NULL)
        transfer->headers = grown;
    return grown != NULL;
}

static bool add_headers(struct hanse_transfer *transfer)
{
    char line[HANSE_ETAG_BYTES + 32];
    if (!add_header(transfer, "Accept:"))
        return false;
    if (transfer->request.no_cache && !add_header(transfer, "Cache-Control: no-cache"))
        return false;
    if (transfer->request.etag == NULL)
        return true;
    int length = snprintf(line, sizeof line, "If-None-Match: %s", transfer->request.etag);
    return length > 0 && (size_t)length < sizeof line && add_header(transfer, line);
}

#define SET(option, value) (curl_easy_setopt(transfer->easy, option, value) == CURLE_OK)

/* A NULL pin with verification off would leave no trust at all: off only beside a pin. */
static bool set_trust(struct hanse_transfer *transfer)
{
    const struct hanse_fetch_request *request = &transfer->request;
    if (!SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2))
        return false;
    if (request->pins != NULL)
        return SET(CURLOPT_PINNEDPUBLICKEY, request->pins) && SET(CURLOPT_SSL_VERIFYPEER, 0L) &&
               SET(CURLOPT_SSL_VERIFYHOST, 0L);
    if (!SET(CURLOPT_SSL_VERIFYPEER, 1L) || !SET(CURLOPT_SSL_VERIFYHOST, 2L))
        return false;
    /* The file is the only authority then, not one beside the system's folder. */
    return request->ca_file == NULL || (SET(CURLOPT_CAINFO, request->ca_file) && SET(CURLOPT_CAPATH, NULL));
}

static bool set_request(struct hanse_transfer *transfer)
{
    const struct hanse_fetch_request *request = &transfer->request;
    char range[RANGE_TEXT_BYTES];
    if (request->end > 0)
        (void)snprintf(range, sizeof range, "%llu-%llu", (unsigned long long)request->offset,
                       (unsigned long long)request->end - 1);
    else
        (void)snprintf(range, sizeof range, "%llu-", (unsigned long long)request->offset);
    long version = request->bulk ? (long)CURL_HTTP_VERSION_1_1 : (long)CURL_HTTP_VERSION_2TLS;
    return SET(CURLOPT_URL, transfer->url) && SET(CURLOPT_PROTOCOLS_STR, "https") &&
           SET(CURLOPT_HTTP_VERSION, version) && SET(CURLOPT_HTTPHEADER, transfer->headers) &&
           (!asks_range(request) || SET(CURLOPT_RANGE, range)) &&
           (!request->bulk || SET(CURLOPT_BUFFERSIZE, (long)BULK_BUFFER_BYTES)) &&
           (!request->certificate || SET(CURLOPT_CERTINFO, 1L));
}

static bool set_limits(struct hanse_transfer *transfer)
{
    const struct hanse_fetch_request *request = &transfer->request;
    return SET(CURLOPT_NOSIGNAL, 1L) && SET(CURLOPT_FOLLOWLOCATION, 0L) &&
           SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) &&
           SET(CURLOPT_LOW_SPEED_LIMIT, (long)STALL_BYTES_PER_S) &&
           SET(CURLOPT_LOW_SPEED_TIME, (long)request->stall_timeout_s) &&
           SET(CURLOPT_CONNECTTIMEOUT_MS, (long)request->connect_timeout_ms);
}

static bool set_callbacks(struct hanse_transfer *transfer)
{
    return SET(CURLOPT_PRIVATE, transfer) && SET(CURLOPT_ERRORBUFFER, transfer->curl_message) &&
           SET(CURLOPT_HEADERFUNCTION, on_header) && SET(CURLOPT_HEADERDATA, transfer) &&
           SET(CURLOPT_WRITEFUNCTION, on_body) && SET(CURLOPT_WRITEDATA, transfer);
}

enum hanse_status hanse_transfer_prepare_https(struct hanse_transfer *transfer, const char *user_agent,
                                               struct hanse_error *err)
{
    transfer->easy = curl_easy_init();
    if (transfer->easy == NULL || !add_headers(transfer))
        return hanse_fail_memory(err);
    if (!set_trust(transfer) || !set_request(transfer) || !set_limits(transfer) || !set_callbacks(transfer) ||
        !SET(CURLOPT_USERAGENT, user_agent))
        return hanse_fail(err, HANSE_UNSUPPORTED, "HTTP library refuses an option that fetching needs");
    return HANSE_OK;
}

static const char *verification_hint(CURL *easy)
{
    long verified = 0;
    (void)curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &verified);
    if (verified == VERIFY_SELF_SIGNED || verified == VERIFY_SELF_SIGNED_IN_CHAIN ||
        verified == VERIFY_NO_LOCAL_ISSUER || verified == VERIFY_CHAIN_TOO_SHORT)
        return "; give the server's pin or its authority's certificate";
    return "";
}

static bool was_connected(CURL *easy)
{
    curl_off_t connected_us = 0;
    (void)curl_easy_getinfo(easy, CURLINFO_APPCONNECT_TIME_T, &connected_us);
    return connected_us > 0;
}

/* curl has this code for a header line of more than 100 KB, too. */
static void fail_memory(struct hanse_transfer *transfer)
{
    if (was_connected(transfer->easy) && !transfer->settled)
        hanse_transfer_fail(transfer, HANSE_MALFORMED, CURLE_OUT_OF_MEMORY,
                            "headers have more than %u bytes, or memory is out",
                            HANSE_MAX_FETCH_HEADER_BYTES);
    else
        hanse_transfer_fail(transfer, HANSE_NO_MEMORY, CURLE_OUT_OF_MEMORY, "out of memory");
}

static void fail_timeout(struct hanse_transfer *transfer)
{
    if (!was_connected(transfer->easy))
        hanse_transfer_fail(transfer, HANSE_UNREACHABLE, CURLE_OPERATION_TIMEDOUT,
                            "no connection within %u ms", transfer->request.connect_timeout_ms);
    else
        hanse_transfer_fail(transfer, HANSE_UNREACHABLE, CURLE_OPERATION_TIMEDOUT,
                            "server stalled for %u s after %llu bytes", transfer->request.stall_timeout_s,
                            (unsigned long long)transfer->received_bytes);
}

/* The connection broke after the headers of an answer with a body. */
static void fail_truncated(struct hanse_transfer *transfer, int code, const char *reason)
{
    hanse_transfer_fail(transfer, HANSE_TRUNCATED, code, "answer ended after %llu bytes: %s",
                        (unsigned long long)transfer->received_bytes, reason);
}

static const char *proxy_hint(CURLcode code, long status)
{
    if (code == CURLE_COULDNT_RESOLVE_PROXY)
        return "cannot be found, or its address is misspelt";
    if (status == 407)
        return "does not open the way (HTTP 407): it wants a user name and a password";
    return status == 403 ? "does not open the way (HTTP 403): it forbids this host" : "does not open the way";
}

/* curl's own words may hold the proxy's password. False: it is not the proxy that failed. */
static bool fail_at_proxy(struct hanse_transfer *transfer, CURLcode code)
{
    char address[PROXY_TEXT_BYTES];
    long status = 0;
    (void)curl_easy_getinfo(transfer->easy, CURLINFO_HTTP_CONNECTCODE, &status);
    if (status < CONNECT_REFUSED_FROM && code != CURLE_COULDNT_RESOLVE_PROXY)
        return false;
    hanse_proxy_address(address, sizeof address);
    const char *variable = hanse_proxy_variable();
    transfer->result.transient = is_transient((int)status);
    hanse_transfer_fail(transfer, HANSE_UNREACHABLE, (int)code, "proxy \"%s\" (of %s) %s%s", address,
                        variable != NULL ? variable : "the environment", proxy_hint(code, status),
                        transfer->result.transient ? "; try again later" : "");
    return true;
}

static void judge_failure(struct hanse_transfer *transfer, CURLcode code)
{
    char reason[CURL_ERROR_SIZE];
    /* curl keeps its first message: of an attempt over a dead connection, where the next got nothing. */
    bool own_text = transfer->curl_message[0] == '\0' || code == CURLE_GOT_NOTHING;
    const char *text = own_text ? curl_easy_strerror(code) : transfer->curl_message;
    hanse_printable_copy(hanse_bytes_of_text(text), reason, sizeof reason);
    transfer->result.transient = code != CURLE_OUT_OF_MEMORY && code != CURLE_SSL_PINNEDPUBKEYNOTMATCH &&
                                 code != CURLE_PEER_FAILED_VERIFICATION && code != CURLE_SSL_CACERT_BADFILE;
    if (fail_at_proxy(transfer, code))
        return;
    switch (code) {
    case CURLE_OUT_OF_MEMORY:
        fail_memory(transfer);
        return;
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        hanse_transfer_fail(transfer, HANSE_UNREACHABLE, (int)code,
                            "server's TLS key differs from the pin; ask its operator for the new pin");
        return;
    case CURLE_PEER_FAILED_VERIFICATION:
        hanse_transfer_fail(transfer, HANSE_UNREACHABLE, (int)code, "certificate refused: %s%s", reason,
                            verification_hint(transfer->easy));
        return;
    case CURLE_SSL_CACERT_BADFILE:
        hanse_transfer_fail(transfer, HANSE_UNREACHABLE, (int)code, "cannot read authorities from \"%.120s\"",
                            transfer->request.ca_file != NULL ? transfer->request.ca_file : "the system");
        return;
    case CURLE_OPERATION_TIMEDOUT:
        fail_timeout(transfer);
        return;
    default:
        if (transfer->settled)
            fail_truncated(transfer, (int)code, reason);
        else
            hanse_transfer_fail(transfer, HANSE_UNREACHABLE, (int)code, "%s", reason);
    }
}

/* curl saw the end that the server announced; is it the end that was asked for? */
static void judge_end(struct hanse_transfer *transfer)
{
    if (!transfer->settled)
        hanse_transfer_fail(transfer, HANSE_UNREACHABLE, 0, "server sent no HTTP answer");
    else if (transfer->expected_bytes != HANSE_SIZE_UNKNOWN &&
             transfer->received_bytes < transfer->expected_bytes) {
        transfer->result.transient = true;
        fail_truncated(transfer, 0, "the range that the server named is longer");
    } else if (transfer->result.answer == HANSE_FETCH_WHOLE) {
        transfer->result.total_bytes = transfer->received_bytes;
        if (transfer->received_bytes <= transfer->request.offset)
            transfer->result.answer = HANSE_FETCH_PAST_END;
    } else if (transfer->result.answer == HANSE_FETCH_PART && transfer->response.status == 200)
        transfer->result.total_bytes = transfer->received_bytes;
    else if (transfer->result.answer == HANSE_FETCH_UNCHANGED && transfer->result.etag[0] == '\0')
        hanse_printable_copy(hanse_bytes_of_text(transfer->request.etag), transfer->result.etag,
                             sizeof transfer->result.etag);
}

static void judge(struct hanse_transfer *transfer, CURLcode code)
{
    /* What ended on this side's wish, or failed by this side's judgement, makes curl report a write error. */
    if (transfer->ended || transfer->result.stopped)
        return;
    bool bodiless =
        transfer->result.answer == HANSE_FETCH_UNCHANGED || transfer->result.answer == HANSE_FETCH_PAST_END;
    if (code != CURLE_OK && !bodiless)
        judge_failure(transfer, code);
    else
        judge_end(transfer);
}

void hanse_transfer_conclude_https(struct hanse_transfer *transfer, CURLcode code)
{
    judge(transfer, code);
    hanse_transfer_read_facts(transfer, code);
}
