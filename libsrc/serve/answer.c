/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/answer.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/plain_file.h"
#include "serve/conditions.h"
#include "serve/served_name.h"

enum { BLOCK_BYTES = 64 << 10 };

/* What of the file goes out; the response owns it. */
struct body {
    struct hanse_file file;
    uint64_t first;
    const struct hanse_answerer *answerer;
    struct hanse_exchange *exchange;
};

/* Everything that the headers of an answer are made of. */
struct target {
    struct hanse_file file;
    struct hanse_file_facts facts;
    enum hanse_feed_name_kind kind;
    char tag[HANSE_FILE_TAG_BYTES];
};

static const char *header_of(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static bool add(struct MHD_Response *response, const char *name, const char *value)
{
    return MHD_add_response_header(response, name, value) == MHD_YES;
}

/* Queues and forgets the response; NULL (out of memory) closes the connection. */
static enum MHD_Result send_response(const struct hanse_answerer *answerer, struct hanse_exchange *exchange,
                                     struct MHD_Connection *connection, unsigned status,
                                     struct MHD_Response *response)
{
    if (response == NULL)
        return MHD_NO;
    hanse_watchdog_answer(answerer->watchdog, exchange->watched);
    exchange->http_status = status;
    enum MHD_Result queued = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return queued;
}

static struct MHD_Response *empty_response(const char *name, const char *value)
{
    static char nothing[1];
    struct MHD_Response *response = MHD_create_response_from_buffer(0, nothing, MHD_RESPMEM_PERSISTENT);
    if (response != NULL && name != NULL && !add(response, name, value)) {
        MHD_destroy_response(response);
        return NULL;
    }
    return response;
}

static const char *cache_control_of(enum hanse_feed_name_kind kind)
{
    switch (kind) {
    case HANSE_FEED_NAME_CHECKPOINT:
    case HANSE_FEED_NAME_MANIFEST:
        return "max-age=5";
    case HANSE_FEED_NAME_TILE:
        return "max-age=31536000, immutable";
    default:
        return "max-age=60";
    }
}

static bool add_entity_headers(struct MHD_Response *response, const struct target *target)
{
    const char *type =
        target->kind == HANSE_FEED_NAME_CHECKPOINT ? "text/plain; charset=utf-8" : "application/octet-stream";
    return add(response, MHD_HTTP_HEADER_CONTENT_TYPE, type) &&
           add(response, MHD_HTTP_HEADER_CACHE_CONTROL, cache_control_of(target->kind)) &&
           add(response, MHD_HTTP_HEADER_ETAG, target->tag) &&
           add(response, "X-Content-Type-Options", "nosniff");
}

static bool add_content_range(struct MHD_Response *response, const struct hanse_range *range, uint64_t total)
{
    char text[80];
    if (range == NULL)
        (void)snprintf(text, sizeof text, "bytes */%llu", (unsigned long long)total);
    else
        (void)snprintf(text, sizeof text, "bytes %llu-%llu/%llu", (unsigned long long)range->first,
                       (unsigned long long)(range->first + range->size - 1), (unsigned long long)total);
    return add(response, MHD_HTTP_HEADER_CONTENT_RANGE, text);
}

static ssize_t read_body(void *context, uint64_t position, char *out, size_t size)
{
    struct body *body = context;
    size_t got = 0;
    /* The size was fixed in the headers: a file that was cut since cannot keep it. */
    if (hanse_plain_file_read_some(&body->file, body->first + position, (uint8_t *)out, size, &got, NULL) !=
            HANSE_OK ||
        got == 0)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    body->exchange->body_bytes += got;
    hanse_watchdog_sent(body->answerer->watchdog, body->exchange->watched, got);
    return (ssize_t)got;
}

static void free_body(void *context)
{
    struct body *body = context;
    hanse_file_close(&body->file);
    hanse_free(body);
}

/* Takes over the target's file. */
static struct MHD_Response *body_response(const struct hanse_answerer *answerer,
                                          struct hanse_exchange *exchange, struct target *target,
                                          const struct hanse_range *range)
{
    struct body *body = hanse_alloc(sizeof *body);
    if (body == NULL)
        return NULL;
    *body = (struct body){
        .file = target->file, .first = range->first, .answerer = answerer, .exchange = exchange};
    target->file.fd = -1;
    size_t block = range->size < BLOCK_BYTES ? (size_t)range->size : BLOCK_BYTES;
    struct MHD_Response *response =
        MHD_create_response_from_callback(range->size, block > 0 ? block : 1, read_body, body, free_body);
    if (response == NULL)
        free_body(body);
    return response;
}

static struct MHD_Response *checked_response(struct MHD_Response *response, bool good)
{
    if (response == NULL || good)
        return response;
    MHD_destroy_response(response);
    return NULL;
}

static ssize_t read_nothing(void *context, uint64_t position, char *out, size_t size)
{
    (void)context;
    (void)position;
    (void)out;
    (void)size;
    return MHD_CONTENT_READER_END_WITH_ERROR;
}

/* 304: Content-Length tells the size that a 200 would have (RFC 9110 section 8.6), a body never follows. */
static struct MHD_Response *unchanged_response(const struct target *target)
{
    struct MHD_Response *response =
        MHD_create_response_from_callback(target->facts.size_bytes, 1, read_nothing, NULL, NULL);
    bool good = response != NULL && add(response, MHD_HTTP_HEADER_ETAG, target->tag) &&
                add(response, MHD_HTTP_HEADER_CACHE_CONTROL, cache_control_of(target->kind));
    return checked_response(response, good);
}

static struct MHD_Response *unsatisfiable_response(uint64_t total)
{
    struct MHD_Response *response = empty_response(NULL, NULL);
    bool good = response != NULL && add_content_range(response, NULL, total);
    return checked_response(response, good);
}

static enum MHD_Result answer_file(const struct hanse_answerer *answerer, struct hanse_exchange *exchange,
                                   struct MHD_Connection *connection, struct target *target)
{
    if (hanse_tag_listed(header_of(connection, MHD_HTTP_HEADER_IF_NONE_MATCH), target->tag))
        return send_response(answerer, exchange, connection, MHD_HTTP_NOT_MODIFIED,
                             unchanged_response(target));
    const char *asked = header_of(connection, MHD_HTTP_HEADER_RANGE);
    if (!hanse_range_condition_holds(header_of(connection, MHD_HTTP_HEADER_IF_RANGE), target->tag))
        asked = NULL;
    uint64_t total = target->facts.size_bytes;
    struct hanse_range range;
    enum hanse_range_kind kind = hanse_range_of(asked, total, &range);
    if (kind == HANSE_RANGE_UNSATISFIABLE)
        return send_response(answerer, exchange, connection, MHD_HTTP_RANGE_NOT_SATISFIABLE,
                             unsatisfiable_response(total));
    struct MHD_Response *response = body_response(answerer, exchange, target, &range);
    bool good = response != NULL && add_entity_headers(response, target) &&
                (kind == HANSE_RANGE_WHOLE || add_content_range(response, &range, total));
    return send_response(answerer, exchange, connection,
                         kind == HANSE_RANGE_PART ? MHD_HTTP_PARTIAL_CONTENT : MHD_HTTP_OK,
                         checked_response(response, good));
}

static enum hanse_status open_target(const struct hanse_answerer *answerer,
                                     const struct hanse_exchange *exchange, struct target *target)
{
    struct hanse_served_name served;
    struct hanse_path dir;
    if (exchange->uri_cut || !hanse_served_name_of(exchange->uri, &served))
        return HANSE_NOT_FOUND;
    target->kind = served.kind;
    enum hanse_status status =
        answerer->locate(answerer->context, served.feed_hex, served.name, served.kind, &dir);
    if (status == HANSE_OK)
        status = hanse_plain_file_open(&target->file, dir.text, served.name, &target->facts, NULL);
    if (status == HANSE_OK)
        hanse_file_facts_tag(&target->facts, target->tag);
    return status;
}

static enum MHD_Result answer_get(const struct hanse_answerer *answerer, struct hanse_exchange *exchange,
                                  struct MHD_Connection *connection)
{
    struct target target = {.file = HANSE_FILE_CLOSED};
    enum hanse_status status = open_target(answerer, exchange, &target);
    if (status != HANSE_OK) {
        unsigned code = status == HANSE_NOT_FOUND ? MHD_HTTP_NOT_FOUND : MHD_HTTP_INTERNAL_SERVER_ERROR;
        return send_response(answerer, exchange, connection, code, empty_response(NULL, NULL));
    }
    enum MHD_Result result = answer_file(answerer, exchange, connection, &target);
    hanse_file_close(&target.file);
    return result;
}

/* A transfer coding or a length other than 0. Both at once is how requests are smuggled past proxies. */
static enum MHD_Result see_body_header(void *context, enum MHD_ValueKind kind, const char *name,
                                       const char *value)
{
    (void)kind;
    bool *has_body = context;
    if (strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0 ||
        (strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0 && (value == NULL || strcmp(value, "0") != 0)))
        *has_body = true;
    return MHD_YES;
}

static enum MHD_Result refuse(const struct hanse_answerer *answerer, struct hanse_exchange *exchange,
                              struct MHD_Connection *connection, unsigned status, const char *allow)
{
    struct MHD_Response *response = empty_response(MHD_HTTP_HEADER_CONNECTION, "close");
    bool good = response != NULL && (allow == NULL || add(response, MHD_HTTP_HEADER_ALLOW, allow));
    return send_response(answerer, exchange, connection, status, checked_response(response, good));
}

enum MHD_Result hanse_answer(const struct hanse_answerer *answerer, struct hanse_exchange *exchange,
                             struct MHD_Connection *connection, const char *method)
{
    if (exchange->headers_seen)
        return answer_get(answerer, exchange, connection);
    exchange->headers_seen = true;
    (void)snprintf(exchange->method, sizeof exchange->method, "%s", method);
    bool has_body = false;
    (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, see_body_header, &has_body);
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return refuse(answerer, exchange, connection, MHD_HTTP_METHOD_NOT_ALLOWED, "GET, HEAD");
    if (has_body)
        return refuse(answerer, exchange, connection, MHD_HTTP_BAD_REQUEST, NULL);
    return MHD_YES;
}
