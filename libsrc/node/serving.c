/* SPDX-License-Identifier: Apache-2.0 */
/* Serving a node's feeds: which certificate, and which folder is which feed's. */
#include <stdio.h>
#include <string.h>

#include <hanse/serve.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "crypto/signing_key.h"
#include "node/files/layout.h"
#include "node/node_internal.h"
#include "serve/https_server.h"

enum { MAX_PEM_BYTES = 256 << 10, URL_BYTES = 300, GRACE_MS = 5000, CLOCK_SLACK_S = 86400 };

struct hanse_server {
    struct hanse_path node_dir;
    char first_own_hex[HANSE_ORIGIN_HEX_BYTES];
    struct hanse_serve_options options;
    struct hanse_https_server *https;
    char url[URL_BYTES];
};

/* Called from the server's threads: reads nothing but what start set. */
static enum hanse_status locate(void *context, struct hanse_bytes feed_hex, const char *name,
                                enum hanse_feed_name_kind kind, struct hanse_path *out_dir)
{
    (void)name;
    (void)kind;
    const struct hanse_server *server = context;
    if (feed_hex.size == 0 || hanse_bytes_equal_text(feed_hex, server->first_own_hex))
        return hanse_path_format(out_dir, NULL, "%s/public", server->node_dir.text);
    return hanse_path_format(out_dir, NULL, "%s/public/%.*s", server->node_dir.text, (int)feed_hex.size,
                             (const char *)feed_hex.data);
}

static void log_request(void *context, const struct hanse_https_server_event *event)
{
    const struct hanse_server *server = context;
    server->options.log(server->options.context, event->address, event->method, event->uri,
                        event->http_status, event->body_bytes);
}

/* The folder too: who wants another certificate moves it away. */
static enum hanse_status make_certificate(const char *dir, const char *cert_path, const char *key_path,
                                          const char *host, struct hanse_buffer *cert,
                                          struct hanse_buffer *key, struct hanse_error *err)
{
    const char *names[] = {host, "localhost", "127.0.0.1"};
    uint64_t now = hanse_clock_unix_s();
    struct hanse_certificate_options options = {.names = names,
                                                .name_count = sizeof names / sizeof names[0],
                                                .valid_from_unix_s = now - CLOCK_SLACK_S,
                                                .valid_until_unix_s = now + HANSE_CERTIFICATE_VALID_S};
    enum hanse_status status = hanse_file_make_dirs(dir, HANSE_MODE_PRIVATE_DIR, err);
    if (status == HANSE_OK)
        status = hanse_certificate_make(&options, cert, key, err);
    if (status == HANSE_OK)
        status = hanse_file_replace(key_path, hanse_buffer_view(key), HANSE_MODE_PRIVATE_FILE, err);
    return status == HANSE_OK
               ? hanse_file_replace(cert_path, hanse_buffer_view(cert), HANSE_MODE_PRIVATE_FILE, err)
               : status;
}

/* The host part of the first own feed's origin. */
static void host_of(const struct hanse_node *node, char out[HANSE_MAX_ORIGIN_BYTES + 1])
{
    size_t length = strcspn(node->own_origins[0], ":/");
    (void)snprintf(out, HANSE_MAX_ORIGIN_BYTES + 1, "%.*s", (int)length, node->own_origins[0]);
}

static enum hanse_status load_certificate(struct hanse_node *node, const struct hanse_serve_options *options,
                                          struct hanse_buffer *cert, struct hanse_buffer *key,
                                          struct hanse_error *err)
{
    struct hanse_path cert_path;
    struct hanse_path key_path;
    char host[HANSE_MAX_ORIGIN_BYTES + 1];
    bool given = options->tls_cert != NULL || options->tls_key != NULL;
    if (given && (options->tls_cert == NULL || options->tls_key == NULL))
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "a TLS certificate needs its key, and a key its certificate");
    enum hanse_status status = given ? hanse_path_format(&cert_path, err, "%s", options->tls_cert)
                                     : hanse_layout_private(node->dir.text, "tls/cert.pem", &cert_path, err);
    if (status == HANSE_OK)
        status = given ? hanse_path_format(&key_path, err, "%s", options->tls_key)
                       : hanse_layout_private(node->dir.text, "tls/key.pem", &key_path, err);
    host_of(node, host);
    struct hanse_path dir;
    if (status == HANSE_OK)
        status = hanse_layout_private(node->dir.text, "tls", &dir, err);
    if (status == HANSE_OK && !given && !hanse_file_exists(cert_path.text))
        return make_certificate(dir.text, cert_path.text, key_path.text, host, cert, key, err);
    if (status == HANSE_OK)
        status = hanse_file_read(cert_path.text, MAX_PEM_BYTES, cert, err);
    if (status == HANSE_OK)
        status = hanse_file_read(key_path.text, MAX_PEM_BYTES, key, err);
    return status;
}

static void wipe(struct hanse_buffer *buffer)
{
    if (buffer->data != NULL)
        hanse_secret_wipe(buffer->data, buffer->capacity);
    hanse_buffer_release(buffer);
}

static enum hanse_status start(struct hanse_node *node, struct hanse_server *server, struct hanse_error *err)
{
    const char *listen = server->options.listen != NULL ? server->options.listen : "0.0.0.0:8443";
    struct hanse_buffer cert __attribute__((cleanup(hanse_buffer_release)));
    struct hanse_buffer key __attribute__((cleanup(wipe)));
    hanse_buffer_init(&cert, MAX_PEM_BYTES + 1);
    hanse_buffer_init(&key, MAX_PEM_BYTES + 1);
    enum hanse_status status = hanse_path_format(&server->node_dir, err, "%s", node->dir.text);
    if (status == HANSE_OK)
        status = hanse_layout_origin_hex(node->own_origins[0], server->first_own_hex, err);
    if (status == HANSE_OK)
        status = load_certificate(node, &server->options, &cert, &key, err);
    struct hanse_https_server_options options = {.listen = listen,
                                                 .certificate_pem = hanse_buffer_view(&cert),
                                                 .key_pem = hanse_buffer_view(&key),
                                                 .locate = locate,
                                                 .log = server->options.log != NULL ? log_request : NULL,
                                                 .context = server};
    if (status == HANSE_OK)
        status = hanse_https_server_start(&options, &server->https, err);
    if (status != HANSE_OK)
        return status;
    const char *colon = strrchr(listen, ':');
    (void)snprintf(server->url, sizeof server->url, "https://%.*s:%u/", (int)(colon - listen), listen,
                   (unsigned)hanse_https_server_port(server->https));
    return HANSE_OK;
}

enum hanse_status hanse_serve_start(struct hanse_node *node, const struct hanse_serve_options *options,
                                    struct hanse_server **out, struct hanse_error *err)
{
    if (node == NULL || out == NULL)
        return hanse_fail_null("node or out", err);
    if (options == NULL || options->version != 1)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "options of serve need version 1");
    struct hanse_server *server = hanse_alloc_zeroed(1, sizeof *server);
    if (server == NULL)
        return hanse_fail_memory(err);
    server->options = *options;
    enum hanse_status status = start(node, server, err);
    if (status != HANSE_OK) {
        hanse_free(server);
        return status;
    }
    *out = server;
    return HANSE_OK;
}

const char *hanse_server_url(const struct hanse_server *server)
{
    return server->url;
}

const char *hanse_server_pin(const struct hanse_server *server)
{
    return hanse_https_server_pin(server->https);
}

void hanse_server_stop(struct hanse_server *server)
{
    if (server == NULL)
        return;
    hanse_https_server_stop(server->https, GRACE_MS);
    hanse_free(server);
}
