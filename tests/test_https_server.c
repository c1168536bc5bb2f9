/* SPDX-License-Identifier: Apache-2.0 */
/* The HTTPS server over real TLS: answers, refusals of odd requests, and what becomes of slow clients. */
#include "tls_fixture.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/plain_file.h"
#include "net/fetch.h"
#include "serve/https_server.h"

#define FEED_HEX "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define SEGMENT "hanse/public/0-0123456789abcdef"

enum { BIG_BYTES = 48 << 20, ANSWER_ROOM = 1 << 16 };

static struct tls_identity identity;
static struct hanse_https_server *server;
static char folder[64];

/* What the log callback saw last. */
static pthread_mutex_t log_mutex = PTHREAD_MUTEX_INITIALIZER;
static unsigned log_count;
static struct {
    char method[16];
    char uri[64];
    char address[64];
    unsigned http_status;
    uint64_t body_bytes;
    bool complete;
} logged;

static void log_request(void *context, const struct hanse_https_server_event *event)
{
    assert_ptr_equal(context, folder);
    (void)pthread_mutex_lock(&log_mutex);
    log_count++;
    (void)snprintf(logged.method, sizeof logged.method, "%s", event->method);
    (void)snprintf(logged.uri, sizeof logged.uri, "%.60s", event->uri);
    (void)snprintf(logged.address, sizeof logged.address, "%s", event->address);
    logged.http_status = event->http_status;
    logged.body_bytes = event->body_bytes;
    logged.complete = event->complete;
    (void)pthread_mutex_unlock(&log_mutex);
}

static unsigned logged_so_far(void)
{
    (void)pthread_mutex_lock(&log_mutex);
    unsigned count = log_count;
    (void)pthread_mutex_unlock(&log_mutex);
    return count;
}

/* The root and one feed; the folder beside them is not to be reached. */
static enum hanse_status locate(void *context, struct hanse_bytes feed_hex, const char *name,
                                enum hanse_feed_name_kind kind, struct hanse_path *out_dir)
{
    assert_true(kind != HANSE_FEED_NAME_NONE);
    assert_true(strlen(name) < HANSE_FEED_NAME_BYTES);
    if (kind == HANSE_FEED_NAME_KEY_CHANGE)
        return HANSE_IO;
    if (feed_hex.size == 0)
        return hanse_path_format(out_dir, NULL, "%s/public", (const char *)context);
    if (hanse_bytes_equal_text(feed_hex, FEED_HEX))
        return hanse_path_format(out_dir, NULL, "%s/public/" FEED_HEX, (const char *)context);
    return HANSE_NOT_FOUND;
}

static struct hanse_https_server_options options_of(const char *listen)
{
    return (struct hanse_https_server_options){.listen = listen,
                                               .certificate_pem =
                                                   hanse_buffer_view(&identity.certificate_pem),
                                               .key_pem = hanse_buffer_view(&identity.key_pem),
                                               .locate = locate,
                                               .log = log_request,
                                               .context = folder};
}

static void write_big_file(void)
{
    struct hanse_path path;
    struct hanse_file file = HANSE_FILE_CLOSED;
    write_file(folder, "public/hanse/public/7-0123456789abcdef", "", 0);
    assert_int_equal(hanse_path_format(&path, NULL, "%s/public/hanse/public/7-0123456789abcdef", folder),
                     HANSE_OK);
    assert_int_equal(hanse_file_open_write(&file, path.text, HANSE_MODE_PUBLIC_FILE, NULL), HANSE_OK);
    assert_int_equal(hanse_file_truncate(&file, BIG_BYTES, NULL), HANSE_OK);
    hanse_file_close(&file);
}

static int set_up(void **state)
{
    (void)state;
    forget_proxies();
    tls_identity_make_valid(&identity, "127.0.0.1");
    strcpy(folder, "/tmp/hanse-test-server-XXXXXX");
    assert_non_null(mkdtemp(folder));
    write_file(folder, "public/checkpoint", "0123456789", 10);
    write_file(folder, "public/hanse/manifest", "", 0);
    write_file(folder, "public/" SEGMENT, "segment bytes", 13);
    write_file(folder, "public/tile/0/000", "tile", 4);
    write_file(folder, "public/" FEED_HEX "/checkpoint", "another feed", 12);
    write_file(folder, "public/secret", "secret", 6);
    write_file(folder, "private/checkpoint", "secret", 6);
    write_big_file();
    struct hanse_https_server_options options = options_of("127.0.0.1:0");
    assert_int_equal(hanse_https_server_start(&options, &server, NULL), HANSE_OK);
    assert_true(hanse_https_server_port(server) > 0);
    assert_string_equal(hanse_https_server_pin(server), identity.pin);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    hanse_https_server_stop(server, 0);
    tls_identity_release(&identity);
    remove_folder(folder);
    return 0;
}

static char answer[ANSWER_ROOM];

static void ask_bytes(const void *request, size_t size)
{
    (void)raw_exchange(hanse_https_server_port(server), request, size, answer, sizeof answer);
}

/* Method, target and further header lines; the answer is in `answer`. */
static void ask(const char *method, const char *target, const char *headers)
{
    char request[2048];
    int size = snprintf(request, sizeof request, "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n",
                        method, target, headers);
    assert_true(size > 0 && (size_t)size < sizeof request);
    ask_bytes(request, (size_t)size);
}

static unsigned answered_status(void)
{
    return strncmp(answer, "HTTP/1.1 ", 9) == 0 ? (unsigned)strtoul(answer + 9, NULL, 10) : 0;
}

static const char *answered_body(void)
{
    const char *end = strstr(answer, "\r\n\r\n");
    return end != NULL ? end + 4 : "";
}

static void expect(unsigned status, const char *body)
{
    if (answered_status() != status || strcmp(answered_body(), body) != 0)
        fail_msg("not %u with \"%s\": %s", status, body, answer);
}

static void expect_header(const char *line)
{
    char wanted[256];
    (void)snprintf(wanted, sizeof wanted, "\r\n%s\r\n", line);
    if (strstr(answer, wanted) == NULL)
        fail_msg("no \"%s\" in %s", line, answer);
}

static void read_tag(char tag[HANSE_FILE_TAG_BYTES])
{
    const char *at = strstr(answer, "ETag: ");
    assert_non_null(at);
    memcpy(tag, at + 6, HANSE_FILE_TAG_BYTES - 1);
    tag[HANSE_FILE_TAG_BYTES - 1] = '\0';
}

static void whole_files(void **state)
{
    (void)state;
    ask("GET", "/checkpoint", "");
    expect(200, "0123456789");
    expect_header("Content-Length: 10");
    expect_header("Content-Type: text/plain; charset=utf-8");
    expect_header("Cache-Control: max-age=5");
    expect_header("X-Content-Type-Options: nosniff");
    ask("GET", "/" SEGMENT, "");
    expect(200, "segment bytes");
    expect_header("Content-Type: application/octet-stream");
    expect_header("Cache-Control: max-age=60");
    ask("GET", "/tile/0/000", "Content-Length: 0\r\n");
    expect(200, "tile");
    expect_header("Cache-Control: max-age=31536000, immutable");
    ask("GET", "/hanse/manifest", "");
    expect(200, "");
    expect_header("Content-Length: 0");
    ask("GET", "/" FEED_HEX "/checkpoint", "");
    expect(200, "another feed");
}

static void heads(void **state)
{
    (void)state;
    ask("HEAD", "/checkpoint", "");
    expect(200, "");
    expect_header("Content-Length: 10");
    ask("HEAD", "/checkpoint", "Range: bytes=2-4\r\n");
    expect(206, "");
    expect_header("Content-Range: bytes 2-4/10");
    ask("HEAD", "/nothing", "");
    expect(404, "");
}

static void ranges(void **state)
{
    (void)state;
    ask("GET", "/checkpoint", "Range: bytes=4-\r\n");
    expect(206, "456789");
    expect_header("Content-Range: bytes 4-9/10");
    expect_header("Content-Length: 6");
    ask("GET", "/checkpoint", "Range: bytes=-3\r\n");
    expect(206, "789");
    ask("GET", "/checkpoint", "Range: bytes=4-5\r\n");
    expect(206, "45");
    ask("GET", "/checkpoint", "Range: bytes=1-2,4-5\r\n");
    expect(200, "0123456789");
    ask("GET", "/checkpoint", "Range: bytes=10-\r\n");
    expect(416, "");
    expect_header("Content-Range: bytes */10");
    ask("GET", "/checkpoint", "Range: bytes=4-\r\nIf-Range: \"other\"\r\n");
    expect(200, "0123456789");
}

static void conditions(void **state)
{
    (void)state;
    char tag[HANSE_FILE_TAG_BYTES];
    char line[256];
    ask("GET", "/checkpoint", "");
    read_tag(tag);
    (void)snprintf(line, sizeof line, "If-None-Match: \"x\", W/%s\r\n", tag);
    ask("GET", "/checkpoint", line);
    expect(304, "");
    (void)snprintf(line, sizeof line, "ETag: %s", tag);
    expect_header(line);
    expect_header("Cache-Control: max-age=5");
    expect_header("Content-Length: 10"); /* of the file */
    ask("GET", "/checkpoint", "If-None-Match: *\r\nRange: bytes=4-\r\n");
    expect(304, "");
    ask("GET", "/checkpoint", "If-None-Match: \"x\"\r\n");
    expect(200, "0123456789");
    (void)snprintf(line, sizeof line, "Range: bytes=4-\r\nIf-Range: %s\r\n", tag);
    ask("GET", "/checkpoint", line);
    expect(206, "456789");
    write_file(folder, "public/checkpoint", "0123456789", 10); /* the same bytes anew */
    char later[HANSE_FILE_TAG_BYTES];
    ask("GET", "/checkpoint", "");
    read_tag(later);
    assert_string_not_equal(tag, later);
}

static void other_methods(void **state)
{
    (void)state;
    static const char *const methods[] = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get", "X"};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        ask(methods[i], "/checkpoint", "");
        expect(405, "");
        expect_header("Allow: GET, HEAD");
    }
    ask("POST", "/checkpoint", "Content-Length: 5\r\n\r\nhello");
    expect(405, "");
}

static void other_names(void **state)
{
    (void)state;
    static const char *const targets[] = {
        "/",
        "/secret",
        "/private/checkpoint",
        "/../private/checkpoint",
        "/hanse/../secret",
        "/%2e%2e/private/checkpoint",
        "/..%2fprivate/checkpoint",
        "/./checkpoint",
        "//checkpoint",
        "/checkpoint/",
        "/checkpoint?x=1",
        "/checkpoint#x",
        "/checkpoint%00",
        "/checkpoint%00x",
        "/check%70oint",
        "/Checkpoint",
        "/hanse//manifest",
        "/hanse/manifest%00",
        "/hanse/public/",
        "/hanse/public/1-0123456789abcdef",
        "/hanse/private/0-0123456789abcdef",
        "/tile/0",
        "/tile/0/001",
        "/" FEED_HEX,
        "/" FEED_HEX "/",
        "/" FEED_HEX "/secret",
        "/" FEED_HEX "/" FEED_HEX "/checkpoint",
        "/" FEED_HEX "//checkpoint",
        "/ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff/checkpoint",
        "/00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF/checkpoint",
        "https://127.0.0.1/checkpoint",
        "checkpoint",
        "*",
        "/\xff",
        "/checkpoint\x01"};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        ask("GET", targets[i], "");
        if (answered_status() != 404 && answered_status() != 400)
            fail_msg("%s: %s", targets[i], answer);
        assert_string_equal(answered_body(), "");
        assert_null(strstr(answer, "secret"));
    }
    ask("GET", "/hanse/key/1", "");
    expect(500, "");
}

static void raw_oddities(void **state)
{
    (void)state;
    static const char nul[] = "GET /checkpoint\0x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    ask_bytes(nul, sizeof nul - 1);
    /* The HTTP library ends the target there; more than the file of that name it must not give. */
    assert_true(answered_status() != 200 || strcmp(answered_body(), "0123456789") == 0);
    static const char nul_header[] =
        "GET /checkpoint HTTP/1.1\r\nHost: x\r\nA: \0\r\nConnection: close\r\n\r\n";
    ask_bytes(nul_header, sizeof nul_header - 1);
    assert_true(answered_status() == 200 || answered_status() == 400 || answer[0] == '\0');
    ask("GET", "/checkpoint", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    expect(400, "");
    ask("GET", "/checkpoint", "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    expect(400, "");
    ask("GET", "/checkpoint", "Content-Length: 5\r\n\r\nhello");
    expect(400, "");
    ask("GET", "/checkpoint", "Content-Length: 0\r\nContent-Length: 5\r\n\r\nhello");
    assert_int_equal(answered_status(), 400);
    static const char two[] = "GET /checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 46\r\n\r\n"
                              "GET /tile/0/000 HTTP/1.1\r\nHost: smuggled\r\n\r\n";
    ask_bytes(two, sizeof two - 1);
    expect(400, ""); /* and the second was not read as a request */
    static const char pipelined[] = "GET /checkpoint HTTP/1.1\r\nHost: x\r\n\r\n"
                                    "GET /tile/0/000 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    ask_bytes(pipelined, sizeof pipelined - 1);
    assert_int_equal(answered_status(), 200);
    assert_non_null(strstr(answer, "0123456789HTTP/1.1 200"));
    static const char plain[] = "GET /checkpoint HTTP/1.0\r\n\r\n";
    ask_bytes(plain, sizeof plain - 1);
    assert_non_null(strstr(answer, "0123456789"));
}

static void long_headers_are_refused(void **state)
{
    (void)state;
    static char request[300000];
    int size = snprintf(request, sizeof request, "GET /checkpoint HTTP/1.1\r\nHost: x\r\nA: ");
    memset(request + size, 'x', sizeof request - (size_t)size);
    struct raw_client client;
    assert_true(raw_connect(&client, hanse_https_server_port(server)));
    (void)SSL_write(client.tls, request, sizeof request); /* the server may hang up meanwhile */
    (void)raw_read(&client, answer, sizeof answer);
    raw_close(&client);
    assert_true(answer[0] == '\0' || answered_status() == 431 || answered_status() == 413);
    ask("GET", "/checkpoint", "");
    expect(200, "0123456789");
}

static void odd_files_are_not_found(void **state)
{
    (void)state;
    char path[160];
    char target[160];
    (void)snprintf(path, sizeof path, "%s/public/tile/0/001", folder);
    (void)snprintf(target, sizeof target, "%s/private/checkpoint", folder);
    assert_int_equal(symlink(target, path), 0);
    ask("GET", "/tile/0/001", "");
    expect(404, "");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0644), 0);
    ask("GET", "/tile/0/001", "");
    expect(404, "");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0755), 0);
    ask("GET", "/tile/0/001", "");
    expect(404, "");
    assert_int_equal(rmdir(path), 0);
}

static void requests_are_logged(void **state)
{
    (void)state;
    unsigned before = logged_so_far();
    ask("GET", "/checkpoint", "Range: bytes=4-\r\n");
    for (int i = 0; i < 2000 && logged_so_far() == before; i++)
        sleep_ms(1);
    (void)pthread_mutex_lock(&log_mutex);
    assert_string_equal(logged.method, "GET");
    assert_string_equal(logged.uri, "/checkpoint");
    assert_string_equal(logged.address, "127.0.0.1");
    assert_int_equal(logged.http_status, 206);
    assert_int_equal(logged.body_bytes, 6);
    assert_true(logged.complete);
    (void)pthread_mutex_unlock(&log_mutex);
}

/* A fetcher as followers have it; more than one request on one connection. */
static void a_fetcher_reads_it(void **state)
{
    (void)state;
    char url[64];
    struct hanse_fetcher *fetcher = NULL;
    struct hanse_fetch_result result;
    (void)snprintf(url, sizeof url, "https://127.0.0.1:%u/", hanse_https_server_port(server));
    assert_int_equal(hanse_fetcher_new(NULL, &fetcher, NULL), HANSE_OK);
    struct hanse_fetch_request request = {
        .base_url = url, .name = "checkpoint", .max_bytes = BIG_BYTES, .pins = identity.pin};
    assert_int_equal(hanse_fetch(fetcher, &request, &result, NULL), HANSE_OK);
    assert_int_equal(result.body_bytes, 10);
    char tag[HANSE_ETAG_BYTES];
    memcpy(tag, result.etag, sizeof tag);
    request.etag = tag;
    assert_int_equal(hanse_fetch(fetcher, &request, &result, NULL), HANSE_OK);
    assert_int_equal(result.answer, HANSE_FETCH_UNCHANGED);
    assert_true(result.wire_bytes < 200);
    request.name = "hanse/public/7-0123456789abcdef";
    request.etag = NULL;
    request.bulk = true;
    request.offset = BIG_BYTES / 2;
    assert_int_equal(hanse_fetch(fetcher, &request, &result, NULL), HANSE_OK);
    assert_int_equal(result.answer, HANSE_FETCH_PART);
    assert_int_equal(result.body_bytes, BIG_BYTES / 2);
    assert_int_equal(result.total_bytes, BIG_BYTES);
    request.offset = BIG_BYTES;
    assert_int_equal(hanse_fetch(fetcher, &request, &result, NULL), HANSE_OK);
    assert_int_equal(result.answer, HANSE_FETCH_PAST_END);
    request.name = "hanse/key/9";
    assert_int_equal(hanse_fetch(fetcher, &request, &result, NULL), HANSE_UNREACHABLE);
    request.name = "tile/0/005";
    assert_int_equal(hanse_fetch(fetcher, &request, &result, NULL), HANSE_NOT_FOUND);
    hanse_fetcher_free(fetcher);
}

static struct hanse_https_server *start_impatient(unsigned max_per_address)
{
    struct hanse_https_server *impatient = NULL;
    struct hanse_https_server_options options = options_of("127.0.0.1:0");
    options.header_deadline_ms = 300;
    options.idle_timeout_ms = 300;
    options.min_bytes_per_s = 1 << 20;
    options.rate_window_ms = 300;
    options.max_connections_per_address = max_per_address;
    assert_int_equal(hanse_https_server_start(&options, &impatient, NULL), HANSE_OK);
    return impatient;
}

/* The server must hang up by itself: the read ends by that, not by its own limit of many seconds. */
static void expect_cut_off(struct raw_client *client)
{
    uint64_t start_ms = hanse_clock_monotonic_ms();
    (void)raw_read(client, answer, sizeof answer);
    assert_true(hanse_clock_monotonic_ms() - start_ms < (uint64_t)RAW_TIMEOUT_S * 1000);
    raw_close(client);
}

static void slow_requests_are_cut_off(void **state)
{
    (void)state;
    struct hanse_https_server *impatient = start_impatient(0);
    uint16_t port = hanse_https_server_port(impatient);
    struct raw_client client;
    char byte;
    int fd = raw_connect_tcp(port); /* not even a handshake */
    assert_int_equal(recv(fd, &byte, 1, 0), 0);
    (void)close(fd);
    assert_true(raw_connect(&client, port)); /* nothing after it */
    expect_cut_off(&client);
    assert_true(raw_connect(&client, port)); /* headers that do not end */
    raw_send(&client, "GET /checkpoint HTTP/1.1\r\nHost:", 31);
    expect_cut_off(&client);
    assert_string_equal(answer, "");
    static const char request[] = "GET /checkpoint HTTP/1.1\r\nHost: x\r\n\r\n";
    assert_true(raw_connect(&client, port)); /* idle after an answer */
    raw_send(&client, request, sizeof request - 1);
    expect_cut_off(&client);
    expect(200, "0123456789");
    hanse_https_server_stop(impatient, 0);
}

static void trickled_requests_are_cut_off(void **state)
{
    (void)state;
    struct hanse_https_server *impatient = start_impatient(0);
    struct raw_client client;
    assert_true(raw_connect(&client, hanse_https_server_port(impatient)));
    raw_send(&client, "GET /checkpoint HTTP/1.1\r\nA:", 28);
    int sent = 0;
    while (sent < 1000 && SSL_write(client.tls, "x", 1) == 1) { /* never silent for long */
        sleep_ms(20);
        sent++;
    }
    assert_true(sent < 1000);
    raw_close(&client);
    hanse_https_server_stop(impatient, 0);
}

static void slow_readers_are_cut_off(void **state)
{
    (void)state;
    struct hanse_https_server *impatient = start_impatient(0);
    struct raw_client client;
    static const char request[] = "GET /hanse/public/7-0123456789abcdef HTTP/1.1\r\nHost: x\r\n\r\n";
    assert_true(raw_connect(&client, hanse_https_server_port(impatient)));
    raw_send(&client, request, sizeof request - 1);
    unsigned before = logged_so_far();
    for (int i = 0; i < 20000 && logged_so_far() == before; i++) /* reads nothing until it was dropped */
        sleep_ms(1);
    (void)pthread_mutex_lock(&log_mutex);
    assert_int_equal(logged.http_status, 200);
    assert_false(logged.complete);
    assert_true(logged.body_bytes < BIG_BYTES);
    (void)pthread_mutex_unlock(&log_mutex);
    raw_close(&client);
    hanse_https_server_stop(impatient, 0);
}

static void connections_of_one_address_are_limited(void **state)
{
    (void)state;
    struct hanse_https_server_options options = options_of("127.0.0.1:0");
    struct hanse_https_server *narrow = NULL;
    options.max_connections_per_address = 2;
    assert_int_equal(hanse_https_server_start(&options, &narrow, NULL), HANSE_OK);
    struct raw_client clients[3];
    assert_true(raw_connect(&clients[0], hanse_https_server_port(narrow)));
    assert_true(raw_connect(&clients[1], hanse_https_server_port(narrow)));
    assert_false(raw_connect(&clients[2], hanse_https_server_port(narrow)));
    for (size_t i = 0; i < 3; i++)
        raw_close(&clients[i]);
    hanse_https_server_stop(narrow, 0);
}

struct stopping {
    struct hanse_https_server *server;
    unsigned grace_ms;
};

static void *stop_now(void *context)
{
    struct stopping *stopping = context;
    hanse_https_server_stop(stopping->server, stopping->grace_ms);
    return NULL;
}

static size_t read_while_stopping(unsigned grace_ms)
{
    struct stopping stopping = {.grace_ms = grace_ms};
    struct hanse_https_server_options options = options_of("127.0.0.1:0");
    assert_int_equal(hanse_https_server_start(&options, &stopping.server, NULL), HANSE_OK);
    struct raw_client client;
    static const char request[] = "GET /hanse/public/7-0123456789abcdef HTTP/1.1\r\nHost: x\r\n"
                                  "Connection: close\r\n\r\n";
    assert_true(raw_connect(&client, hanse_https_server_port(stopping.server)));
    raw_send(&client, request, sizeof request - 1);
    size_t total = raw_read(&client, answer, 1000);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, stop_now, &stopping), 0);
    if (grace_ms == 0)
        assert_int_equal(pthread_join(thread, NULL), 0);
    for (size_t got; (got = raw_read(&client, answer, sizeof answer)) > 0;)
        total += got;
    raw_close(&client);
    if (grace_ms > 0)
        assert_int_equal(pthread_join(thread, NULL), 0);
    return total;
}

static void stopping_lets_answers_end(void **state)
{
    (void)state;
    assert_true(read_while_stopping(20000) > BIG_BYTES);
    assert_true(read_while_stopping(0) < BIG_BYTES);
}

static void a_stopped_server_frees_its_port(void **state)
{
    (void)state;
    char listen[32] = "127.0.0.1:0";
    struct hanse_https_server_options options = options_of(listen);
    for (int i = 0; i < 40; i++) {
        struct hanse_https_server *one = NULL;
        options.threads = 1 + (unsigned)i % 4;
        assert_int_equal(hanse_https_server_start(&options, &one, NULL), HANSE_OK);
        (void)snprintf(listen, sizeof listen, "127.0.0.1:%u", hanse_https_server_port(one));
        struct raw_client client;
        if (i % 2 == 0)
            assert_true(raw_connect(&client, hanse_https_server_port(one)));
        hanse_https_server_stop(one, 0);
        if (i % 2 == 0)
            raw_close(&client);
    }
}

static void a_file_that_shrinks_is_cut(void **state)
{
    (void)state;
    struct hanse_path path;
    struct hanse_file file = HANSE_FILE_CLOSED;
    struct raw_client client;
    static const char request[] = "GET /hanse/public/7-0123456789abcdef HTTP/1.1\r\nHost: x\r\n"
                                  "Connection: close\r\n\r\n";
    assert_true(raw_connect(&client, hanse_https_server_port(server)));
    raw_send(&client, request, sizeof request - 1);
    size_t total = raw_read(&client, answer, 1000);
    assert_int_equal(hanse_path_format(&path, NULL, "%s/public/hanse/public/7-0123456789abcdef", folder),
                     HANSE_OK);
    assert_int_equal(hanse_file_open_write(&file, path.text, HANSE_MODE_PUBLIC_FILE, NULL), HANSE_OK);
    assert_int_equal(hanse_file_truncate(&file, 100, NULL), HANSE_OK);
    for (size_t got; (got = raw_read(&client, answer, sizeof answer)) > 0;)
        total += got;
    assert_true(total < BIG_BYTES);
    raw_close(&client);
    assert_int_equal(hanse_file_truncate(&file, BIG_BYTES, NULL), HANSE_OK);
    hanse_file_close(&file);
}

static void old_tls_is_refused(void **state)
{
    (void)state;
    struct raw_client client = {.fd = raw_connect_tcp(hanse_https_server_port(server))};
    client.context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_security_level(client.context, 0);
    assert_int_equal(SSL_CTX_set_max_proto_version(client.context, TLS1_1_VERSION), 1);
    client.tls = SSL_new(client.context);
    assert_int_equal(SSL_set_fd(client.tls, client.fd), 1);
    assert_true(SSL_connect(client.tls) != 1);
    raw_close(&client);
}

static void expect_start(const struct hanse_https_server_options *options, enum hanse_status status,
                         const char *words)
{
    struct hanse_https_server *none = NULL;
    struct hanse_error err = {0};
    assert_int_equal(hanse_https_server_start(options, &none, &err), status);
    assert_int_equal(err.status, status);
    assert_null(none);
    if (strstr(err.message, words) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", err.message, words);
}

static void starts_that_fail(void **state)
{
    (void)state;
    char taken[32] = "";
    struct hanse_https_server_options options = options_of(taken);
    (void)snprintf(taken, sizeof taken, "127.0.0.1:%u", hanse_https_server_port(server));
    expect_start(&options, HANSE_EXISTS, "in use");
    static const char *const bad[] = {"",
                                      ":",
                                      ":0",
                                      "127.0.0.1",
                                      "127.0.0.1:",
                                      "127.0.0.1:65536",
                                      "localhost:1",
                                      "::1:80",
                                      "[::1]",
                                      "[::1:80",
                                      "127.0.0.1:+1",
                                      "127.0.0.1:8443 ",
                                      "[]:1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        options.listen = bad[i];
        expect_start(&options, HANSE_INVALID_ARGUMENT, "address to listen on");
    }
    options.listen = "192.0.2.1:0";
    expect_start(&options, HANSE_IO, "192.0.2.1");
    options.listen = "127.0.0.1:0";
    options.locate = NULL;
    expect_start(&options, HANSE_INVALID_ARGUMENT, "callback");
    options.locate = locate;
    struct tls_identity other;
    tls_identity_make_valid(&other, "127.0.0.1");
    options.key_pem = hanse_buffer_view(&other.key_pem);
    expect_start(&options, HANSE_MALFORMED, "does not belong");
    options.key_pem = hanse_bytes_of(NULL, 0);
    expect_start(&options, HANSE_MALFORMED, "key");
    options.certificate_pem = hanse_buffer_view(&identity.key_pem);
    expect_start(&options, HANSE_MALFORMED, "certificate");
    tls_identity_release(&other);
}

static void ipv6(void **state)
{
    (void)state;
    struct hanse_https_server *six = NULL;
    struct hanse_error err;
    struct hanse_https_server_options options = options_of("[::1]:0");
    if (hanse_https_server_start(&options, &six, &err) != HANSE_OK) {
        print_message("this host has no IPv6: %s\n", err.message);
        skip();
    }
    char url[64];
    struct hanse_fetcher *fetcher = NULL;
    struct hanse_fetch_result result;
    (void)snprintf(url, sizeof url, "https://[::1]:%u", hanse_https_server_port(six));
    assert_int_equal(hanse_fetcher_new(NULL, &fetcher, NULL), HANSE_OK);
    struct hanse_fetch_request request = {
        .base_url = url, .name = "checkpoint", .max_bytes = 10, .pins = identity.pin};
    assert_int_equal(hanse_fetch(fetcher, &request, &result, NULL), HANSE_OK);
    assert_int_equal(result.body_bytes, 10);
    hanse_fetcher_free(fetcher);
    hanse_https_server_stop(six, 0);
}

static enum hanse_status start_and_stop(void *context)
{
    struct hanse_https_server *one = NULL;
    enum hanse_status status = hanse_https_server_start(context, &one, NULL);
    hanse_https_server_stop(one, 0);
    return status;
}

static void every_allocation_of_a_start_may_fail(void **state)
{
    (void)state;
    struct hanse_https_server_options options = options_of("127.0.0.1:0");
    assert_true(anomaly_fail_each_allocation(start_and_stop, &options) > 3);
}

static bool fail_while_set(void *context)
{
    return atomic_load((atomic_bool *)context);
}

/* The hook stays while the server's threads run; what they read of it changes in between. */
static void a_server_without_memory_hangs_up_and_recovers(void **state)
{
    (void)state;
    static atomic_bool failing;
    struct hanse_https_server *own = NULL;
    struct hanse_https_server_options options = options_of("127.0.0.1:0");
    hanse_alloc_set_failure_hook(fail_while_set, &failing);
    assert_int_equal(hanse_https_server_start(&options, &own, NULL), HANSE_OK);
    static const char request[] = "GET /checkpoint HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    struct raw_client client;
    struct raw_client earlier;
    assert_true(raw_connect(&earlier, hanse_https_server_port(own)));
    atomic_store(&failing, true);
    if (raw_connect(&client, hanse_https_server_port(own)))
        assert_int_equal(raw_read(&client, answer, sizeof answer), 0);
    raw_close(&client);
    raw_send(&earlier, request, sizeof request - 1);
    assert_int_equal(raw_read(&earlier, answer, sizeof answer), 0);
    raw_close(&earlier);
    atomic_store(&failing, false);
    (void)raw_exchange(hanse_https_server_port(own), request, sizeof request - 1, answer, sizeof answer);
    expect(200, "0123456789");
    hanse_https_server_stop(own, 0);
    hanse_alloc_set_failure_hook(NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_files),
        cmocka_unit_test(heads),
        cmocka_unit_test(ranges),
        cmocka_unit_test(conditions),
        cmocka_unit_test(other_methods),
        cmocka_unit_test(other_names),
        cmocka_unit_test(raw_oddities),
        cmocka_unit_test(long_headers_are_refused),
        cmocka_unit_test(odd_files_are_not_found),
        cmocka_unit_test(requests_are_logged),
        cmocka_unit_test(a_fetcher_reads_it),
        cmocka_unit_test(slow_requests_are_cut_off),
        cmocka_unit_test(trickled_requests_are_cut_off),
        cmocka_unit_test(slow_readers_are_cut_off),
        cmocka_unit_test(connections_of_one_address_are_limited),
        cmocka_unit_test(stopping_lets_answers_end),
        cmocka_unit_test(a_stopped_server_frees_its_port),
        cmocka_unit_test(a_file_that_shrinks_is_cut),
        cmocka_unit_test(old_tls_is_refused),
        cmocka_unit_test(starts_that_fail),
        cmocka_unit_test(ipv6),
        cmocka_unit_test(every_allocation_of_a_start_may_fail),
        cmocka_unit_test(a_server_without_memory_hangs_up_and_recovers),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
