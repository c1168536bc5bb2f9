/* SPDX-License-Identifier: Apache-2.0 */
/* Base URLs: which are taken and what becomes of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "net/location.h"

struct resolved {
    bool is_file;
    struct hanse_buffer url;
    struct hanse_buffer folder;
};

static enum hanse_status resolve(const char *base_url, struct resolved *out, struct hanse_error *err)
{
    hanse_buffer_init(&out->url, 4096);
    hanse_buffer_init(&out->folder, 4096);
    return hanse_location_resolve(base_url, "checkpoint", &out->is_file, &out->url, &out->folder, err);
}

static void release(struct resolved *resolved)
{
    hanse_buffer_release(&resolved->url);
    hanse_buffer_release(&resolved->folder);
}

static void taken(const char *base_url, const char *url, const char *folder)
{
    struct resolved got;
    assert_int_equal(resolve(base_url, &got, NULL), HANSE_OK);
    assert_true(hanse_bytes_equal_text(hanse_buffer_view(&got.url), url));
    assert_int_equal(got.is_file, folder != NULL);
    assert_true(hanse_bytes_equal_text(hanse_buffer_view(&got.folder), folder != NULL ? folder : ""));
    release(&got);
}

static void refused(const char *base_url, const char *reason)
{
    struct resolved got;
    struct hanse_error err = {0};
    assert_int_equal(resolve(base_url, &got, &err), HANSE_INVALID_ARGUMENT);
    if (strstr(err.message, reason) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", err.message, reason);
    release(&got);
}

static void urls_are_joined(void **state)
{
    (void)state;
    taken("https://city.example/hanse/", "https://city.example/hanse/checkpoint", NULL);
    taken("https://city.example:8443", "https://city.example:8443/checkpoint", NULL);
    taken("https://[::1]:8443/x", "https://[::1]:8443/x/checkpoint", NULL);
}

static void folders_are_decoded(void **state)
{
    (void)state;
    taken("file:///srv/feed", "file:///srv/feed/checkpoint", "/srv/feed");
    taken("file:/srv/feed/", "file:/srv/feed/checkpoint", "/srv/feed/");
    taken("file://localhost/srv", "file://localhost/srv/checkpoint", "/srv");
    taken("file:///media/my%20stick%2fx", "file:///media/my%20stick%2fx/checkpoint", "/media/my stick/x");
}

static void other_urls_are_refused(void **state)
{
    (void)state;
    refused("http://city.example/", "https://");
    refused("ftp://city.example/", "neither");
    refused("HTTPS://city.example/", "neither");
    refused("city.example", "neither");
    refused("", "neither");
    refused("https://", "malformed");
    refused("https://city.example:99999/", "malformed");
    refused("https://user@city.example/", "user name");
    refused("https://user:secret@city.example/", "user name");
    refused("https://:secret@city.example/", "user name");
    refused("https://city.example/?x", "character at byte 21");
    refused("https://city.example/#x", "character");
    refused("https://city.example/a b", "character");
    refused("https://city.example/\r\nX: y", "character");
    refused("https://st\xc3\xa4"
            "dte.example/",
            "character");
    refused("file:", "absolute");
    refused("file:relative", "absolute");
    refused("file://host/path", "absolute");
    refused("file:////host/path", "absolute");
    refused("file:///a%00b", "malformed");
    refused("file:///a%zz", "malformed");
    refused("file:///a%4", "malformed");
}

static void a_secret_is_not_repeated(void **state)
{
    (void)state;
    struct resolved got;
    struct hanse_error err = {0};
    assert_int_equal(resolve("https://user:geheim@city.example/", &got, &err), HANSE_INVALID_ARGUMENT);
    assert_null(strstr(err.message, "geheim"));
    release(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urls_are_joined),
        cmocka_unit_test(folders_are_decoded),
        cmocka_unit_test(other_urls_are_refused),
        cmocka_unit_test(a_secret_is_not_repeated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
