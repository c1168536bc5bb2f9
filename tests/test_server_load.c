/* SPDX-License-Identifier: Apache-2.0 */
/* A thousand clients that dawdle, beside normal service: they are let in and keep nobody waiting, the
 * deadline cuts them off, and the server ends gracefully among them. */
#include "tls_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/resource.h>

#include "net/fetch.h"
#include "serve/https_server.h"

enum {
    SLOW_CLIENTS = 1000,
    BIG_BYTES = 48 << 20,
    PATIENT_MS = 600000,
    IMPATIENT_MS = 3000,
    GENEROUS_MS = 20000 /* for what takes milliseconds on an idle machine */
};

static struct tls_identity identity;
static char folder[64];
static char url[64];

/* Each dawdles in one of four ways; the TLS ones have a session besides the socket. */
static struct raw_client slow[SLOW_CLIENTS];

static enum hanse_status locate(void *context, struct hanse_bytes feed_hex, const char *name,
                                enum hanse_feed_name_kind kind, struct hanse_path *out_dir)
{
    (void)context;
    (void)feed_hex;
    (void)name;
    (void)kind;
    return hanse_path_format(out_dir, NULL, "%s/public", folder);
}

static struct hanse_https_server *start(unsigned deadline_ms)
{
    struct hanse_https_server *server = NULL;
    struct hanse_https_server_options options = {.listen = "127.0.0.1:0",
                                                 .certificate_pem =
                                                     hanse_buffer_view(&identity.certificate_pem),
                                                 .key_pem = hanse_buffer_view(&identity.key_pem),
                                                 .locate = locate,
                                                 .header_deadline_ms = deadline_ms,
                                                 .idle_timeout_ms = deadline_ms};
    assert_int_equal(hanse_https_server_start(&options, &server, NULL), HANSE_OK);
    (void)snprintf(url, sizeof url, "https://127.0.0.1:%u/", hanse_https_server_port(server));
    return server;
}

static int set_up(void **state)
{
    (void)state;
    forget_proxies();
    /* Both ends of each connection are here, and the server wants two files for each of its own. */
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = limit.rlim_max < 16384 ? limit.rlim_max : 16384;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    if (limit.rlim_cur < 4 * SLOW_CLIENTS) {
        print_message("skipped: this process may open %lu files only\n", (unsigned long)limit.rlim_cur);
        exit(77);
    }
    tls_identity_make_valid(&identity, "127.0.0.1");
    strcpy(folder, "/tmp/hanse-test-load-XXXXXX");
    assert_non_null(mkdtemp(folder));
    char *big = calloc(1, BIG_BYTES);
    write_file(folder, "public/checkpoint", "0123456789", 10);
    write_file(folder, "public/hanse/public/7-0123456789abcdef", big, BIG_BYTES);
    free(big);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    tls_identity_release(&identity);
    remove_folder(folder);
    return 0;
}

/* Nothing at all; the beginning of a ClientHello; a handshake and silence; headers that do not end. */
static void dawdle(struct raw_client *client, uint16_t port, unsigned way)
{
    static const char hello[] = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
    *client = (struct raw_client){.fd = -1};
    if (way % 4 >= 2) {
        assert_true(raw_connect(client, port));
    } else {
        client->fd = raw_connect_tcp(port);
    }
    if (way % 4 == 1)
        assert_int_equal(send(client->fd, hello, sizeof hello - 1, 0), sizeof hello - 1);
    if (way % 4 == 3)
        raw_send(client, "GET /checkpoint HTTP/1.1\r\nHost:", 31);
}

static void let_them_dawdle(const struct hanse_https_server *server)
{
    for (unsigned i = 0; i < SLOW_CLIENTS; i++)
        dawdle(&slow[i], hanse_https_server_port(server), i);
}

/* Whether the server has hung up; what it sent before (session tickets) is passed over. */
static bool hung_up(const struct raw_client *client)
{
    char bytes[4096];
    for (;;) {
        ssize_t got = recv(client->fd, bytes, sizeof bytes, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno == ECONNRESET))
            return true;
        if (got < 0)
            return false;
    }
}

static unsigned count_hung_up(void)
{
    unsigned count = 0;
    for (unsigned i = 0; i < SLOW_CLIENTS; i++)
        count += hung_up(&slow[i]) ? 1 : 0;
    return count;
}

static void close_all(void)
{
    for (unsigned i = 0; i < SLOW_CLIENTS; i++)
        raw_close(&slow[i]);
}

/* One request over a connection of its own. */
static void ask_once(void)
{
    struct hanse_fetcher *fetcher = NULL;
    struct hanse_fetch_result result;
    struct hanse_error err;
    struct hanse_fetch_request request = {
        .base_url = url, .name = "checkpoint", .max_bytes = 100, .pins = identity.pin};
    assert_int_equal(hanse_fetcher_new(NULL, &fetcher, NULL), HANSE_OK);
    uint64_t start_ms = hanse_clock_monotonic_ms();
    if (hanse_fetch(fetcher, &request, &result, &err) != HANSE_OK)
        fail_msg("%s", err.message);
    assert_int_equal(result.body_bytes, 10);
    assert_true(hanse_clock_monotonic_ms() - start_ms < GENEROUS_MS);
    hanse_fetcher_free(fetcher);
}

static uint64_t cpu_ms(void)
{
    struct timespec used;
    assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used), 0);
    return (uint64_t)used.tv_sec * 1000 + (uint64_t)used.tv_nsec / 1000000;
}

static void normal_requests_are_answered_beside_them(void **state)
{
    (void)state;
    struct hanse_https_server *server = start(PATIENT_MS);
    let_them_dawdle(server);
    for (int i = 0; i < 10; i++)
        ask_once();
    uint64_t used_ms = cpu_ms();
    sleep_ms(1000);
    assert_true(cpu_ms() - used_ms < 500);       /* and nothing spins meanwhile */
    assert_int_equal(count_hung_up(), 0);        /* all thousand were there all the while */
    hanse_https_server_stop(server, PATIENT_MS); /* they are no answers under way: nothing to wait for */
    assert_int_equal(count_hung_up(), SLOW_CLIENTS);
    close_all();
}

static void the_deadline_cuts_them_off(void **state)
{
    (void)state;
    struct hanse_https_server *server = start(IMPATIENT_MS);
    let_them_dawdle(server);
    uint64_t start_ms = hanse_clock_monotonic_ms();
    while (count_hung_up() < SLOW_CLIENTS) {
        ask_once();
        sleep_ms(100);
        assert_true(hanse_clock_monotonic_ms() - start_ms < IMPATIENT_MS + GENEROUS_MS);
    }
    hanse_https_server_stop(server, 0);
    close_all();
}

struct stopping {
    struct hanse_https_server *server;
    pthread_t thread;
    bool begun;
};

static void *stop_gracefully(void *context)
{
    struct stopping *stopping = context;
    hanse_https_server_stop(stopping->server, PATIENT_MS);
    return NULL;
}

/* The server is told to stop when the first bytes of the answer are here. */
static enum hanse_status take_piece(void *context, struct hanse_bytes piece, bool *stop,
                                    struct hanse_error *err)
{
    (void)piece;
    (void)stop;
    (void)err;
    struct stopping *stopping = context;
    if (!stopping->begun)
        assert_int_equal(pthread_create(&stopping->thread, NULL, stop_gracefully, stopping), 0);
    stopping->begun = true;
    return HANSE_OK;
}

static void stopping_among_them_lets_an_answer_end(void **state)
{
    (void)state;
    struct stopping stopping = {.server = start(PATIENT_MS)};
    let_them_dawdle(stopping.server);
    struct hanse_fetcher *fetcher = NULL;
    struct hanse_fetch_result result;
    struct hanse_error err;
    struct hanse_fetch_request request = {.base_url = url,
                                          .name = "hanse/public/7-0123456789abcdef",
                                          .max_bytes = BIG_BYTES,
                                          .pins = identity.pin,
                                          .bulk = true,
                                          .on_body = take_piece,
                                          .context = &stopping};
    assert_int_equal(hanse_fetcher_new(NULL, &fetcher, NULL), HANSE_OK);
    if (hanse_fetch(fetcher, &request, &result, &err) != HANSE_OK)
        fail_msg("%s", err.message);
    assert_int_equal(result.body_bytes, BIG_BYTES);
    hanse_fetcher_free(fetcher);
    assert_true(stopping.begun);
    assert_int_equal(pthread_join(stopping.thread, NULL), 0);
    assert_int_equal(count_hung_up(), SLOW_CLIENTS);
    close_all();
}

/* False also if the server leaves the connection waiting. */
static bool is_let_in(struct raw_client *client, uint16_t port)
{
    client->fd = raw_connect_tcp(port);
    struct timeval limit = {.tv_sec = 3};
    assert_int_equal(setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
    client->context = SSL_CTX_new(TLS_client_method());
    client->tls = SSL_new(client->context);
    assert_int_equal(SSL_set_fd(client->tls, client->fd), 1);
    return SSL_connect(client->tls) == 1;
}

/* Few files are allowed: fewer connections are let in, so that those find files left for their answers. */
static void few_files_make_few_connections(void **state)
{
    (void)state;
    struct rlimit before;
    struct rlimit few;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = before;
    few.rlim_cur = 192; /* (192 - 128) / 2 connections */
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    struct hanse_https_server *server = start(PATIENT_MS);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0); /* the clients are in this process, too */
    struct raw_client clients[64];
    unsigned let_in = 0;
    while (let_in < 64 && is_let_in(&clients[let_in], hanse_https_server_port(server)))
        let_in++;
    assert_true(let_in > 0 && let_in <= 32);
    for (unsigned i = 0; i <= let_in; i++)
        raw_close(&clients[i]);
    hanse_https_server_stop(server, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normal_requests_are_answered_beside_them),
        cmocka_unit_test(the_deadline_cuts_them_off),
        cmocka_unit_test(stopping_among_them_lets_an_answer_end),
        cmocka_unit_test(few_files_make_few_connections),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
