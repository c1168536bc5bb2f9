/* SPDX-License-Identifier: Apache-2.0 */
/* The HTTPS server of what a node holds: static files by the grammar of docs/protocol.md section 5, nothing
 * else. It runs in threads of its own; the callbacks are called there, several at once. */
#ifndef HANSE_SERVE_HTTPS_SERVER_H
#define HANSE_SERVE_HTTPS_SERVER_H

#include "base/file.h"
#include "crypto/certificate.h"
#include "feed/feed_name.h"

struct hanse_https_server;

/* Where the feed lies that is served below "/<feed_hex>/" (64 lower-case hex digits), or at "/" if feed_hex
 * is empty: the folder to which `name` is appended. HANSE_NOT_FOUND: no such feed, or this name of it is not
 * for everybody. Other failures answer 500. */
typedef enum hanse_status hanse_https_server_locate(void *context, struct hanse_bytes feed_hex,
                                                    const char *name, enum hanse_feed_name_kind kind,
                                                    struct hanse_path *out_dir);

/* One answered request; views live during the call. */
struct hanse_https_server_event {
    const char *method;
    const char *uri;     /* as it came, untrusted; may be cut */
    const char *address; /* of the client, without its port */
    unsigned http_status;
    uint64_t body_bytes; /* handed to the connection */
    bool complete;       /* false: the client left or was cut off */
};
typedef void hanse_https_server_log(void *context, const struct hanse_https_server_event *event);

/* 0 and NULL in a field mean its default. */
struct hanse_https_server_options {
    const char *listen; /* "127.0.0.1:8443", "[::1]:0"; port 0: a free one. Must be set. */
    struct hanse_bytes certificate_pem;
    struct hanse_bytes key_pem;
    hanse_https_server_locate *locate; /* must be set */
    hanse_https_server_log *log;
    void *context;
    unsigned threads; /* (2) */
    /* In all (2048); fewer where the process may not open so many files: an answer takes two. */
    unsigned max_connections;
    unsigned max_connections_per_address; /* (as many: behind a proxy all come from one) */
    unsigned header_deadline_ms; /* from the connection, TLS included, to the whole request (15,000) */
    unsigned idle_timeout_ms;    /* of a connection without a request (60,000) */
    unsigned min_bytes_per_s;    /* that a client takes of an answer (500) ... */
    unsigned rate_window_ms;     /* ... over so long (20,000) */
};

/* HANSE_INVALID_ARGUMENT: listen is no address and port, a callback is missing; HANSE_MALFORMED: certificate
 * or key are no PEM or do not belong together; HANSE_EXISTS: the port is in use; HANSE_DENIED: the port needs
 * a privilege; HANSE_IO, HANSE_NO_MEMORY, HANSE_CRYPTO. */
HANSE_MUST_CHECK enum hanse_status hanse_https_server_start(const struct hanse_https_server_options *options,
                                                            struct hanse_https_server **out,
                                                            struct hanse_error *err);
/* Accepts no more, lets running answers end for up to grace_ms, then cuts them and frees. NULL does nothing.
 */
void hanse_https_server_stop(struct hanse_https_server *server, unsigned grace_ms);

/* Of the listening socket. */
uint16_t hanse_https_server_port(const struct hanse_https_server *server);
/* "sha256//..." of the certificate; lives as long as the server. */
const char *hanse_https_server_pin(const struct hanse_https_server *server);

#endif
