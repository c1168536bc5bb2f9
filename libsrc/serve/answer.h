/* SPDX-License-Identifier: Apache-2.0 */
/* The answer to one request for a file of a feed. Internal to serve/. */
#ifndef HANSE_SERVE_ANSWER_H
#define HANSE_SERVE_ANSWER_H

/* Before microhttpd.h, which needs these. */
#include <sys/socket.h>
#include <sys/types.h>

#include <microhttpd.h>

#include "serve/https_server.h"
#include "serve/watchdog.h"

/* A '/', 64 hex digits, a '/', and a name: what is longer is none of ours. */
#define HANSE_SERVED_URI_BYTES (1 + 64 + 1 + HANSE_FEED_NAME_BYTES)

/* One request, from its request line until its answer is through. */
struct hanse_exchange {
    char uri[HANSE_SERVED_URI_BYTES]; /* as it came, cut: nothing in it was decoded */
    char method[16];
    bool uri_cut;
    bool headers_seen;
    struct hanse_watched *watched;
    unsigned http_status; /* 0: not answered by us */
    uint64_t body_bytes;
};

struct hanse_answerer {
    hanse_https_server_locate *locate;
    void *context;
    struct hanse_watchdog *watchdog;
};

/* Called for the headers and once more after them; MHD_NO closes the connection. */
enum MHD_Result hanse_answer(const struct hanse_answerer *answerer, struct hanse_exchange *exchange,
                             struct MHD_Connection *connection, const char *method);

#endif
