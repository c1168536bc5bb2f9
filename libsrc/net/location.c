/* SPDX-License-Identifier: Apache-2.0 */
#include "net/location.h"

#include <string.h>

#include <curl/curl.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"
#include "feed/feed_name.h"

static bool begins_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Everything that is no plain ASCII is written in percents or punycode in a URL; a query or fragment cannot
 * have a name appended. */
static enum hanse_status check_characters(const char *url, struct hanse_error *err)
{
    size_t size = strlen(url);
    if (size > HANSE_MAX_URL_BYTES)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "URL is longer than %u bytes: \"%.64s...\"",
                          HANSE_MAX_URL_BYTES, url);
    for (size_t i = 0; i < size; i++)
        if (url[i] <= ' ' || url[i] >= 0x7f || strchr("?#\\\"<>^`{|}", url[i]) != NULL)
            return hanse_fail_at(err, HANSE_INVALID_ARGUMENT, i,
                                 "URL has a character at byte %zu that a feed's URL cannot have", i);
    return HANSE_OK;
}

static void free_url(CURLU **url)
{
    curl_url_cleanup(*url);
}

static void free_part(char **part)
{
    curl_free(*part);
}

static enum hanse_status check_https(const char *base_url, struct hanse_error *err)
{
    __attribute__((cleanup(free_url))) CURLU *parsed = curl_url();
    __attribute__((cleanup(free_part))) char *part = NULL;
    if (parsed == NULL)
        return hanse_fail_memory(err);
    CURLUcode code = curl_url_set(parsed, CURLUPART_URL, base_url, 0);
    if (code == CURLUE_OUT_OF_MEMORY)
        return hanse_fail_memory(err);
    if (code != CURLUE_OK)
        return hanse_fail_library(err, HANSE_INVALID_ARGUMENT, (int)code, "URL is malformed (%s): \"%.160s\"",
                                  curl_url_strerror(code), base_url);
    if (curl_url_get(parsed, CURLUPART_USER, &part, 0) != CURLUE_NO_USER ||
        curl_url_get(parsed, CURLUPART_PASSWORD, &part, 0) != CURLUE_NO_PASSWORD)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "URL holds a user name or password");
    return HANSE_OK;
}

static int hex_value(char digit)
{
    const char *digits = "0123456789abcdef0123456789ABCDEF";
    const char *at = digit != '\0' ? strchr(digits, digit) : NULL;
    return at == NULL ? -1 : (int)((at - digits) % 16);
}

static enum hanse_status decode_percents(const char *path, struct hanse_buffer *out, struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (; *path != '\0' && status == HANSE_OK; path++) {
        int byte = (unsigned char)*path;
        if (byte == '%') {
            int high = hex_value(path[1]);
            int low = high < 0 ? -1 : hex_value(path[2]);
            byte = low < 0 ? 0 : high * 16 + low;
            path += 2;
            if (byte == 0)
                return hanse_fail(err, HANSE_INVALID_ARGUMENT, "URL has a malformed \"%%\" in its path");
        }
        status = hanse_buffer_append_u8(out, (uint8_t)byte, err);
    }
    return status;
}

/* "file:///folder", "file:/folder" or "file://localhost/folder" (RFC 8089). */
static enum hanse_status decode_folder(const char *base_url, struct hanse_buffer *folder,
                                       struct hanse_error *err)
{
    const char *path = base_url + strlen("file:");
    if (begins_with(path, "//localhost/"))
        path += strlen("//localhost");
    else if (begins_with(path, "///"))
        path += strlen("//");
    if (path[0] != '/' || path[1] == '/')
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "file: URL has no absolute path of this host: \"%.160s\"", base_url);
    return decode_percents(path, folder, err);
}

enum hanse_status hanse_location_resolve(const char *base_url, const char *name, bool *is_file,
                                         struct hanse_buffer *url, struct hanse_buffer *folder,
                                         struct hanse_error *err)
{
    bool file = begins_with(base_url, "file:");
    if (begins_with(base_url, "http:"))
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "URL is not encrypted: use \"https://\" instead of \"http://\" in \"%.160s\"",
                          base_url);
    if (!file && !begins_with(base_url, "https://"))
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "URL begins neither with \"https://\" nor with \"file:\": \"%.160s\"", base_url);
    enum hanse_status status = check_characters(base_url, err);
    if (status == HANSE_OK)
        status = file ? decode_folder(base_url, folder, err) : check_https(base_url, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_text(url, base_url, err);
    if (status == HANSE_OK && base_url[strlen(base_url) - 1] != '/')
        status = hanse_buffer_append_text(url, "/", err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_text(url, name, err);
    if (status == HANSE_OK)
        *is_file = file;
    return status;
}

enum hanse_status hanse_location_check(const char *base_url, struct hanse_error *err)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer url;
    HANSE_SCOPED_BUFFER struct hanse_buffer folder;
    bool is_file = false;
    hanse_buffer_init(&url, HANSE_MAX_URL_BYTES + HANSE_FEED_NAME_BYTES + 1);
    hanse_buffer_init(&folder, HANSE_MAX_URL_BYTES);
    enum hanse_status status = hanse_location_resolve(base_url, "checkpoint", &is_file, &url, &folder, err);
    return status == HANSE_LIMIT ? hanse_fail_as(err, HANSE_INVALID_ARGUMENT) : status;
}
