/* SPDX-License-Identifier: Apache-2.0 */
/* Starting and stopping the server, and the bookkeeping of connections and requests around the answers. */
#include "serve/https_server.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "crypto/signing_key.h"
#include "serve/answer.h"
#include "serve/listen_address.h"

enum {
    DEFAULT_THREADS = 2,
    DEFAULT_MAX_CONNECTIONS = 2048, /* a thousand that dawdle, and as many that do not */
    MIN_CONNECTIONS = 16,
    OTHER_FILES = 128, /* of the process besides connections and their answers */
    DEFAULT_HEADER_DEADLINE_MS = 15000,
    DEFAULT_IDLE_TIMEOUT_MS = 60000,
    DEFAULT_MIN_BYTES_PER_S = 500,
    DEFAULT_RATE_WINDOW_MS = 20000,
    CONNECTION_MEMORY_BYTES = 128 << 10, /* with 64 KiB blocks: measured as fast as the machine's TLS */
    STOP_LOOK_MS = 5,
    ADDRESS_TEXT_BYTES = 64 /* IPv6 with a zone */
};

#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

struct hanse_https_server {
    struct hanse_https_server_options options;
    struct hanse_answerer answerer;
    struct hanse_watchdog *watchdog;
    struct MHD_Daemon *daemon;
    atomic_bool stopping;
    char pin[HANSE_PIN_BYTES];
    uint16_t port;
};

static unsigned value_or(unsigned value, unsigned fallback)
{
    return value > 0 ? value : fallback;
}

/* A connection that is let in must be able to open the file that it asks for. */
static unsigned affordable_connections(unsigned wanted)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return wanted;
    rlim_t afforded = limit.rlim_cur > OTHER_FILES ? (limit.rlim_cur - OTHER_FILES) / 2 : 0;
    if (afforded >= wanted)
        return wanted;
    return afforded > MIN_CONNECTIONS ? (unsigned)afforded : MIN_CONNECTIONS;
}

static void set_defaults(struct hanse_https_server_options *options)
{
    options->threads = value_or(options->threads, DEFAULT_THREADS);
    options->max_connections =
        affordable_connections(value_or(options->max_connections, DEFAULT_MAX_CONNECTIONS));
    options->max_connections_per_address =
        value_or(options->max_connections_per_address, options->max_connections);
    options->header_deadline_ms = value_or(options->header_deadline_ms, DEFAULT_HEADER_DEADLINE_MS);
    options->idle_timeout_ms = value_or(options->idle_timeout_ms, DEFAULT_IDLE_TIMEOUT_MS);
    options->min_bytes_per_s = value_or(options->min_bytes_per_s, DEFAULT_MIN_BYTES_PER_S);
    options->rate_window_ms = value_or(options->rate_window_ms, DEFAULT_RATE_WINDOW_MS);
}

/* While the server stops nobody new is let in. (MHD_quiesce_daemon is not for that: with epoll, it and the
 * threads may both take the listening socket off the same list, and the second of them aborts the process.)
 */
static enum MHD_Result on_accept(void *context, const struct sockaddr *address, socklen_t size)
{
    (void)address;
    (void)size;
    const struct hanse_https_server *server = context;
    return atomic_load(&server->stopping) ? MHD_NO : MHD_YES;
}

static void on_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct hanse_https_server *server = context;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        hanse_watchdog_remove(server->watchdog, *socket_context);
        *socket_context = NULL;
        return;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    *socket_context = info != NULL ? hanse_watchdog_add(server->watchdog, info->connect_fd) : NULL;
    /* Nobody would watch it. */
    if (*socket_context == NULL && info != NULL)
        (void)shutdown(info->connect_fd, SHUT_RDWR);
}

/* The only place where the target is seen as it came: later the library decodes it, and cuts it at %00. */
static void *on_uri(void *context, const char *uri, struct MHD_Connection *connection)
{
    struct hanse_https_server *server = context;
    struct hanse_exchange *exchange = hanse_alloc_zeroed(1, sizeof *exchange);
    if (exchange == NULL)
        return NULL;
    size_t size = strlen(uri);
    exchange->uri_cut = size >= sizeof exchange->uri;
    memcpy(exchange->uri, uri, exchange->uri_cut ? sizeof exchange->uri - 1 : size);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    exchange->watched = info != NULL ? info->socket_context : NULL;
    hanse_watchdog_request(server->watchdog, exchange->watched);
    return exchange;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **request_context)
{
    (void)url;
    (void)version;
    (void)upload;
    struct hanse_https_server *server = context;
    if (*request_context == NULL)
        return MHD_NO;
    *upload_size = 0;
    return hanse_answer(&server->answerer, *request_context, connection, method);
}

static void log_event(const struct hanse_https_server *server, struct MHD_Connection *connection,
                      const struct hanse_exchange *exchange, bool complete)
{
    char address[ADDRESS_TEXT_BYTES] = "";
    const union MHD_ConnectionInfo *client =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (client != NULL && client->client_addr != NULL) {
        socklen_t size = client->client_addr->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                                    : sizeof(struct sockaddr_in);
        (void)getnameinfo(client->client_addr, size, address, sizeof address, NULL, 0, NI_NUMERICHOST);
    }
    struct hanse_https_server_event event = {.uri = exchange->uri,
                                             .method = exchange->method,
                                             .address = address,
                                             .http_status = exchange->http_status,
                                             .body_bytes = exchange->body_bytes,
                                             .complete = complete};
    server->options.log(server->options.context, &event);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **request_context,
                         enum MHD_RequestTerminationCode code)
{
    struct hanse_https_server *server = context;
    struct hanse_exchange *exchange = *request_context;
    if (exchange == NULL)
        return;
    hanse_watchdog_answered(server->watchdog, exchange->watched);
    if (server->options.log != NULL && exchange->http_status != 0)
        log_event(server, connection, exchange, code == MHD_REQUEST_TERMINATED_COMPLETED_OK);
    hanse_free(exchange);
    *request_context = NULL;
}

static struct MHD_Daemon *start_daemon(struct hanse_https_server *server,
                                       const struct hanse_listen_address *address, const char *certificate,
                                       const char *key)
{
    const struct hanse_https_server_options *options = &server->options;
    /* Not epoll: with it a client that sends half of its first TLS message keeps a thread spinning until it
     * is cut off (0.9.75). Polling a thousand sockets is measured to cost nothing beside TLS. */
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL | MHD_USE_ITC | MHD_USE_TLS;
    if (address->storage.ss_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    struct MHD_OptionItem pool[] = {{MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)options->threads, NULL},
                                    {MHD_OPTION_END, 0, NULL}};
    if (options->threads < 2)
        pool[0].option = MHD_OPTION_END;
    return MHD_start_daemon(
        flags, 0, on_accept, server, on_request, server, MHD_OPTION_SOCK_ADDR, &address->storage,
        MHD_OPTION_HTTPS_MEM_CERT, certificate, MHD_OPTION_HTTPS_MEM_KEY, key, MHD_OPTION_HTTPS_PRIORITIES,
        TLS_PRIORITIES, MHD_OPTION_URI_LOG_CALLBACK, on_uri, server, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, server, MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
        MHD_OPTION_CONNECTION_LIMIT, options->max_connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        options->max_connections_per_address, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY_BYTES, MHD_OPTION_ARRAY, pool, MHD_OPTION_END);
}

/* The HTTP library says only that it could not. */
static enum hanse_status explain_failure(const struct hanse_https_server_options *options,
                                         const struct hanse_listen_address *address, struct hanse_error *err)
{
    enum hanse_status status = hanse_listen_address_try(address, options->listen, err);
    if (status != HANSE_OK)
        return status;
    return hanse_fail(err, HANSE_IO, "cannot start the HTTPS server on \"%s\"", options->listen);
}

static void free_text(char **text)
{
    hanse_free(*text);
}

static void wipe_text(char **text)
{
    if (*text != NULL)
        hanse_secret_wipe(*text, strlen(*text));
    hanse_free(*text);
}

static enum hanse_status listen_at(struct hanse_https_server *server, struct hanse_error *err)
{
    const struct hanse_https_server_options *options = &server->options;
    struct hanse_listen_address address;
    enum hanse_status status = hanse_listen_address_parse(options->listen, &address, err);
    if (status != HANSE_OK)
        return status;
    __attribute__((cleanup(free_text))) char *certificate =
        hanse_strndup((const char *)options->certificate_pem.data, options->certificate_pem.size);
    __attribute__((cleanup(wipe_text))) char *key =
        hanse_strndup((const char *)options->key_pem.data, options->key_pem.size);
    if (certificate == NULL || key == NULL)
        return hanse_fail_memory(err);
    server->daemon = start_daemon(server, &address, certificate, key);
    if (server->daemon == NULL)
        return explain_failure(options, &address, err);
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    server->port = info != NULL ? info->port : 0;
    return HANSE_OK;
}

static enum hanse_status start_parts(struct hanse_https_server *server, struct hanse_error *err)
{
    const struct hanse_https_server_options *options = &server->options;
    enum hanse_status status = hanse_certificate_pin(options->certificate_pem, server->pin, err);
    if (status == HANSE_OK)
        status = hanse_certificate_match(options->certificate_pem, options->key_pem, err);
    struct hanse_watchdog_options watchdog = {.header_deadline_ms = options->header_deadline_ms,
                                              .idle_timeout_ms = options->idle_timeout_ms,
                                              .min_bytes_per_s = options->min_bytes_per_s,
                                              .rate_window_ms = options->rate_window_ms};
    if (status == HANSE_OK)
        status = hanse_watchdog_start(&watchdog, &server->watchdog, err);
    if (status != HANSE_OK)
        return status;
    server->answerer = (struct hanse_answerer){
        .locate = options->locate, .context = options->context, .watchdog = server->watchdog};
    return listen_at(server, err);
}

enum hanse_status hanse_https_server_start(const struct hanse_https_server_options *options,
                                           struct hanse_https_server **out, struct hanse_error *err)
{
    if (options->listen == NULL || options->locate == NULL)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "server lacks an address or a callback");
    struct hanse_https_server *server = hanse_alloc_zeroed(1, sizeof *server);
    if (server == NULL)
        return hanse_fail_memory(err);
    server->options = *options;
    set_defaults(&server->options);
    enum hanse_status status = start_parts(server, err);
    /* What the caller lent ends with this call. */
    server->options.listen = NULL;
    server->options.certificate_pem = server->options.key_pem = (struct hanse_bytes){0};
    if (status != HANSE_OK) {
        hanse_watchdog_stop(server->watchdog);
        hanse_free(server);
        return status;
    }
    *out = server;
    return HANSE_OK;
}

static void wait_until_idle(struct hanse_https_server *server, unsigned grace_ms)
{
    uint64_t deadline_ms = hanse_clock_monotonic_ms() + grace_ms;
    while (hanse_watchdog_busy(server->watchdog) > 0 && hanse_clock_monotonic_ms() < deadline_ms) {
        struct timespec pause = {.tv_nsec = STOP_LOOK_MS * 1000000L};
        (void)nanosleep(&pause, NULL);
    }
}

void hanse_https_server_stop(struct hanse_https_server *server, unsigned grace_ms)
{
    if (server == NULL)
        return;
    atomic_store(&server->stopping, true);
    wait_until_idle(server, grace_ms);
    MHD_stop_daemon(server->daemon);
    hanse_watchdog_stop(server->watchdog);
    hanse_free(server);
}

uint16_t hanse_https_server_port(const struct hanse_https_server *server)
{
    return server->port;
}

const char *hanse_https_server_pin(const struct hanse_https_server *server)
{
    return server->pin;
}
