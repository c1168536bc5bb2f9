/* SPDX-License-Identifier: Apache-2.0 */
/* An HTTPS server of a feed's folder that answers honestly, but for what a test's twist changes in each
 * reply. A thread for each connection, one request on each. */
#ifndef TESTS_FEED_SERVER_H
#define TESTS_FEED_SERVER_H

#include "hostile.h"

#include "base/limits.h"
#include "crypto/digest.h"

/* How a connection goes on where it does not go well. */
enum feed_then {
    FEED_CLOSE,  /* hang up after the reply, as TLS wants it */
    FEED_BREAK,  /* hang up without TLS's goodbye */
    FEED_RESET,  /* reset the TCP connection after what was sent */
    FEED_STALL,  /* say nothing more until the client leaves */
    FEED_ENDLESS /* go on with the body, again and again */
};

/* Where a connection is broken before there is a reply. */
enum feed_break {
    FEED_BREAK_NOT,
    FEED_BREAK_ACCEPT,    /* reset at once */
    FEED_BREAK_HANDSHAKE, /* reset after the client's first bytes */
    FEED_BREAK_GARBAGE,   /* something that is no TLS */
    FEED_BREAK_PLAIN      /* HTTP without TLS */
};

enum { FEED_HEAD_BYTES = 1024 };

struct feed_reply {
    char name[256]; /* asked for, below the base URL */
    unsigned nth;   /* requests for that name before, since the script was set */
    unsigned total; /* requests before, of any name */
    bool has_range;
    uint64_t offset;
    bool no_cache;
    char if_none_match[64];
    /* Honest so far; the twist may change all of it. */
    int status;
    struct hanse_buffer body;
    bool has_length;
    uint64_t claimed_length; /* Content-Length */
    char headers[512];       /* more lines, each with its end */
    size_t sent_bytes;       /* of the body; SIZE_MAX: all */
    unsigned drip_ms;        /* pause after each drip_bytes of the body; 0: none */
    size_t drip_bytes;
    bool before_headers;  /* `then` comes before anything is sent */
    bool inside_headers;  /* ... or in the middle of them */
    bool endless_headers; /* ... or never, since they do not end */
    size_t head_bytes;    /* ... or after so many bytes of them; 0: not */
    enum feed_then then;
};

struct feed_server;
typedef void feed_twist(struct feed_server *server, struct feed_reply *reply);

struct feed_name_count {
    char name[256];
    unsigned count;
};

struct feed_server {
    int listening;
    uint16_t port;
    char url[64];
    SSL_CTX *context;
    pthread_t thread;
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t idle;
    unsigned serving;
    int connections[64]; /* sockets under way, -1: free */
    bool stopping;
    char folder[128];
    feed_twist *twist;
    enum feed_break broken;
    struct feed_name_count counts[128];
    size_t name_count;
    unsigned total;
};

static inline void feed_file(const char *folder, const char *name, struct hanse_buffer *out)
{
    struct hanse_path path;
    hanse_buffer_clear(out);
    if (hanse_path_format(&path, NULL, "%s/%s", folder, name) == HANSE_OK)
        (void)!hanse_file_read(path.text, HANSE_MAX_SEGMENT_BYTES, out, NULL);
}

static inline void feed_reply_body(struct feed_reply *reply, const void *bytes, size_t size)
{
    hanse_buffer_clear(&reply->body);
    (void)!hanse_buffer_append(&reply->body, hanse_bytes_of(bytes, size), NULL);
    reply->claimed_length = size;
}

/* The whole file, whatever was asked. */
static inline void feed_reply_whole(const char *folder, struct feed_reply *reply)
{
    feed_file(folder, reply->name, &reply->body);
    reply->status = 200;
    reply->headers[0] = '\0';
    reply->claimed_length = reply->body.size;
}

/* The checkpoint's; other files are never asked for conditionally. */
static inline void feed_reply_tagged(struct feed_reply *reply)
{
    struct hanse_digest digest = {{0}};
    char tag[64];
    (void)!hanse_digest_compute(hanse_buffer_view(&reply->body), &digest, NULL);
    (void)snprintf(tag, sizeof tag, "\"%02x%02x%02x%02x\"", digest.bytes[0], digest.bytes[1], digest.bytes[2],
                   digest.bytes[3]);
    (void)snprintf(reply->headers, sizeof reply->headers, "ETag: %s\r\n", tag);
    if (strcmp(tag, reply->if_none_match) == 0) {
        reply->status = 304;
        hanse_buffer_clear(&reply->body);
    }
}

/* What an honest server of the folder says. */
static inline void feed_reply_honestly(const char *folder, struct feed_reply *reply)
{
    struct hanse_path path;
    reply->status = 404;
    hanse_buffer_clear(&reply->body);
    reply->headers[0] = '\0';
    if (hanse_path_format(&path, NULL, "%s/%s", folder, reply->name) == HANSE_OK &&
        hanse_file_exists(path.text)) {
        feed_reply_whole(folder, reply);
        size_t size = reply->body.size;
        if (reply->has_range && reply->offset >= size) {
            reply->status = 416;
            (void)snprintf(reply->headers, sizeof reply->headers, "Content-Range: bytes */%zu\r\n", size);
            hanse_buffer_clear(&reply->body);
        } else if (reply->has_range) {
            reply->status = 206;
            (void)snprintf(reply->headers, sizeof reply->headers, "Content-Range: bytes %llu-%zu/%zu\r\n",
                           (unsigned long long)reply->offset, size - 1, size);
            memmove(reply->body.data, reply->body.data + reply->offset, size - (size_t)reply->offset);
            reply->body.size = size - (size_t)reply->offset;
        } else if (strcmp(reply->name, "checkpoint") == 0) {
            feed_reply_tagged(reply);
        }
    }
    reply->has_length = true;
    reply->claimed_length = reply->body.size;
}

static inline void feed_read_request(const char *request, struct feed_reply *reply)
{
    const char *range = strstr(request, "\r\nRange: bytes=");
    (void)sscanf(request, "GET /%255s ", reply->name);
    reply->has_range = range != NULL;
    reply->offset = range != NULL ? strtoull(range + strlen("\r\nRange: bytes="), NULL, 10) : 0;
    reply->no_cache = strstr(request, "\r\nCache-Control: no-cache") != NULL;
    const char *condition = strstr(request, "\r\nIf-None-Match: ");
    if (condition != NULL)
        (void)sscanf(condition, "\r\nIf-None-Match: %63s", reply->if_none_match);
}

/* Counts the request and says which one it is. */
static inline void feed_count(struct feed_server *server, struct feed_reply *reply)
{
    size_t at = 0;
    while (at < server->name_count && strcmp(server->counts[at].name, reply->name) != 0)
        at++;
    if (at == server->name_count && at < sizeof server->counts / sizeof server->counts[0]) {
        strcpy(server->counts[at].name, reply->name);
        server->counts[at].count = 0;
        server->name_count++;
    }
    reply->nth = server->counts[at].count++;
    reply->total = server->total++;
}

static inline void feed_reset(int fd)
{
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

static inline void feed_end(SSL *tls, int fd, enum feed_then then)
{
    char byte;
    if (then == FEED_RESET)
        feed_reset(fd);
    if (then == FEED_STALL)
        (void)SSL_read(tls, &byte, 1);
    if (then == FEED_CLOSE)
        (void)SSL_shutdown(tls);
}

static inline void feed_send_body(SSL *tls, const struct feed_reply *reply)
{
    size_t size = reply->sent_bytes < reply->body.size ? reply->sent_bytes : reply->body.size;
    size_t step = reply->drip_ms > 0 ? reply->drip_bytes : 16384;
    do {
        for (size_t at = 0; at < size; at += step) {
            size_t piece = size - at < step ? size - at : step;
            if (SSL_write(tls, reply->body.data + at, (int)piece) <= 0)
                return;
            sleep_ms(reply->drip_ms);
        }
    } while (reply->then == FEED_ENDLESS && size > 0);
}

static inline int feed_head(const struct feed_reply *reply, char out[FEED_HEAD_BYTES])
{
    char length[64] = "";
    if (reply->has_length)
        (void)snprintf(length, sizeof length, "Content-Length: %llu\r\n",
                       (unsigned long long)reply->claimed_length);
    return snprintf(out, FEED_HEAD_BYTES, "HTTP/1.1 %d X\r\nConnection: close\r\n%s%s\r\n", reply->status,
                    length, reply->headers);
}

static inline void feed_send(SSL *tls, int fd, const struct feed_reply *reply)
{
    char head[FEED_HEAD_BYTES];
    int size = feed_head(reply, head);
    bool cut = reply->inside_headers || reply->head_bytes > 0;
    if (cut)
        size = reply->inside_headers ? size / 2 : (int)reply->head_bytes;
    static const char more[] = "X-More: more and more and more and more and more\r\n";
    if (reply->endless_headers)
        size -= 2; /* the empty line */
    if (!reply->before_headers)
        (void)SSL_write(tls, head, size);
    while (reply->endless_headers && SSL_write(tls, more, sizeof more - 1) > 0)
        ;
    if (!reply->before_headers && !cut)
        feed_send_body(tls, reply);
    feed_end(tls, fd, reply->then);
}

static inline void feed_answer(struct feed_server *server, SSL *tls, int fd)
{
    char request[4096];
    struct feed_reply reply = {.sent_bytes = SIZE_MAX};
    hanse_buffer_init(&reply.body, HANSE_MAX_SEGMENT_BYTES + (8u << 20));
    hostile_read_request(tls, request, sizeof request);
    if (request[0] != '\0') {
        feed_read_request(request, &reply);
        (void)pthread_mutex_lock(&server->mutex);
        feed_count(server, &reply);
        feed_reply_honestly(server->folder, &reply);
        if (server->twist != NULL)
            server->twist(server, &reply);
        (void)pthread_mutex_unlock(&server->mutex);
        feed_send(tls, fd, &reply);
    }
    hanse_buffer_release(&reply.body);
}

/* Breaks the connection as the script says; false: it goes on. */
static inline bool feed_break_early(enum feed_break broken, int fd)
{
    char bytes[512];
    static const char plain[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    if (broken == FEED_BREAK_NOT)
        return false;
    if (broken != FEED_BREAK_ACCEPT)
        (void)recv(fd, bytes, sizeof bytes, 0);
    memset(bytes, 0x5a, sizeof bytes);
    if (broken == FEED_BREAK_GARBAGE)
        (void)send(fd, bytes, sizeof bytes, MSG_NOSIGNAL);
    else if (broken == FEED_BREAK_PLAIN)
        (void)send(fd, plain, sizeof plain - 1, MSG_NOSIGNAL);
    else
        feed_reset(fd);
    return true;
}

struct feed_connection {
    struct feed_server *server;
    size_t slot;
    int fd;
};

static inline void *feed_serve_one(void *context)
{
    struct feed_connection *connection = context;
    struct feed_server *server = connection->server;
    int fd = connection->fd;
    (void)pthread_mutex_lock(&server->mutex);
    enum feed_break broken = server->broken;
    SSL *tls = SSL_new(server->context);
    (void)pthread_mutex_unlock(&server->mutex);
    (void)SSL_set_fd(tls, fd);
    if (!feed_break_early(broken, fd) && SSL_accept(tls) == 1)
        feed_answer(server, tls, fd);
    SSL_free(tls);
    (void)pthread_mutex_lock(&server->mutex);
    server->connections[connection->slot] = -1;
    (void)close(fd);
    server->serving--;
    (void)pthread_cond_signal(&server->idle);
    (void)pthread_mutex_unlock(&server->mutex);
    free(connection);
    return NULL;
}

/* With the mutex held. */
static inline bool feed_take(struct feed_server *server, int fd)
{
    size_t slot = 0;
    while (slot < 64 && server->connections[slot] >= 0)
        slot++;
    struct feed_connection *connection = malloc(sizeof *connection);
    pthread_t thread;
    if (slot == 64 || server->stopping || connection == NULL) {
        free(connection);
        return false;
    }
    *connection = (struct feed_connection){server, slot, fd};
    if (pthread_create(&thread, NULL, feed_serve_one, connection) != 0) {
        free(connection);
        return false;
    }
    (void)pthread_detach(thread);
    server->connections[slot] = fd;
    server->serving++;
    return true;
}

static inline void *feed_accept(void *context)
{
    struct feed_server *server = context;
    for (int fd; (fd = accept(server->listening, NULL, NULL)) >= 0;) {
        struct timeval limit = {.tv_sec = RAW_TIMEOUT_S};
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        (void)pthread_mutex_lock(&server->mutex);
        if (!feed_take(server, fd))
            (void)close(fd);
        (void)pthread_mutex_unlock(&server->mutex);
    }
    return NULL;
}

static inline void feed_server_start(struct feed_server *server, const struct tls_identity *identity)
{
    *server = (struct feed_server){.listening = socket(AF_INET, SOCK_STREAM, 0)};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    for (size_t i = 0; i < 64; i++)
        server->connections[i] = -1;
    assert_int_equal(bind(server->listening, (const struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(server->listening, 64), 0);
    assert_int_equal(getsockname(server->listening, (struct sockaddr *)&address, &size), 0);
    server->port = ntohs(address.sin_port);
    (void)snprintf(server->url, sizeof server->url, "https://127.0.0.1:%u/", server->port);
    server->context = hostile_context(identity);
    assert_int_equal(pthread_mutex_init(&server->mutex, NULL), 0);
    assert_int_equal(pthread_cond_init(&server->idle, NULL), 0);
    assert_int_equal(pthread_create(&server->thread, NULL, feed_accept, server), 0);
}

/* Ends what is under way, so that nothing of an earlier script meets the next one. */
static inline void feed_server_quiet(struct feed_server *server)
{
    for (size_t i = 0; i < 64; i++)
        if (server->connections[i] >= 0)
            (void)shutdown(server->connections[i], SHUT_RDWR);
    while (server->serving > 0)
        (void)pthread_cond_wait(&server->idle, &server->mutex);
}

static inline void feed_server_script(struct feed_server *server, const char *folder, feed_twist *twist,
                                      enum feed_break broken)
{
    (void)pthread_mutex_lock(&server->mutex);
    feed_server_quiet(server);
    assert_true(strlen(folder) < sizeof server->folder);
    strcpy(server->folder, folder);
    server->twist = twist;
    server->broken = broken;
    server->name_count = 0;
    server->total = 0;
    (void)pthread_mutex_unlock(&server->mutex);
}

static inline void feed_server_identity(struct feed_server *server, const struct tls_identity *identity)
{
    (void)pthread_mutex_lock(&server->mutex);
    feed_server_quiet(server);
    SSL_CTX_free(server->context);
    server->context = hostile_context(identity);
    (void)pthread_mutex_unlock(&server->mutex);
}

static inline unsigned feed_server_requests(struct feed_server *server)
{
    (void)pthread_mutex_lock(&server->mutex);
    unsigned total = server->total;
    (void)pthread_mutex_unlock(&server->mutex);
    return total;
}

static inline void feed_server_stop(struct feed_server *server)
{
    (void)shutdown(server->listening, SHUT_RDWR);
    (void)pthread_join(server->thread, NULL);
    (void)close(server->listening);
    (void)pthread_mutex_lock(&server->mutex);
    server->stopping = true;
    feed_server_quiet(server);
    (void)pthread_mutex_unlock(&server->mutex);
    SSL_CTX_free(server->context);
    (void)pthread_cond_destroy(&server->idle);
    (void)pthread_mutex_destroy(&server->mutex);
}

#endif
