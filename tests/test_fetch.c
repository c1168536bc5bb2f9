/* SPDX-License-Identifier: Apache-2.0 */
/* Fetching from a server that follows a script, over real TLS, and from folders. */
#include "hostile.h"

#include "base/limits.h"
#include "base/plain_file.h"
#include "net/fetch.h"

static struct tls_identity valid;    /* for 127.0.0.1 */
static struct tls_identity expired;  /* for 127.0.0.1 */
static struct tls_identity misnamed; /* for another host */
static struct hostile server;
static struct hanse_fetcher *fetcher;
static char base_url[64];
static char folder[64];

static int set_up(void **state)
{
    (void)state;
    forget_proxies();
    tls_identity_make_valid(&valid, "127.0.0.1");
    tls_identity_make(&expired, "127.0.0.1", 1577836800, 1609459200);
    tls_identity_make_valid(&misnamed, "other.example");
    hostile_start(&server, &valid);
    assert_int_equal(hanse_fetcher_new(NULL, &fetcher, NULL), HANSE_OK);
    (void)snprintf(base_url, sizeof base_url, "https://127.0.0.1:%u/feed/", server.port);
    strcpy(folder, "/tmp/hanse-test-fetch-XXXXXX");
    assert_non_null(mkdtemp(folder));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    hanse_fetcher_free(fetcher);
    hostile_stop(&server);
    tls_identity_release(&valid);
    tls_identity_release(&expired);
    tls_identity_release(&misnamed);
    remove_folder(folder);
    return 0;
}

/* What a body callback got, and how it is to behave. */
struct sink {
    struct hanse_buffer body;
    size_t stop_at;           /* 0: never */
    enum hanse_status refuse; /* returned from the first piece on */
};

static enum hanse_status sink_take(void *context, struct hanse_bytes piece, bool *stop,
                                   struct hanse_error *err)
{
    struct sink *sink = context;
    if (sink->refuse != HANSE_OK) {
        if (err != NULL)
            (void)snprintf(err->message, sizeof err->message, "body not wanted");
        return sink->refuse;
    }
    assert_true(piece.size > 0);
    assert_int_equal(hanse_buffer_append(&sink->body, piece, NULL), HANSE_OK);
    *stop = sink->stop_at > 0 && sink->body.size >= sink->stop_at;
    return HANSE_OK;
}

static struct sink new_sink(void)
{
    struct sink sink = {0};
    hanse_buffer_init(&sink.body, 64 << 20);
    return sink;
}

static struct hanse_fetch_request request_for(struct sink *sink)
{
    return (struct hanse_fetch_request){.base_url = base_url,
                                        .name = "checkpoint",
                                        .max_bytes = 1 << 20,
                                        .pins = valid.pin,
                                        .stall_timeout_s = 1,
                                        .on_body = sink_take,
                                        .context = sink};
}

static enum hanse_status fetch_reply(const char *reply, enum hostile_then then,
                                     const struct hanse_fetch_request *request,
                                     struct hanse_fetch_result *result)
{
    struct hanse_error err = {0};
    hostile_script(&server, reply, strlen(reply), then);
    enum hanse_status status = hanse_fetch(fetcher, request, result, &err);
    assert_int_equal(status, result->error.status);
    assert_int_equal(err.status, status);
    assert_string_equal(err.message, result->error.message);
    assert_int_equal(result->answer == HANSE_FETCH_NONE, status != HANSE_OK);
    return status;
}

/* Fetches, expects this status and these words in the message, and no byte handed over unless `body`. */
static void refused(const char *reply, enum hostile_then then, struct hanse_fetch_request request,
                    enum hanse_status status, const char *words)
{
    struct sink sink = new_sink();
    struct hanse_fetch_result result;
    request.context = &sink;
    enum hanse_status got = fetch_reply(reply, then, &request, &result);
    if (got != status || strstr(result.error.message, words) == NULL)
        fail_msg("%s: \"%s\" for %.40s", hanse_status_name(got), result.error.message, reply);
    hanse_buffer_release(&sink.body);
}

#define CHUNKED_TEN "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n"
#define OK_TEN "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nETag: \"t\"\r\n\r\n0123456789"

static void accepted(const char *reply, struct hanse_fetch_request request, enum hanse_fetch_answer answer,
                     const char *body, struct hanse_fetch_result *result)
{
    struct sink sink = new_sink();
    struct hanse_fetch_result unused;
    result = result != NULL ? result : &unused;
    request.context = &sink;
    if (fetch_reply(reply, HOSTILE_CLOSE, &request, result) != HANSE_OK)
        fail_msg("\"%s\" for %.40s", result->error.message, reply);
    assert_int_equal(result->answer, answer);
    assert_int_equal(result->requests, 1);
    if (!hanse_bytes_equal_text(hanse_buffer_view(&sink.body), body))
        fail_msg("\"%.*s\" instead of \"%s\"", (int)sink.body.size, (const char *)sink.body.data, body);
    assert_int_equal(result->body_bytes, strlen(body));
    hanse_buffer_release(&sink.body);
}

static void whole_files(void **state)
{
    (void)state;
    struct hanse_fetch_request request = request_for(NULL);
    struct hanse_fetch_result result;
    accepted(OK_TEN, request, HANSE_FETCH_PART, "0123456789", &result);
    assert_int_equal(result.http_status, 200);
    assert_int_equal(result.total_bytes, 10);
    assert_string_equal(result.etag, "\"t\"");
    assert_int_equal(result.wire_bytes, strlen(OK_TEN));
    assert_non_null(strstr(server.request, "GET /feed/checkpoint HTTP/1.1\r\n"));
    assert_non_null(strstr(server.request, "User-Agent: hanse\r\n"));
    assert_null(strstr(server.request, "Accept"));
    assert_null(strstr(server.request, "Range"));
    accepted("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", request,
             HANSE_FETCH_PART, "abc", &result);
    assert_int_equal(result.total_bytes, 3);
    refused("HTTP/1.1 200 OK\r\n\r\nuntil the end", HOSTILE_CLOSE, request, HANSE_MALFORMED,
            "how long its answer is");
    accepted("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", request, HANSE_FETCH_PART, "", NULL);
    accepted("HTTP/1.1 103 Early Hints\r\nETag: \"e\"\r\n\r\n" OK_TEN, request, HANSE_FETCH_PART,
             "0123456789", &result);
    assert_string_equal(result.etag, "\"t\"");
}

static void request_headers(void **state)
{
    (void)state;
    struct hanse_fetch_request request = request_for(NULL);
    request.no_cache = true;
    request.etag = "\"old\"";
    request.bulk = true;
    request.name = "hanse/public/0-0123456789abcdef";
    accepted(OK_TEN, request, HANSE_FETCH_PART, "0123456789", NULL);
    assert_non_null(strstr(server.request, "GET /feed/hanse/public/0-0123456789abcdef HTTP/1.1\r\n"));
    assert_non_null(strstr(server.request, "Cache-Control: no-cache\r\n"));
    assert_non_null(strstr(server.request, "If-None-Match: \"old\"\r\n"));
}

#define PART(range, length)                                                                                  \
    "HTTP/1.1 206 Partial Content\r\nContent-Range: " range "\r\nContent-Length: " length "\r\n\r\n"

static void ranges(void **state)
{
    (void)state;
    struct hanse_fetch_request request = request_for(NULL);
    struct hanse_fetch_result result;
    request.offset = 4;
    accepted(PART("bytes 4-9/10", "6") "456789", request, HANSE_FETCH_PART, "456789", &result);
    assert_int_equal(result.total_bytes, 10);
    assert_non_null(strstr(server.request, "Range: bytes=4-\r\n"));
    accepted(PART("bytes 4-9/*", "6") "456789", request, HANSE_FETCH_PART, "456789", &result);
    assert_int_equal(result.total_bytes, HANSE_SIZE_UNKNOWN);
    request.end = 6;
    accepted(PART("bytes 4-5/10", "2") "45", request, HANSE_FETCH_PART, "45", NULL);
    assert_non_null(strstr(server.request, "Range: bytes=4-5\r\n"));
    request.offset = 0;
    accepted(PART("bytes 0-5/10", "6") "012345", request, HANSE_FETCH_PART, "012345", NULL);
    accepted(OK_TEN, request, HANSE_FETCH_PART, "012345", NULL);
}

static void wrong_ranges(void **state)
{
    (void)state;
    struct hanse_fetch_request request = request_for(NULL);
    refused(PART("bytes 4-9/10", "6") "456789", HOSTILE_CLOSE, request, HANSE_MALFORMED, "asked whole");
    request.offset = 4;
    refused(PART("bytes 3-9/10", "7") "3456789", HOSTILE_CLOSE, request, HANSE_MALFORMED, "instead of");
    refused(PART("bytes 0-9/10", "10") "0123456789", HOSTILE_CLOSE, request, HANSE_MALFORMED, "instead of");
    refused("HTTP/1.1 206 x\r\nContent-Length: 6\r\n\r\n456789", HOSTILE_CLOSE, request, HANSE_MALFORMED,
            "without saying which");
    refused(PART("bytes 4-9", "6") "456789", HOSTILE_CLOSE, request, HANSE_MALFORMED, "without saying which");
    refused("HTTP/1.1 206 x\r\nContent-Type: multipart/byteranges; boundary=x\r\nContent-Length: "
            "5\r\n\r\n--x\r\n",
            HOSTILE_CLOSE, request, HANSE_MALFORMED, "without saying which");
    refused(PART("bytes 4-6/10", "6") "456789", HOSTILE_CLOSE, request, HANSE_MALFORMED,
            "more than the range");
    refused(PART("bytes 4-9/10", "3") "456", HOSTILE_CLOSE, request, HANSE_TRUNCATED, "is longer");
    request.end = 6;
    refused(PART("bytes 4-6/10", "3") "456", HOSTILE_CLOSE, request, HANSE_MALFORMED, "instead of");
}

static void whole_answers_to_ranges(void **state)
{
    (void)state;
    struct hanse_fetch_request request = request_for(NULL);
    struct hanse_fetch_result result;
    request.offset = 4;
    accepted(OK_TEN, request, HANSE_FETCH_WHOLE, "456789", &result);
    assert_int_equal(result.total_bytes, 10);
    accepted(CHUNKED_TEN, request, HANSE_FETCH_WHOLE, "456789", NULL);
    request.end = 6;
    accepted(OK_TEN, request, HANSE_FETCH_WHOLE, "45", NULL);
    request.end = 0;
    request.offset = 10;
    accepted(OK_TEN, request, HANSE_FETCH_PAST_END, "", &result);
    assert_int_equal(result.total_bytes, 10);
    accepted(CHUNKED_TEN, request, HANSE_FETCH_PAST_END, "", &result);
    assert_int_equal(result.total_bytes, 10);
    accepted("HTTP/1.1 416 x\r\nContent-Range: bytes */10\r\nContent-Length: 3\r\n\r\nno\n", request,
             HANSE_FETCH_PAST_END, "", &result);
    assert_int_equal(result.total_bytes, 10);
}

static void unchanged_files(void **state)
{
    (void)state;
    struct hanse_fetch_request request = request_for(NULL);
    struct hanse_fetch_result result;
    refused("HTTP/1.1 304 Not Modified\r\n\r\n", HOSTILE_CLOSE, request, HANSE_UNREACHABLE, "HTTP 304");
    request.etag = "\"t\"";
    accepted("HTTP/1.1 304 Not Modified\r\nETag: \"t\"\r\n\r\n", request, HANSE_FETCH_UNCHANGED, "", &result);
    assert_string_equal(result.etag, "\"t\"");
    accepted("HTTP/1.1 304 Not Modified\r\n\r\n", request, HANSE_FETCH_UNCHANGED, "", &result);
    assert_string_equal(result.etag, "\"t\"");
}

static void http_errors(void **state)
{
    (void)state;
    struct hanse_fetch_request request = request_for(NULL);
    refused("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone", HOSTILE_CLOSE, request,
            HANSE_NOT_FOUND, "HTTP 404");
    refused("HTTP/1.1 410 Gone\r\n\r\n", HOSTILE_CLOSE, request, HANSE_NOT_FOUND, "HTTP 410");
    refused("HTTP/1.1 302 Found\r\nLocation: https://other.example/\r\n\r\n", HOSTILE_CLOSE, request,
            HANSE_UNREACHABLE, "redirects (HTTP 302) to \"https://other.example/\"");
    refused("HTTP/1.1 403 Forbidden\r\n\r\n", HOSTILE_CLOSE, request, HANSE_UNREACHABLE, "access refused");
    refused("HTTP/1.1 500 Oops\r\n\r\n", HOSTILE_CLOSE, request, HANSE_UNREACHABLE,
            "HTTP 500; try again later");
    refused("HTTP/1.1 416 x\r\n\r\n", HOSTILE_CLOSE, request, HANSE_UNREACHABLE, "HTTP 416");
    refused("HTTP/1.1 204 No Content\r\n\r\n", HOSTILE_CLOSE, request, HANSE_UNREACHABLE, "HTTP 204");
    refused("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", HOSTILE_CLOSE,
            request, HANSE_MALFORMED, "compressed");
    refused("", HOSTILE_CLOSE, request, HANSE_UNREACHABLE, "returned nothing");
    refused("SSH-2.0-OpenSSH\r\n", HOSTILE_CLOSE, request, HANSE_UNREACHABLE, "HTTP/0.9");
    struct sink sink = new_sink();
    struct hanse_fetch_result result;
    request.context = &sink;
    assert_int_equal(
        fetch_reply("HTTP/1.1 503 x\r\nRetry-After: 120\r\n\r\n", HOSTILE_CLOSE, &request, &result),
        HANSE_UNREACHABLE);
    assert_int_equal(result.retry_after_s, 120);
}

static void short_and_stalled_bodies(void **state)
{
    (void)state;
    struct hanse_fetch_request request = request_for(NULL);
    static const char short_body[] = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123";
    refused(short_body, HOSTILE_CLOSE, request, HANSE_TRUNCATED, "ended after 4 bytes");
    refused(short_body, HOSTILE_BREAK, request, HANSE_TRUNCATED, "ended after 4 bytes");
    refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n0123\r\n", HOSTILE_CLOSE, request,
            HANSE_TRUNCATED, "ended after 4 bytes");
    refused(short_body, HOSTILE_STALL, request, HANSE_UNREACHABLE, "stalled for 1 s after 4 bytes");
    refused("", HOSTILE_STALL, request, HANSE_UNREACHABLE, "stalled for 1 s after 0 bytes");
}

#define LONG_HEAD "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"

#define LONG_HEADER "HTTP/1.1 200 OK\r\nA:"

static void endless_answers(void **state)
{
    (void)state;
    static char reply[2048];
    struct hanse_fetch_request request = request_for(NULL);
    memset(reply, 'x', sizeof reply - 1);
    memcpy(reply, LONG_HEAD, sizeof LONG_HEAD - 1);
    refused(reply, HOSTILE_ENDLESS, request, HANSE_LIMIT, "larger than 1048576 bytes");
    memcpy(reply, "HTTP/1.1 404 No\r\n\r\n", 19);
    refused(reply, HOSTILE_ENDLESS, request, HANSE_NOT_FOUND, "HTTP 404");
    memset(reply, 'x', sizeof reply - 1);
    for (size_t i = 0; i + 40 < sizeof reply; i += 40) /* short headers without end */
        memcpy(reply + i, "\r\nB:", 4);
    memcpy(reply, LONG_HEADER, sizeof LONG_HEADER - 1);
    refused(reply, HOSTILE_ENDLESS, request, HANSE_MALFORMED, "headers have more than");
    memcpy(reply, LONG_HEADER, sizeof LONG_HEADER - 1);
    memset(reply + sizeof LONG_HEADER - 1, 'x', sizeof reply - sizeof LONG_HEADER);
    refused(reply, HOSTILE_ENDLESS, request, HANSE_MALFORMED, "headers have more than");
    request.max_bytes = 9;
    refused(OK_TEN, HOSTILE_CLOSE, request, HANSE_LIMIT, "larger than 9 bytes");
    request.max_bytes = 10;
    accepted(OK_TEN, request, HANSE_FETCH_PART, "0123456789", NULL);
}

static void callbacks_stop_and_refuse(void **state)
{
    (void)state;
    static char reply[2048];
    memset(reply, 'x', sizeof reply - 1);
    memcpy(reply, LONG_HEAD, sizeof LONG_HEAD - 1);
    struct sink sink = new_sink();
    struct hanse_fetch_result result;
    struct hanse_fetch_request request = request_for(&sink);
    sink.stop_at = 1;
    assert_int_equal(fetch_reply(reply, HOSTILE_ENDLESS, &request, &result), HANSE_OK);
    assert_true(result.stopped);
    assert_int_equal(result.body_bytes, sink.body.size);
    /* Enough with the last byte is no other success, however the server hangs up. */
    hanse_buffer_clear(&sink.body);
    sink.stop_at = 10;
    assert_int_equal(fetch_reply(OK_TEN, HOSTILE_BREAK, &request, &result), HANSE_OK);
    assert_true(result.stopped);
    assert_int_equal(result.total_bytes, 10);
    hanse_buffer_release(&sink.body);
    sink.refuse = HANSE_CANCELLED;
    assert_int_equal(fetch_reply(reply, HOSTILE_ENDLESS, &request, &result), HANSE_CANCELLED);
    assert_string_equal(result.error.message, "body not wanted");
}

static void pins_decide_alone(void **state)
{
    (void)state;
    char pins[2 * HANSE_PIN_BYTES];
    struct hanse_fetch_request request = request_for(NULL);
    request.pins = misnamed.pin;
    refused(OK_TEN, HOSTILE_CLOSE, request, HANSE_UNREACHABLE, "differs from the pin");
    request.pins = pins;
    (void)snprintf(pins, sizeof pins, "%s;%s", misnamed.pin, valid.pin);
    accepted(OK_TEN, request, HANSE_FETCH_PART, "0123456789", NULL);
    (void)snprintf(pins, sizeof pins, "%s;%s", valid.pin, misnamed.pin);
    accepted(OK_TEN, request, HANSE_FETCH_PART, "0123456789", NULL);
    (void)snprintf(pins, sizeof pins, "%s;%s", expired.pin, misnamed.pin);
    refused(OK_TEN, HOSTILE_CLOSE, request, HANSE_UNREACHABLE, "differs from the pin");
}

static void write_authority(const struct tls_identity *identity, struct hanse_path *path)
{
    /* One file each: a fetcher reads a file of authorities once. */
    char name[32];
    (void)snprintf(name, sizeof name, "ca-%.8s.pem", identity->pin + strlen("sha256//") + 1);
    for (char *at = name; *at != '\0'; at++)
        *at = *at == '/' ? '_' : *at;
    write_file(folder, name, identity->certificate_pem.data, identity->certificate_pem.size);
    assert_int_equal(hanse_path_format(path, NULL, "%s/%s", folder, name), HANSE_OK);
}

static void without_pins_the_certificate_counts(void **state)
{
    (void)state;
    struct hanse_path authority;
    struct hanse_fetch_request request = request_for(NULL);
    request.pins = NULL;
    refused(OK_TEN, HOSTILE_CLOSE, request, HANSE_UNREACHABLE, "give the server's pin");
    write_authority(&valid, &authority);
    request.ca_file = authority.text;
    accepted(OK_TEN, request, HANSE_FETCH_PART, "0123456789", NULL);
    write_authority(&misnamed, &authority);
    refused(OK_TEN, HOSTILE_CLOSE, request, HANSE_UNREACHABLE, "certificate refused");
    request.ca_file = "/nowhere/ca.pem";
    refused(OK_TEN, HOSTILE_CLOSE, request, HANSE_UNREACHABLE, "/nowhere/ca.pem");
}

/* Serves under another identity for the time of the callback. */
static void with_identity(const struct tls_identity *identity, void (*run)(const char *other_url))
{
    struct hostile other;
    char other_url[64];
    hostile_start(&other, identity);
    hostile_script(&other, OK_TEN, strlen(OK_TEN), HOSTILE_CLOSE);
    (void)snprintf(other_url, sizeof other_url, "https://127.0.0.1:%u", other.port);
    run(other_url);
    hostile_stop(&other);
}

static void expect_other(const char *url, const char *pins, const struct tls_identity *authority,
                         enum hanse_status status, const char *words)
{
    struct hanse_path path;
    struct sink sink = new_sink();
    struct hanse_fetch_result result;
    struct hanse_fetch_request request = request_for(&sink);
    request.base_url = url;
    request.pins = pins;
    if (authority != NULL) {
        write_authority(authority, &path);
        request.ca_file = path.text;
    }
    assert_int_equal(hanse_fetch(fetcher, &request, &result, NULL), status);
    assert_non_null(strstr(result.error.message, words));
    assert_int_equal(result.failed_at, status == HANSE_OK ? HANSE_FETCH_AT_NONE : HANSE_FETCH_AT_CERTIFICATE);
    hanse_buffer_release(&sink.body);
}

/* A pin opens an expired certificate, too; when it ended is told to who asks. */
static void tells_certificate(const char *url)
{
    struct sink sink = new_sink();
    struct hanse_fetch_result result;
    struct hanse_fetcher *other = NULL;
    struct hanse_fetch_request request = request_for(&sink);
    request.base_url = url;
    request.pins = expired.pin;
    request.certificate = true;
    uint64_t from_unix_s;
    uint64_t until_unix_s;
    assert_int_equal(hanse_certificate_period(hanse_buffer_view(&expired.certificate_pem), &from_unix_s,
                                              &until_unix_s, NULL),
                     HANSE_OK);
    assert_int_equal(hanse_fetcher_new(NULL, &other, NULL), HANSE_OK);
    assert_int_equal(hanse_fetch(other, &request, &result, NULL), HANSE_OK);
    assert_int_equal(result.certificate_until_unix_s, until_unix_s);
    hanse_fetcher_free(other);
    hanse_buffer_release(&sink.body);
}

static void run_expired(const char *url)
{
    expect_other(url, expired.pin, NULL, HANSE_OK, "");
    expect_other(url, NULL, &expired, HANSE_UNREACHABLE, "expired");
    tells_certificate(url);
}

static void run_misnamed(const char *url)
{
    expect_other(url, misnamed.pin, NULL, HANSE_OK, "");
    expect_other(url, NULL, &misnamed, HANSE_UNREACHABLE, "certificate refused");
}

static void expiry_and_name_count_without_pins_only(void **state)
{
    (void)state;
    with_identity(&expired, run_expired);
    with_identity(&misnamed, run_misnamed);
}

static void hosts_that_do_not_answer(void **state)
{
    (void)state;
    struct sink sink = new_sink();
    struct hanse_fetch_result result;
    struct hanse_fetch_request request = request_for(&sink);
    int closed = raw_connect_tcp(server.port);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int unheard = socket(AF_INET, SOCK_STREAM, 0); /* bound, never listening */
    assert_int_equal(bind(unheard, (const struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(unheard, (struct sockaddr *)&address, &size), 0);
    char url[64];
    (void)snprintf(url, sizeof url, "https://127.0.0.1:%u", ntohs(address.sin_port));
    request.base_url = url;
    assert_int_equal(hanse_fetch(fetcher, &request, &result, NULL), HANSE_UNREACHABLE);
    assert_non_null(strstr(result.error.message, "Failed to connect"));
    assert_int_equal(result.failed_at, HANSE_FETCH_AT_CONNECTION);
    assert_int_equal(listen(unheard, 1), 0); /* now it takes connections and stays dumb */
    request.connect_timeout_ms = 200;
    assert_int_equal(hanse_fetch(fetcher, &request, &result, NULL), HANSE_UNREACHABLE);
    assert_non_null(strstr(result.error.message, "no connection within 200 ms"));
    assert_int_equal(result.failed_at, HANSE_FETCH_AT_CONNECTION); /* to curl TLS belongs to it */
    request.base_url = "https://no-such-host.invalid/";
    request.connect_timeout_ms = 5000;
    assert_int_equal(hanse_fetch(fetcher, &request, &result, NULL), HANSE_UNREACHABLE);
    assert_int_equal(result.failed_at, HANSE_FETCH_AT_NAME);
    (void)close(unheard);
    (void)close(closed);
}

static void bad_requests_are_refused_at_once(void **state)
{
    (void)state;
    struct hanse_error err;
    struct sink sink = new_sink();
    const struct hanse_fetch_request good = request_for(&sink);
    struct hanse_fetch_request bad[] = {good, good, good, good, good, good, good, good};
    bad[0].name = "../private/key";
    bad[1].name = "checkpoint\r\nX: y";
    bad[2].base_url = "http://127.0.0.1/";
    bad[3].pins = "sha256//short";
    bad[4].offset = bad[4].end = 5;
    bad[5].max_bytes = 0;
    bad[6].etag = "\"a\"\r\nX: y";
    bad[7].name = NULL;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        err = (struct hanse_error){0};
        assert_int_equal(hanse_fetcher_add(fetcher, &bad[i], &err), HANSE_INVALID_ARGUMENT);
        assert_int_equal(err.status, HANSE_INVALID_ARGUMENT);
    }
    size_t left = 1;
    assert_int_equal(hanse_fetcher_step(fetcher, 0, &left, NULL), HANSE_OK);
    assert_int_equal(left, 0);
}

/* A chain of requests: each that ends adds the next. */
struct chain {
    struct hanse_fetch_request request;
    unsigned left;
    unsigned done;
    unsigned failed;
};

static void chain_done(void *context, const struct hanse_fetch_result *result)
{
    struct chain *chain = context;
    chain->done++;
    chain->failed += result->error.status != HANSE_OK ? 1 : 0;
    if (result->error.status != HANSE_OK)
        print_error("%s\n", result->error.message);
    if (chain->left > 0) {
        chain->left--;
        assert_int_equal(hanse_fetcher_add(fetcher, &chain->request, NULL), HANSE_OK);
    }
}

static void many_requests_and_added_ones(void **state)
{
    (void)state;
    struct chain https = {.left = 20};
    struct chain file = {.left = 300};
    char url[96];
    (void)snprintf(url, sizeof url, "file://%s/many", folder);
    write_file(folder, "many/checkpoint", "0123456789", 10);
    static const char reply[] = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc";
    hostile_script(&server, reply, sizeof reply - 1, HOSTILE_CLOSE);
    https.request = (struct hanse_fetch_request){.base_url = base_url,
                                                 .name = "checkpoint",
                                                 .max_bytes = 10,
                                                 .pins = valid.pin,
                                                 .on_done = chain_done,
                                                 .context = &https};
    file.request = https.request;
    file.request.base_url = url;
    file.request.context = &file;
    for (unsigned i = 0; i < 10; i++) {
        assert_int_equal(hanse_fetcher_add(fetcher, &https.request, NULL), HANSE_OK);
        assert_int_equal(hanse_fetcher_add(fetcher, &file.request, NULL), HANSE_OK);
    }
    assert_int_equal(hanse_fetcher_run(fetcher, NULL), HANSE_OK);
    assert_int_equal(https.done, 30);
    assert_int_equal(https.failed, 0);
    assert_int_equal(file.done, 310);
    assert_int_equal(file.failed, 0);
}

static void count_cancelled(void *context, const struct hanse_fetch_result *result)
{
    assert_int_equal(result->error.status, HANSE_CANCELLED);
    ++*(unsigned *)context;
}

static void cancelling_ends_all(void **state)
{
    (void)state;
    unsigned cancelled = 0;
    struct hanse_fetcher *one = NULL;
    struct hanse_fetcher_options options = {.max_active = 1, .user_agent = "test/1"};
    assert_int_equal(hanse_fetcher_new(&options, &one, NULL), HANSE_OK);
    hostile_script(&server, "", 0, HOSTILE_STALL);
    struct hanse_fetch_request request = request_for(NULL);
    request.on_body = NULL;
    request.on_done = count_cancelled;
    request.context = &cancelled;
    for (int i = 0; i < 3; i++)
        assert_int_equal(hanse_fetcher_add(one, &request, NULL), HANSE_OK);
    size_t left = 0;
    for (int i = 0; i < 5; i++)
        assert_int_equal(hanse_fetcher_step(one, 20, &left, NULL), HANSE_OK);
    assert_int_equal(left, 3);
    hanse_fetcher_cancel(one);
    assert_int_equal(hanse_fetcher_step(one, 20, &left, NULL), HANSE_OK);
    assert_int_equal(left, 0);
    assert_int_equal(cancelled, 3);
    assert_int_equal(hanse_fetcher_add(one, &request, NULL), HANSE_OK); /* freed while it waits */
    hanse_fetcher_free(one);
    assert_int_equal(cancelled, 3);
}

static void folders(void **state)
{
    (void)state;
    char url[96];
    struct hanse_fetch_result result;
    struct sink sink = new_sink();
    struct hanse_fetch_request request = request_for(&sink);
    (void)snprintf(url, sizeof url, "file://%s/feed", folder);
    request.base_url = url;
    assert_int_equal(hanse_fetch(fetcher, &request, &result, NULL), HANSE_NOT_FOUND);
    write_file(folder, "feed/checkpoint", "0123456789", 10);
    assert_int_equal(hanse_fetch(fetcher, &request, &result, NULL), HANSE_OK);
    assert_int_equal(result.answer, HANSE_FETCH_PART);
    assert_int_equal(result.total_bytes, 10);
    assert_true(hanse_bytes_equal_text(hanse_buffer_view(&sink.body), "0123456789"));
    char tag[HANSE_ETAG_BYTES];
    memcpy(tag, result.etag, sizeof tag);
    request.etag = tag;
    assert_int_equal(hanse_fetch(fetcher, &request, &result, NULL), HANSE_OK);
    assert_int_equal(result.answer, HANSE_FETCH_UNCHANGED);
    write_file(folder, "feed/checkpoint", "abcdefghij", 10);
    hanse_buffer_clear(&sink.body);
    request.offset = 4;
    request.end = 6;
    assert_int_equal(hanse_fetch(fetcher, &request, &result, NULL), HANSE_OK);
    assert_int_equal(result.answer, HANSE_FETCH_PART);
    assert_true(hanse_bytes_equal_text(hanse_buffer_view(&sink.body), "ef"));
    request.end = 0;
    request.offset = 10;
    assert_int_equal(hanse_fetch(fetcher, &request, &result, NULL), HANSE_OK);
    assert_int_equal(result.answer, HANSE_FETCH_PAST_END);
    request.offset = 0;
    request.max_bytes = 9;
    assert_int_equal(hanse_fetch(fetcher, &request, &result, NULL), HANSE_LIMIT);
    hanse_buffer_release(&sink.body);
}

static void links_and_devices_are_no_files(void **state)
{
    (void)state;
    char url[96];
    char path[128];
    char target[128];
    struct hanse_fetch_result result;
    struct sink sink = new_sink();
    struct hanse_fetch_request request = request_for(&sink);
    (void)snprintf(url, sizeof url, "file://%s/odd", folder);
    request.base_url = url;
    write_file(folder, "odd/real", "secret", 6);
    (void)snprintf(target, sizeof target, "%s/odd/real", folder);
    (void)snprintf(path, sizeof path, "%s/odd/checkpoint", folder);
    assert_int_equal(symlink(target, path), 0);
    assert_int_equal(hanse_fetch(fetcher, &request, &result, NULL), HANSE_NOT_FOUND);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0); /* opening it must not wait for a writer */
    assert_int_equal(hanse_fetch(fetcher, &request, &result, NULL), HANSE_NOT_FOUND);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(hanse_fetch(fetcher, &request, &result, NULL), HANSE_NOT_FOUND);
    write_file(folder, "away/manifest", "secret", 6);
    (void)snprintf(target, sizeof target, "%s/away", folder);
    (void)snprintf(path, sizeof path, "%s/odd/hanse", folder);
    assert_int_equal(symlink(target, path), 0); /* a link in the middle */
    request.name = "hanse/manifest";
    assert_int_equal(hanse_fetch(fetcher, &request, &result, NULL), HANSE_NOT_FOUND);
    assert_int_equal(sink.body.size, 0);
}

static enum hanse_status fetch_under_anomaly(void *context)
{
    struct hanse_fetcher *own = NULL;
    struct hanse_fetch_result result;
    enum hanse_status status = hanse_fetcher_new(NULL, &own, NULL);
    if (status == HANSE_OK)
        status = hanse_fetch(own, context, &result, NULL);
    hanse_fetcher_free(own);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    char url[96];
    struct hanse_fetch_request request = request_for(NULL);
    request.on_body = NULL;
    (void)snprintf(url, sizeof url, "file://%s/anomaly", folder);
    write_file(folder, "anomaly/checkpoint", "0123456789", 10);
    hostile_script(&server, OK_TEN, strlen(OK_TEN), HOSTILE_CLOSE);
    assert_true(anomaly_fail_each_allocation(fetch_under_anomaly, &request) > 3);
    request.base_url = url;
    assert_true(anomaly_fail_each_allocation(fetch_under_anomaly, &request) > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_files),
        cmocka_unit_test(request_headers),
        cmocka_unit_test(ranges),
        cmocka_unit_test(wrong_ranges),
        cmocka_unit_test(whole_answers_to_ranges),
        cmocka_unit_test(unchanged_files),
        cmocka_unit_test(http_errors),
        cmocka_unit_test(short_and_stalled_bodies),
        cmocka_unit_test(endless_answers),
        cmocka_unit_test(callbacks_stop_and_refuse),
        cmocka_unit_test(pins_decide_alone),
        cmocka_unit_test(without_pins_the_certificate_counts),
        cmocka_unit_test(expiry_and_name_count_without_pins_only),
        cmocka_unit_test(hosts_that_do_not_answer),
        cmocka_unit_test(bad_requests_are_refused_at_once),
        cmocka_unit_test(many_requests_and_added_ones),
        cmocka_unit_test(cancelling_ends_all),
        cmocka_unit_test(folders),
        cmocka_unit_test(links_and_devices_are_no_files),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
