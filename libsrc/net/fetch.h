/* SPDX-License-Identifier: Apache-2.0 */
/* Fetching the files of feeds over HTTPS or from a folder (docs/protocol.md section 5): many at once over one
 * pool of connections, each body handed over in pieces. What an answer means is judged elsewhere. One fetcher
 * serves one thread. */
#ifndef HANSE_NET_FETCH_H
#define HANSE_NET_FETCH_H

#include <stdbool.h>

#include <hanse/status.h>

#define HANSE_ETAG_BYTES 128 /* a longer ETag is treated as none */
#define HANSE_SIZE_UNKNOWN UINT64_MAX

struct hanse_fetcher;

/* 0 in a field means its default. */
struct hanse_fetcher_options {
    const char *user_agent;        /* such as "hanse/1.0.0" ("hanse") */
    unsigned max_active;           /* requests under way at once; the others wait in order (64) */
    unsigned max_host_connections; /* to one host and port (6) */
};

enum hanse_fetch_answer {
    HANSE_FETCH_NONE = 0,  /* failed: see error */
    HANSE_FETCH_PART,      /* 206, or 200 to a request from offset 0: the body is what was asked */
    HANSE_FETCH_WHOLE,     /* 200 to a request with an offset; the bytes before it were skipped here */
    HANSE_FETCH_UNCHANGED, /* 304: the etag still holds */
    HANSE_FETCH_PAST_END   /* 416, or a whole file that ends at or before the offset: no body */
};

/* Where a request over https: failed. */
enum hanse_fetch_stage {
    HANSE_FETCH_AT_NONE = 0, /* it did not, or before anything was asked */
    HANSE_FETCH_AT_PROXY,
    HANSE_FETCH_AT_NAME,       /* DNS */
    HANSE_FETCH_AT_CONNECTION, /* or no TLS within the time for both */
    HANSE_FETCH_AT_TLS,
    HANSE_FETCH_AT_PIN,
    HANSE_FETCH_AT_CERTIFICATE,
    HANSE_FETCH_AT_ANSWER
};

struct hanse_fetch_result {
    struct hanse_error error; /* status HANSE_OK with each answer but NONE */
    enum hanse_fetch_answer answer;
    bool stopped;           /* the body callback had enough */
    bool transient;         /* failed for a reason that may pass: another attempt is worth it */
    int http_status;        /* 0 without an answer, and for `file:` */
    uint64_t body_bytes;    /* handed to the body callback */
    uint64_t total_bytes;   /* size of the whole file, or HANSE_SIZE_UNKNOWN */
    uint64_t wire_bytes;    /* headers and body as received, without TLS */
    unsigned requests;      /* sent for this result */
    uint64_t retry_after_s; /* what the server asked for; 0 if nothing */
    enum hanse_fetch_stage failed_at;
    uint64_t date_unix_s;              /* the server's clock by its answer; 0 if it does not say */
    uint64_t certificate_until_unix_s; /* when asked for, and the connection is new; 0 if not known */
    char etag[HANSE_ETAG_BYTES];       /* with its quotes; empty if none */
};

/* The next bytes, from the request's offset on. Setting *stop ends the transfer as a success; any status but
 * HANSE_OK ends it with that status and *err as its error (HANSE_CANCELLED if the user asked to stop). */
typedef enum hanse_status hanse_fetch_body(void *context, struct hanse_bytes piece, bool *stop,
                                           struct hanse_error *err);
/* Called once for each request added, from within a step; may add requests, must not free the fetcher. */
typedef void hanse_fetch_done(void *context, const struct hanse_fetch_result *result);

/* Everything but the callbacks' context is copied. 0, NULL and false in a field mean its default. */
struct hanse_fetch_request {
    const char *base_url; /* "https://host/path/" or "file:///folder/" */
    const char *name;     /* by the grammar of feed/feed_name.h */
    uint64_t offset;      /* first byte wanted */
    uint64_t end;         /* one past the last byte wanted; 0: to the end of the file */
    uint64_t max_bytes;   /* of body from the offset on; more is HANSE_LIMIT. Must be set. */
    const char *etag;     /* asks for UNCHANGED if the file still has it */
    bool no_cache;        /* caches on the way must ask the origin */
    bool certificate;     /* tell about the server's certificate */
    bool bulk;            /* a segment: HTTP/1.1, since slow readers of HTTP/2 streams pile up memory */
    const char *pins;     /* "sha256//...", two at most, joined by ";": they alone decide about TLS */
    const char *ca_file;  /* PEM; NULL: the system's authorities. Unused beside pins; read
                           * once in the life of a fetcher. */
    unsigned connect_timeout_ms; /* (10,000) */
    unsigned stall_timeout_s;    /* less than a hundred bytes a second for so long is unreachable (30) */
    hanse_fetch_body *on_body;   /* NULL: the body is counted only */
    hanse_fetch_done *on_done;   /* NULL: nobody is told */
    void *context;
};

/* HANSE_NO_MEMORY, HANSE_UNSUPPORTED (the HTTP library lacks TLS). options may be NULL. */
HANSE_MUST_CHECK enum hanse_status hanse_fetcher_new(const struct hanse_fetcher_options *options,
                                                     struct hanse_fetcher **out, struct hanse_error *err);
/* What has not ended is dropped without a call of on_done. NULL does nothing. */
void hanse_fetcher_free(struct hanse_fetcher *fetcher);

/* HANSE_INVALID_ARGUMENT: the URL is neither https: nor file: or has a user, query or fragment, the name is
 * outside the grammar, a pin is misspelt, or end is not above offset; HANSE_NO_MEMORY. Nothing is added then
 * and on_done not called. */
HANSE_MUST_CHECK enum hanse_status hanse_fetcher_add(struct hanse_fetcher *fetcher,
                                                     const struct hanse_fetch_request *request,
                                                     struct hanse_error *err);
/* Moves what can move, waiting up to timeout_ms for it; *left is the number of requests that have not ended.
 * HANSE_NO_MEMORY, HANSE_IO: the multiplexer itself broke. */
HANSE_MUST_CHECK enum hanse_status hanse_fetcher_step(struct hanse_fetcher *fetcher, unsigned timeout_ms,
                                                      size_t *left, struct hanse_error *err);
/* Steps until nothing is left. Errors as of step. Neither of the two is to be called from a callback. */
HANSE_MUST_CHECK enum hanse_status hanse_fetcher_run(struct hanse_fetcher *fetcher, struct hanse_error *err);
/* Ends every request with HANSE_CANCELLED at the next step, or in the one that runs; may be called from a
 * callback. */
void hanse_fetcher_cancel(struct hanse_fetcher *fetcher);

/* One request from start to end, on_done unused; others added before move too. Not from a callback. Returns
 * result->error.status: HANSE_NOT_FOUND: 404 or 410; HANSE_UNREACHABLE: DNS, connection, TLS, redirect,
 * stall, any other HTTP status; HANSE_MALFORMED: a 206 with another range than asked, or headers over the
 * limit; HANSE_TRUNCATED: the body ended early; HANSE_LIMIT: over max_bytes; what on_body returned; and those
 * of add and step. */
HANSE_MUST_CHECK enum hanse_status hanse_fetch(struct hanse_fetcher *fetcher,
                                               const struct hanse_fetch_request *request,
                                               struct hanse_fetch_result *result, struct hanse_error *err);

#endif
