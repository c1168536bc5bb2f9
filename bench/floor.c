/* SPDX-License-Identifier: Apache-2.0 */
/* The least that a first sync can cost: fetches segments over HTTPS on one connection, inflates and hashes
 * what they hold, keeps nothing. Usage: bench_floor URL... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>
#include <openssl/evp.h>

#include "frame_scan.h"

struct intake {
    uint8_t *held;
    size_t size;
    size_t capacity;
    struct scanned_block block;
    EVP_MD_CTX *hash;
    size_t fetched;
    size_t inflated;
};

static void hold(struct intake *intake, const char *bytes, size_t size)
{
    if (intake->capacity - intake->size < size) {
        intake->capacity = (intake->size + size) * 2;
        intake->held = realloc(intake->held, intake->capacity);
        if (intake->held == NULL)
            abort();
    }
    memcpy(intake->held + intake->size, bytes, size);
    intake->size += size;
}

static size_t take(char *bytes, size_t one, size_t size, void *context)
{
    struct intake *intake = context;
    struct scanned_frame frame;
    size_t at = 0;
    hold(intake, bytes, one * size);
    intake->fetched += one * size;
    while (scan_frame(intake->held + at, intake->size - at, &frame)) {
        const uint8_t *body = scan_inflate(&intake->block, intake->held + at, &frame);
        (void)EVP_DigestUpdate(intake->hash, body, frame.inflated_bytes);
        intake->inflated += frame.inflated_bytes;
        at += frame.frame_bytes;
    }
    memmove(intake->held, intake->held + at, intake->size - at);
    intake->size -= at;
    return one * size;
}

int main(int argc, char **argv)
{
    CURL *curl = curl_easy_init();
    struct intake intake = {.hash = EVP_MD_CTX_new()};
    unsigned char digest[EVP_MAX_MD_SIZE];
    if (argc < 2 || curl == NULL || intake.hash == NULL ||
        EVP_DigestInit_ex(intake.hash, EVP_sha256(), NULL) != 1)
        return 2;
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, &intake);
    (void)curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    (void)curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, 128L << 10);
    /* Nothing is believed here, so nobody has to be who he says. */
    (void)curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    for (int i = 1; i < argc; i++) {
        (void)curl_easy_setopt(curl, CURLOPT_URL, argv[i]);
        CURLcode code = curl_easy_perform(curl);
        if (code != CURLE_OK || intake.size > 0) {
            (void)fprintf(stderr, "%s: %s\n", argv[i], curl_easy_strerror(code));
            return 1;
        }
    }
    (void)EVP_DigestFinal_ex(intake.hash, digest, NULL);
    (void)printf("{\"fetched\": %zu, \"inflated\": %zu, \"digest\": \"%02x%02x%02x%02x\"}\n", intake.fetched,
                 intake.inflated, digest[0], digest[1], digest[2], digest[3]);
    EVP_MD_CTX_free(intake.hash);
    curl_easy_cleanup(curl);
    scan_release(&intake.block);
    free(intake.held);
    return 0;
}
