/* SPDX-License-Identifier: Apache-2.0 */
/* What curl knows of a request that ended, beside its success: counters, dates, and where it failed. */
#include <string.h>

#include "net/transfer.h"

enum { CONNECT_REFUSED_FROM = 300 };

static bool has_passed(CURL *easy, CURLINFO moment)
{
    curl_off_t after_us = 0;
    (void)curl_easy_getinfo(easy, moment, &after_us);
    return after_us > 0;
}

/* The stage after the last one that went well. */
static enum hanse_fetch_stage next_stage(CURL *easy)
{
    long proxy_status = 0;
    (void)curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
    if (proxy_status >= CONNECT_REFUSED_FROM)
        return HANSE_FETCH_AT_PROXY;
    if (has_passed(easy, CURLINFO_APPCONNECT_TIME_T))
        return HANSE_FETCH_AT_ANSWER;
    if (has_passed(easy, CURLINFO_CONNECT_TIME_T))
        return HANSE_FETCH_AT_TLS;
    return has_passed(easy, CURLINFO_NAMELOOKUP_TIME_T) ? HANSE_FETCH_AT_CONNECTION : HANSE_FETCH_AT_NAME;
}

static enum hanse_fetch_stage stage_of(CURL *easy, CURLcode code)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
        return HANSE_FETCH_AT_PROXY;
    case CURLE_COULDNT_RESOLVE_HOST:
        return HANSE_FETCH_AT_NAME;
    case CURLE_COULDNT_CONNECT:
        return HANSE_FETCH_AT_CONNECTION;
    case CURLE_SSL_CONNECT_ERROR:
        return HANSE_FETCH_AT_TLS;
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        return HANSE_FETCH_AT_PIN;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
        return HANSE_FETCH_AT_CERTIFICATE;
    default:
        return next_stage(easy);
    }
}

/* Of the server's own certificate, the first of the chain. */
static uint64_t certificate_until(CURL *easy)
{
    static const char label[] = "Expire date:";
    const struct curl_certinfo *chain = NULL;
    if (curl_easy_getinfo(easy, CURLINFO_CERTINFO, &chain) != CURLE_OK || chain == NULL ||
        chain->num_of_certs < 1)
        return 0;
    for (const struct curl_slist *line = chain->certinfo[0]; line != NULL; line = line->next) {
        if (strncmp(line->data, label, sizeof label - 1) != 0)
            continue;
        time_t until = curl_getdate(line->data + sizeof label - 1, NULL);
        return until > 0 ? (uint64_t)until : 0;
    }
    return 0;
}

void hanse_transfer_read_facts(struct hanse_transfer *transfer, CURLcode code)
{
    struct hanse_fetch_result *result = &transfer->result;
    curl_off_t body_bytes = 0;
    curl_off_t retry_after_s = 0;
    (void)curl_easy_getinfo(transfer->easy, CURLINFO_SIZE_DOWNLOAD_T, &body_bytes);
    (void)curl_easy_getinfo(transfer->easy, CURLINFO_RETRY_AFTER, &retry_after_s);
    result->wire_bytes = (uint64_t)body_bytes + transfer->header_bytes;
    result->retry_after_s = retry_after_s > 0 ? (uint64_t)retry_after_s : 0;
    result->requests = 1;
    result->date_unix_s = transfer->response.date_unix_s;
    if (transfer->request.certificate)
        result->certificate_until_unix_s = certificate_until(transfer->easy);
    if (result->error.status != HANSE_OK)
        result->failed_at = transfer->settled ? HANSE_FETCH_AT_ANSWER : stage_of(transfer->easy, code);
}
