/* SPDX-License-Identifier: Apache-2.0 */
/* An HTTPS server that answers whatever its script says, right or wrong. One connection at a time. */
#ifndef TESTS_HOSTILE_H
#define TESTS_HOSTILE_H

#include <pthread.h>

#include "tls_fixture.h"

enum hostile_then {
    HOSTILE_CLOSE,  /* hang up after the reply, as TLS wants it */
    HOSTILE_BREAK,  /* hang up without TLS's goodbye */
    HOSTILE_STALL,  /* say nothing more until the client leaves */
    HOSTILE_ENDLESS /* repeat the reply's last 1,000 bytes until the client leaves */
};

struct hostile {
    int listening;
    uint16_t port;
    SSL_CTX *context;
    pthread_t thread;
    pthread_mutex_t mutex; /* guards the script and what was seen */
    char reply[4096];
    size_t reply_size;
    enum hostile_then then;
    unsigned connections;
    char request[2048]; /* of the newest connection */
};

static inline SSL_CTX *hostile_context(const struct tls_identity *identity)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    assert_non_null(context);
    BIO *certificate_bio =
        BIO_new_mem_buf(identity->certificate_pem.data, (int)identity->certificate_pem.size);
    BIO *key_bio = BIO_new_mem_buf(identity->key_pem.data, (int)identity->key_pem.size);
    X509 *certificate = PEM_read_bio_X509(certificate_bio, NULL, NULL, NULL);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(key_bio, NULL, NULL, NULL);
    assert_int_equal(SSL_CTX_use_certificate(context, certificate), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(context, key), 1);
    X509_free(certificate);
    EVP_PKEY_free(key);
    BIO_free(certificate_bio);
    BIO_free(key_bio);
    return context;
}

static inline void hostile_read_request(SSL *tls, char *out, size_t room)
{
    size_t size = 0;
    while (size < room - 1 && (size < 4 || memcmp(out + size - 4, "\r\n\r\n", 4) != 0)) {
        int got = SSL_read(tls, out + size, 1);
        if (got <= 0)
            break;
        size++;
    }
    out[size] = '\0';
}

static inline void hostile_write(SSL *tls, const char *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        size_t piece = size - at < 4096 ? size - at : 4096;
        if (SSL_write(tls, bytes + at, (int)piece) <= 0)
            return;
        at += piece;
    }
}

static inline void hostile_reply(struct hostile *hostile, SSL *tls)
{
    char request[sizeof hostile->request];
    hostile_read_request(tls, request, sizeof request);
    (void)pthread_mutex_lock(&hostile->mutex);
    memcpy(hostile->request, request, sizeof request);
    char reply[sizeof hostile->reply];
    memcpy(reply, hostile->reply, sizeof reply);
    size_t size = hostile->reply_size;
    enum hostile_then then = hostile->then;
    (void)pthread_mutex_unlock(&hostile->mutex);
    hostile_write(tls, reply, size);
    char byte;
    while (then == HOSTILE_ENDLESS && SSL_write(tls, reply + size - 1000, 1000) > 0)
        ;
    if (then == HOSTILE_STALL)
        (void)SSL_read(tls, &byte, 1);
    if (then == HOSTILE_CLOSE)
        (void)SSL_shutdown(tls);
}

static inline void *hostile_serve(void *context)
{
    struct hostile *hostile = context;
    for (int fd; (fd = accept(hostile->listening, NULL, NULL)) >= 0;) {
        struct timeval limit = {.tv_sec = RAW_TIMEOUT_S};
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        SSL *tls = SSL_new(hostile->context);
        (void)SSL_set_fd(tls, fd);
        (void)pthread_mutex_lock(&hostile->mutex);
        hostile->connections++;
        (void)pthread_mutex_unlock(&hostile->mutex);
        if (SSL_accept(tls) == 1)
            hostile_reply(hostile, tls);
        SSL_free(tls);
        (void)close(fd);
    }
    return NULL;
}

static inline void hostile_start(struct hostile *hostile, const struct tls_identity *identity)
{
    *hostile = (struct hostile){.listening = socket(AF_INET, SOCK_STREAM, 0)};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    assert_int_equal(bind(hostile->listening, (const struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(hostile->listening, 16), 0);
    assert_int_equal(getsockname(hostile->listening, (struct sockaddr *)&address, &size), 0);
    hostile->port = ntohs(address.sin_port);
    hostile->context = hostile_context(identity);
    assert_int_equal(pthread_mutex_init(&hostile->mutex, NULL), 0);
    assert_int_equal(pthread_create(&hostile->thread, NULL, hostile_serve, hostile), 0);
}

static inline void hostile_script(struct hostile *hostile, const char *reply, size_t size,
                                  enum hostile_then then)
{
    (void)pthread_mutex_lock(&hostile->mutex);
    assert_true(size <= sizeof hostile->reply);
    memcpy(hostile->reply, reply, size);
    hostile->reply_size = size;
    hostile->then = then;
    hostile->request[0] = '\0';
    (void)pthread_mutex_unlock(&hostile->mutex);
}

static inline void hostile_stop(struct hostile *hostile)
{
    (void)shutdown(hostile->listening, SHUT_RDWR);
    (void)pthread_join(hostile->thread, NULL);
    (void)close(hostile->listening);
    SSL_CTX_free(hostile->context);
    (void)pthread_mutex_destroy(&hostile->mutex);
}

#endif
