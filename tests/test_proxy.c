/* SPDX-License-Identifier: Apache-2.0 */
/* Fetching through a proxy that the environment names, and what is said when it does not open the way. */
#include "hostile.h"

#include "connect_proxy.h"
#include "net/fetch.h"
#include "net/proxy.h"

static struct tls_identity identity;
static struct hostile server;
static struct connect_proxy proxy;

static const char reply[] = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789";

static int set_up(void **state)
{
    (void)state;
    forget_proxies();
    tls_identity_make_valid(&identity, "127.0.0.1");
    hostile_start(&server, &identity);
    hostile_script(&server, reply, sizeof reply - 1, HOSTILE_CLOSE);
    connect_proxy_start(&proxy);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    connect_proxy_stop(&proxy);
    hostile_stop(&server);
    tls_identity_release(&identity);
    return 0;
}

/* The environment of each test is its own. */
static int begin(void **state)
{
    (void)state;
    forget_proxies();
    (void)unsetenv("NO_PROXY");
    (void)unsetenv("no_proxy");
    connect_proxy_script(&proxy, 0);
    return 0;
}

static void use_proxy(const char *variable, const char *credentials)
{
    char address[128];
    (void)snprintf(address, sizeof address, "http://%s127.0.0.1:%u/", credentials, proxy.port);
    assert_int_equal(setenv(variable, address, 1), 0);
}

/* With connections of its own. */
static enum hanse_status fetch(struct hanse_fetch_result *result)
{
    char url[64];
    struct hanse_fetcher *fetcher = NULL;
    struct hanse_error err;
    (void)snprintf(url, sizeof url, "https://127.0.0.1:%u/feed/", server.port);
    const struct hanse_fetch_request request = {
        .base_url = url, .name = "checkpoint", .max_bytes = 100, .pins = identity.pin, .stall_timeout_s = 5};
    assert_int_equal(hanse_fetcher_new(NULL, &fetcher, NULL), HANSE_OK);
    enum hanse_status status = hanse_fetch(fetcher, &request, result, &err);
    hanse_fetcher_free(fetcher);
    return status;
}

static void each_variable_leads_through_the_proxy(void **state)
{
    (void)state;
    static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
    for (size_t i = 0; i < 4; i++) {
        struct hanse_fetch_result result;
        (void)begin(state);
        use_proxy(names[i], "");
        assert_string_equal(hanse_proxy_variable(), names[i]);
        assert_int_equal(fetch(&result), HANSE_OK);
        assert_int_equal(result.body_bytes, 10);
        assert_int_equal(connect_proxy_asked(&proxy), 1);
    }
}

static void no_proxy_leads_past_it(void **state)
{
    (void)state;
    static const char *const values[] = {"127.0.0.1", "other.example,127.0.0.0/8", "*"};
    for (size_t i = 0; i < 3; i++) {
        struct hanse_fetch_result result;
        (void)begin(state);
        use_proxy("HTTPS_PROXY", "");
        assert_int_equal(setenv("NO_PROXY", values[i], 1), 0);
        assert_int_equal(fetch(&result), HANSE_OK);
        assert_int_equal(connect_proxy_asked(&proxy), 0);
    }
}

static void credentials_go_to_the_proxy_only(void **state)
{
    (void)state;
    struct hanse_fetch_result result;
    use_proxy("HTTPS_PROXY", "user:se%40cret@");
    assert_int_equal(fetch(&result), HANSE_OK);
    assert_non_null(strstr(proxy.request, "Proxy-Authorization: Basic dXNlcjpzZUBjcmV0\r\n"));
    assert_null(strstr(server.request, "Authorization"));
}

static void assert_refused(int status, bool transient, const char *words)
{
    char named[96];
    struct hanse_fetch_result result;
    connect_proxy_script(&proxy, status);
    assert_int_equal(fetch(&result), HANSE_UNREACHABLE);
    (void)snprintf(named, sizeof named, "proxy \"127.0.0.1:%u\" (of HTTPS_PROXY)", proxy.port);
    if (strstr(result.error.message, named) == NULL || strstr(result.error.message, words) == NULL ||
        strstr(result.error.message, "cret") != NULL)
        fail_msg("the message is \"%s\"", result.error.message);
    assert_int_equal(result.transient, transient);
    assert_int_equal(result.failed_at, HANSE_FETCH_AT_PROXY);
    assert_int_equal(connect_proxy_asked(&proxy), 1);
}

static void a_proxy_that_refuses_is_named(void **state)
{
    (void)state;
    use_proxy("HTTPS_PROXY", "user:se%40cret@");
    assert_refused(407, false, "HTTP 407): it wants a user name and a password");
    assert_refused(403, false, "HTTP 403): it forbids this host");
    assert_refused(502, true, "does not open the way; try again later");
    assert_refused(503, true, "does not open the way; try again later");
    connect_proxy_script(&proxy, 0);
    struct hanse_fetch_result result;
    assert_int_equal(fetch(&result), HANSE_OK);
    /* What cannot be read as an address is not repeated: it may hold the password. */
    use_proxy("HTTPS_PROXY", "user:se@cret@");
    assert_int_equal(fetch(&result), HANSE_UNREACHABLE);
    assert_non_null(strstr(result.error.message, "misspelt"));
    assert_null(strstr(result.error.message, "cret"));
    assert_int_equal(result.failed_at, HANSE_FETCH_AT_PROXY);
    assert_int_equal(setenv("HTTPS_PROXY", "http://proxy.invalid:3128", 1), 0);
    assert_int_equal(fetch(&result), HANSE_UNREACHABLE);
    assert_non_null(
        strstr(result.error.message, "proxy \"proxy.invalid:3128\" (of HTTPS_PROXY) cannot be found"));
}

static void addresses_are_told_without_credentials(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"http://proxy.example:3128", "proxy.example:3128"},
        {"proxy.example:3128/", "proxy.example:3128"},
        {"http://u:p@proxy.example/", "proxy.example"},
        {"socks5://u:p@[::1]:1080", "[::1]:1080"},
        {"http://u:p/x@y@proxy.example:80/", "proxy.example:80"},
    };
    char address[64];
    hanse_proxy_address(address, sizeof address);
    assert_string_equal(address, "");
    assert_null(hanse_proxy_variable());
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(setenv("HTTPS_PROXY", cases[i][0], 1), 0);
        hanse_proxy_address(address, sizeof address);
        assert_string_equal(address, cases[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_variable_leads_through_the_proxy, begin),
        cmocka_unit_test_setup(no_proxy_leads_past_it, begin),
        cmocka_unit_test_setup(credentials_go_to_the_proxy_only, begin),
        cmocka_unit_test_setup(a_proxy_that_refuses_is_named, begin),
        cmocka_unit_test_setup(addresses_are_told_without_credentials, begin),
    };
    return cmocka_run_group_tests_name("proxy", tests, set_up, tear_down);
}
