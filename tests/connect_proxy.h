/* SPDX-License-Identifier: Apache-2.0 */
/* An HTTP proxy that knows CONNECT only: it opens the way to servers on loopback, or refuses as it is told.
 * It counts the ways, which are the connections that a client makes. */
#ifndef TESTS_CONNECT_PROXY_H
#define TESTS_CONNECT_PROXY_H

#include <poll.h>
#include <pthread.h>

#include "tls_fixture.h"

struct connect_proxy {
    int listening;
    uint16_t port;
    pthread_t thread;
    pthread_mutex_t mutex;
    int refusal;        /* HTTP status for every CONNECT; 0: opens */
    unsigned asked;     /* CONNECTs */
    char request[1024]; /* of the newest one */
    unsigned serving;
    bool stopping;
};

struct connect_way {
    struct connect_proxy *proxy;
    int client;
};

static inline bool connect_read_request(int fd, char *out, size_t room)
{
    size_t size = 0;
    while (size < room - 1 && (size < 4 || memcmp(out + size - 4, "\r\n\r\n", 4) != 0) &&
           recv(fd, out + size, 1, 0) == 1)
        size++;
    out[size] = '\0';
    return size > 4;
}

static inline int connect_to_server(const char *request)
{
    unsigned port = 0;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (sscanf(request, "CONNECT 127.0.0.1:%u HTTP/1.1", &port) != 1)
        return -1;
    address.sin_port = htons((uint16_t)port);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    (void)close(fd);
    return -1;
}

/* What one side says goes to the other, until one of them ends or the proxy does. */
static inline void connect_relay(const struct connect_proxy *proxy, int client, int server)
{
    char bytes[16384];
    struct pollfd sides[2] = {{.fd = client, .events = POLLIN}, {.fd = server, .events = POLLIN}};
    while (!proxy->stopping && poll(sides, 2, 100) >= 0)
        for (int i = 0; i < 2; i++) {
            if (sides[i].revents == 0)
                continue;
            ssize_t got = recv(sides[i].fd, bytes, sizeof bytes, 0);
            if (got <= 0 || send(sides[1 - i].fd, bytes, (size_t)got, MSG_NOSIGNAL) != got)
                return;
        }
}

static inline void *connect_serve(void *context)
{
    struct connect_way *way = context;
    struct connect_proxy *proxy = way->proxy;
    char request[sizeof proxy->request];
    char reply[128];
    if (connect_read_request(way->client, request, sizeof request)) {
        (void)pthread_mutex_lock(&proxy->mutex);
        proxy->asked++;
        memcpy(proxy->request, request, sizeof request);
        int refusal = proxy->refusal;
        (void)pthread_mutex_unlock(&proxy->mutex);
        int server = refusal == 0 ? connect_to_server(request) : -1;
        int status = refusal != 0 ? refusal : server < 0 ? 502 : 200;
        int size = snprintf(reply, sizeof reply, "HTTP/1.1 %d X\r\n%s\r\n", status,
                            status == 200 ? "" : "Content-Length: 0\r\n");
        (void)send(way->client, reply, (size_t)size, MSG_NOSIGNAL);
        if (server >= 0) {
            connect_relay(proxy, way->client, server);
            (void)close(server);
        }
    }
    (void)close(way->client);
    (void)pthread_mutex_lock(&proxy->mutex);
    proxy->serving--;
    (void)pthread_mutex_unlock(&proxy->mutex);
    free(way);
    return NULL;
}

static inline void *connect_accept(void *context)
{
    struct connect_proxy *proxy = context;
    for (int fd; (fd = accept(proxy->listening, NULL, NULL)) >= 0;) {
        struct connect_way *way = malloc(sizeof *way);
        pthread_t thread;
        assert_non_null(way);
        *way = (struct connect_way){proxy, fd};
        (void)pthread_mutex_lock(&proxy->mutex);
        proxy->serving++;
        (void)pthread_mutex_unlock(&proxy->mutex);
        assert_int_equal(pthread_create(&thread, NULL, connect_serve, way), 0);
        (void)pthread_detach(thread);
    }
    return NULL;
}

static inline void connect_proxy_start(struct connect_proxy *proxy)
{
    *proxy = (struct connect_proxy){.listening = socket(AF_INET, SOCK_STREAM, 0)};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    assert_int_equal(bind(proxy->listening, (const struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(proxy->listening, 64), 0);
    assert_int_equal(getsockname(proxy->listening, (struct sockaddr *)&address, &size), 0);
    proxy->port = ntohs(address.sin_port);
    assert_int_equal(pthread_mutex_init(&proxy->mutex, NULL), 0);
    assert_int_equal(pthread_create(&proxy->thread, NULL, connect_accept, proxy), 0);
}

/* From now on it answers so, and counts anew. */
static inline void connect_proxy_script(struct connect_proxy *proxy, int refusal)
{
    (void)pthread_mutex_lock(&proxy->mutex);
    proxy->refusal = refusal;
    proxy->asked = 0;
    proxy->request[0] = '\0';
    (void)pthread_mutex_unlock(&proxy->mutex);
}

static inline unsigned connect_proxy_asked(struct connect_proxy *proxy)
{
    (void)pthread_mutex_lock(&proxy->mutex);
    unsigned asked = proxy->asked;
    (void)pthread_mutex_unlock(&proxy->mutex);
    return asked;
}

static inline void connect_proxy_stop(struct connect_proxy *proxy)
{
    (void)shutdown(proxy->listening, SHUT_RDWR);
    (void)pthread_join(proxy->thread, NULL);
    (void)close(proxy->listening);
    for (unsigned serving = 1; serving > 0; (void)poll(NULL, 0, 10)) {
        (void)pthread_mutex_lock(&proxy->mutex);
        proxy->stopping = true;
        serving = proxy->serving;
        (void)pthread_mutex_unlock(&proxy->mutex);
    }
    (void)pthread_mutex_destroy(&proxy->mutex);
}

#endif
