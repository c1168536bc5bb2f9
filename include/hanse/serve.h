/* SPDX-License-Identifier: Apache-2.0 */
/* An HTTPS server of what a node holds. */
#ifndef HANSE_SERVE_H
#define HANSE_SERVE_H

#include <hanse/node.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hanse_server;

struct hanse_serve_options {
    uint32_t version;   /* 1 */
    const char *listen; /* "ADDR:PORT" or "[ADDR]:PORT"; port 0 picks a free one; NULL: "0.0.0.0:8443" */
    const char
        *tls_cert; /* PEM files; both NULL: a self-signed certificate is made once and kept in private/ */
    const char *tls_key;
    /* Called for each answered request, from the server's threads, several at once; NULL ok. The target is as
     * it came, untrusted and maybe cut; address is the client's; bytes are those of the body. */
    void (*log)(void *context, const char *address, const char *method, const char *target, unsigned status,
                uint64_t bytes);
    void *context;
};
/* Serves the files of public/ until stopped, from threads of its own: the node may be used and may change
 * meanwhile. HANSE_IO: cannot listen there; HANSE_NOT_FOUND, HANSE_MALFORMED: certificate or key;
 * HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_serve_start(struct hanse_node *node,
                                                               const struct hanse_serve_options *options,
                                                               struct hanse_server **out,
                                                               struct hanse_error *err);
/* "https://ADDR:PORT/" with the port in use, and "sha256//..." of its certificate; the server's. */
HANSE_API const char *hanse_server_url(const struct hanse_server *server);
HANSE_API const char *hanse_server_pin(const struct hanse_server *server);
/* Finishes the answers under way (a few seconds at most) and frees. NULL does nothing. */
HANSE_API void hanse_server_stop(struct hanse_server *server);

#ifdef __cplusplus
}
#endif

#endif
