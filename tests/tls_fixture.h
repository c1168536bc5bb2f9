/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates, a folder of files and a raw TLS client on 127.0.0.1, for the tests of net/ and serve/. */
#ifndef TESTS_TLS_FIXTURE_H
#define TESTS_TLS_FIXTURE_H

#include "anomaly.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/file.h"
#include "crypto/certificate.h"

static inline void sleep_ms(long ms)
{
    struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
    (void)nanosleep(&pause, NULL);
}

struct tls_identity {
    struct hanse_buffer certificate_pem;
    struct hanse_buffer key_pem;
    char pin[HANSE_PIN_BYTES];
};

static inline void tls_identity_make(struct tls_identity *identity, const char *name, uint64_t from_unix_s,
                                     uint64_t until_unix_s)
{
    struct hanse_certificate_options options = {.names = &name,
                                                .name_count = 1,
                                                .valid_from_unix_s = from_unix_s,
                                                .valid_until_unix_s = until_unix_s};
    hanse_buffer_init(&identity->certificate_pem, 16384);
    hanse_buffer_init(&identity->key_pem, 16384);
    assert_int_equal(hanse_certificate_make(&options, &identity->certificate_pem, &identity->key_pem, NULL),
                     HANSE_OK);
    assert_int_equal(
        hanse_certificate_pin(hanse_buffer_view(&identity->certificate_pem), identity->pin, NULL), HANSE_OK);
}

static inline void tls_identity_make_valid(struct tls_identity *identity, const char *name)
{
    uint64_t now = hanse_clock_unix_s();
    tls_identity_make(identity, name, now - 3600, now + HANSE_CERTIFICATE_VALID_S);
}

static inline void tls_identity_release(struct tls_identity *identity)
{
    hanse_buffer_release(&identity->certificate_pem);
    hanse_buffer_release(&identity->key_pem);
}

static inline void write_file(const char *folder, const char *name, const void *content, size_t size)
{
    struct hanse_path path;
    assert_int_equal(hanse_path_format(&path, NULL, "%s/%s", folder, name), HANSE_OK);
    char *slash = strrchr(path.text, '/');
    *slash = '\0';
    assert_int_equal(hanse_file_make_dirs(path.text, HANSE_MODE_PUBLIC_DIR, NULL), HANSE_OK);
    *slash = '/';
    assert_int_equal(
        hanse_file_replace(path.text, hanse_bytes_of(content, size), HANSE_MODE_PUBLIC_FILE, NULL), HANSE_OK);
}

static inline enum hanse_status remove_entry(void *context, const char *name, bool is_dir,
                                             struct hanse_error *err)
{
    struct hanse_path path;
    enum hanse_status status = hanse_path_format(&path, err, "%s/%s", (const char *)context, name);
    if (status == HANSE_OK && is_dir)
        status = hanse_file_list(path.text, remove_entry, path.text, err);
    if (status == HANSE_OK && (is_dir ? rmdir(path.text) : unlink(path.text)) != 0)
        status = HANSE_IO;
    return status;
}

static inline void remove_folder(char *folder)
{
    assert_int_equal(hanse_file_list(folder, remove_entry, folder, NULL), HANSE_OK);
    assert_int_equal(rmdir(folder), 0);
}

/* A proxy of the environment must not get between a test and its server. */
static inline void forget_proxies(void)
{
    static const char *const names[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        (void)unsetenv(names[i]);
    (void)signal(SIGPIPE, SIG_IGN); /* OpenSSL writes without MSG_NOSIGNAL */
}

/* A TLS connection that sends what it is told and believes every certificate. */
struct raw_client {
    int fd;
    SSL_CTX *context;
    SSL *tls;
};

enum { RAW_TIMEOUT_S = 20 };

static inline int raw_connect_tcp(uint16_t port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    struct timeval limit = {.tv_sec = RAW_TIMEOUT_S};
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit), 0);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* False if the server hangs up during the handshake. */
static inline bool raw_connect(struct raw_client *client, uint16_t port)
{
    client->fd = raw_connect_tcp(port);
    client->context = SSL_CTX_new(TLS_client_method());
    assert_non_null(client->context);
    client->tls = SSL_new(client->context);
    assert_non_null(client->tls);
    assert_int_equal(SSL_set_fd(client->tls, client->fd), 1);
    return SSL_connect(client->tls) == 1;
}

static inline void raw_close(struct raw_client *client)
{
    SSL_free(client->tls);
    SSL_CTX_free(client->context);
    (void)close(client->fd);
}

static inline void raw_send(struct raw_client *client, const void *bytes, size_t size)
{
    assert_int_equal(SSL_write(client->tls, bytes, (int)size), (int)size);
}

/* Reads until the server hangs up or `room - 1` bytes came; ends with a NUL. A read that times out fails. */
static inline size_t raw_read(struct raw_client *client, char *out, size_t room)
{
    size_t size = 0;
    while (size < room - 1) {
        int got = SSL_read(client->tls, out + size, (int)(room - 1 - size));
        if (got <= 0)
            break;
        size += (size_t)got;
    }
    out[size] = '\0';
    return size;
}

/* One request of `size` bytes over a connection of its own; the answer as text. */
static inline size_t raw_exchange(uint16_t port, const void *request, size_t size, char *out, size_t room)
{
    struct raw_client client;
    assert_true(raw_connect(&client, port));
    raw_send(&client, request, size);
    size_t got = raw_read(&client, out, room);
    raw_close(&client);
    return got;
}

#endif
