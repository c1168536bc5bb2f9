/* SPDX-License-Identifier: Apache-2.0 */
#include "node/publish/stage.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "crypto/random.h"
#include "node/uuid.h"
#include "wire/header.h"

enum { DIGEST_BYTES = 16 };

/* One record on its way into staging. */
struct staging_record {
    struct hanse_node *node;
    const struct hanse_feed_row *feed;
    struct hanse_record *record;
    uint8_t digest[DIGEST_BYTES];
    uint8_t id[16];
    bool known; /* id names a record that exists, staged or published */
};

bool hanse_stage_parse_id(const char *origin, const char *text, uint8_t out[16])
{
    size_t prefix = strlen("hanse:");
    size_t length = strlen(origin);
    if (strncmp(text, "hanse:", prefix) == 0) {
        if (strncmp(text + prefix, origin, length) != 0 || text[prefix + length] != '/')
            return false;
        text += prefix + length + 1;
    }
    uint8_t id[16];
    bool is_v7 = hanse_uuid_decode(text, id) && id[6] >> 4 == 7 && id[8] >> 6 == 2;
    if (is_v7) /* else readers would mark the entry as invalid */
        memcpy(out, id, sizeof id);
    return is_v7;
}

/* First record that a lookup visits, of the kind wanted. */
struct first_match {
    uint32_t kind;
    bool found;
    uint8_t id[16];
};

static enum hanse_status keep_first(void *context, const struct hanse_index_record *record,
                                    struct hanse_error *err)
{
    (void)err;
    struct first_match *match = context;
    if (!match->found && record->kind == match->kind) {
        match->found = true;
        memcpy(match->id, record->record_id, sizeof match->id);
    }
    return HANSE_OK;
}

static void take(struct staging_record *it, const uint8_t id[16])
{
    memcpy(it->id, id, sizeof it->id);
    it->known = true;
}

static enum hanse_status match_identifier(struct staging_record *it, const char *scheme, const char *value,
                                          struct hanse_error *err)
{
    uint8_t id[16];
    const char *origin = it->feed->feed.origin;
    uint32_t kind = hanse_record_kind_number(it->record);
    enum hanse_status status =
        hanse_staging_find_identifier(it->node->staging, origin, scheme, value, id, err);
    if (status == HANSE_OK) {
        struct hanse_staged_change staged;
        status = hanse_staging_get(it->node->staging, origin, id, &staged, err);
        if (status == HANSE_OK && staged.kind == kind)
            take(it, id);
    }
    if (it->known || (status != HANSE_OK && status != HANSE_NOT_FOUND))
        return status;
    struct first_match match = {.kind = kind};
    status = hanse_index_record_find_identifier(it->node->index, it->feed->feed.id, scheme, value, keep_first,
                                                &match, err);
    if (status == HANSE_OK && match.found)
        take(it, match.id);
    return status;
}

/* Calls `use` with each identifier of the record until one fails or `stop` is set. */
typedef enum hanse_status identifier_use(struct staging_record *it, const char *scheme, const char *value,
                                         struct hanse_error *err);

static enum hanse_status each_identifier(struct staging_record *it, identifier_use *use,
                                         struct hanse_error *err)
{
    size_t count = 0;
    enum hanse_status status = hanse_record_count(it->record, "header.identifiers", &count, err);
    for (size_t i = 0; i < count && status == HANSE_OK; i++) {
        char path[64];
        char *scheme = NULL;
        char *value = NULL;
        (void)snprintf(path, sizeof path, "header.identifiers[%zu].scheme", i);
        status = hanse_record_get(it->record, path, &scheme, err);
        (void)snprintf(path, sizeof path, "header.identifiers[%zu].value", i);
        if (status == HANSE_OK)
            status = hanse_record_get(it->record, path, &value, err);
        if (status == HANSE_OK)
            status = use(it, scheme, value, err);
        hanse_free(scheme);
        hanse_free(value);
        if (status == HANSE_NOT_FOUND)
            status = HANSE_OK;
    }
    return status;
}

static enum hanse_status match_if_unknown(struct staging_record *it, const char *scheme, const char *value,
                                          struct hanse_error *err)
{
    return it->known ? HANSE_OK : match_identifier(it, scheme, value, err);
}

static enum hanse_status match_content(struct staging_record *it, struct hanse_error *err)
{
    uint8_t id[16];
    enum hanse_status status =
        hanse_staging_find_digest(it->node->staging, it->feed->feed.origin, it->digest, id, err);
    if (status == HANSE_OK)
        take(it, id);
    if (status != HANSE_NOT_FOUND)
        return status;
    struct first_match match = {.kind = hanse_record_kind_number(it->record)};
    status = hanse_index_record_find_digest(it->node->index, it->feed->feed.id, it->digest, keep_first,
                                            &match, err);
    if (status == HANSE_OK && match.found)
        take(it, match.id);
    return status;
}

static enum hanse_status match_any(struct staging_record *it, struct hanse_error *err)
{
    enum hanse_status status = each_identifier(it, match_if_unknown, err);
    return status == HANSE_OK && !it->known ? match_content(it, err) : status;
}

/* Whose next revision this is: named, or by identifier, or by content, or a new record. */
static enum hanse_status find_identity(struct staging_record *it, const uint8_t *record_id,
                                       struct hanse_error *err)
{
    if (record_id != NULL) {
        take(it, record_id);
        return HANSE_OK;
    }
    enum hanse_status status = match_any(it, err);
    if (status == HANSE_OK && !it->known)
        status = hanse_uuid_make(hanse_clock_unix_ms(), it->id, err);
    return status;
}

/* What would be current if everything staged were published says the same already. A staged change that would
 * only restore what is published is dropped. */
static enum hanse_status check_unchanged(struct staging_record *it, bool *out, struct hanse_error *err)
{
    struct hanse_staged_change staged;
    struct hanse_index_record current;
    *out = false;
    enum hanse_status have_staged =
        hanse_staging_get(it->node->staging, it->feed->feed.origin, it->id, &staged, err);
    if (have_staged != HANSE_OK && have_staged != HANSE_NOT_FOUND)
        return have_staged;
    if (have_staged == HANSE_OK && staged.operation == HANSE_OPERATION_PUT &&
        memcmp(staged.digest, it->digest, DIGEST_BYTES) == 0) {
        *out = true;
        return HANSE_OK;
    }
    enum hanse_status status =
        hanse_index_record_get(it->node->index, it->feed->feed.id, it->id, &current, err);
    if (status == HANSE_NOT_FOUND)
        return HANSE_OK;
    *out = status == HANSE_OK && !current.withdrawn && current.has_digest &&
           memcmp(current.digest, it->digest, DIGEST_BYTES) == 0;
    if (*out && have_staged == HANSE_OK)
        status = hanse_staging_remove(it->node->staging, it->feed->feed.origin, it->id, err);
    return status;
}

static enum hanse_status remember_identifier(struct staging_record *it, const char *scheme, const char *value,
                                             struct hanse_error *err)
{
    return hanse_staging_identifier_add(it->node->staging, it->feed->feed.origin, it->id, scheme, value, err);
}

static enum hanse_status put_change(struct staging_record *it, struct hanse_bytes bytes,
                                    struct hanse_error *err)
{
    uint32_t kind = hanse_record_kind_number(it->record);
    struct hanse_staged_change change = {.origin = it->feed->feed.origin,
                                         .operation = HANSE_OPERATION_PUT,
                                         .audience = hanse_kind_is_personal(kind) ? HANSE_AUDIENCE_NETWORK
                                                                                  : HANSE_AUDIENCE_PUBLIC,
                                         .kind = kind,
                                         .published_unix_s = hanse_clock_unix_s(),
                                         .record = bytes};
    bool replaced;
    memcpy(change.record_id, it->id, sizeof change.record_id);
    memcpy(change.digest, it->digest, sizeof change.digest);
    enum hanse_status status = hanse_random_fill(change.salt, sizeof change.salt, err);
    if (status == HANSE_OK)
        status = hanse_staging_put(it->node->staging, &change, &replaced, err);
    return status == HANSE_OK ? each_identifier(it, remember_identifier, err) : status;
}

/* *out is a view of the record's bytes. */
static enum hanse_status take_bytes(struct staging_record *it, struct hanse_bytes *out,
                                    struct hanse_error *err)
{
    struct hanse_digest digest;
    enum hanse_status status = hanse_record_bytes(it->record, out, err);
    if (status == HANSE_OK)
        status = hanse_digest_compute(*out, &digest, err);
    if (status == HANSE_OK)
        memcpy(it->digest, digest.bytes, sizeof it->digest);
    return status;
}

enum hanse_status hanse_stage_identify(struct hanse_node *node, const struct hanse_feed_row *feed,
                                       const char *scheme, const char *value, struct hanse_record *record,
                                       uint8_t out_record_id[16], bool *out_found, struct hanse_error *err)
{
    struct staging_record it = {.node = node, .feed = feed, .record = record};
    struct hanse_bytes bytes;
    struct hanse_error own; /* as in hanse_stage_record */
    enum hanse_status status = take_bytes(&it, &bytes, &own);
    if (status == HANSE_OK)
        status = match_identifier(&it, scheme, value, &own);
    if (status == HANSE_OK && !it.known)
        status = match_any(&it, &own);
    if (status != HANSE_OK) {
        if (err != NULL)
            *err = own;
        return status;
    }
    *out_found = it.known;
    if (it.known)
        memcpy(out_record_id, it.id, sizeof it.id);
    return HANSE_OK;
}

static enum hanse_status stage_record(struct hanse_node *node, const struct hanse_feed_row *feed,
                                      const uint8_t *record_id, struct hanse_record *record,
                                      enum hanse_stage_outcome *out_outcome, uint8_t out_record_id[16],
                                      struct hanse_error *err)
{
    struct staging_record it = {.node = node, .feed = feed, .record = record};
    struct hanse_bytes bytes;
    bool unchanged = false;
    enum hanse_status status = take_bytes(&it, &bytes, err);
    if (status == HANSE_OK)
        status = find_identity(&it, record_id, err);
    if (status == HANSE_OK && it.known)
        status = check_unchanged(&it, &unchanged, err);
    if (status == HANSE_OK && !unchanged)
        status = put_change(&it, bytes, err);
    if (status == HANSE_OK) {
        *out_outcome = unchanged ? HANSE_STAGE_UNCHANGED : HANSE_STAGED;
        memcpy(out_record_id, it.id, sizeof it.id);
    }
    return status;
}

enum hanse_status hanse_stage_begin(struct hanse_node *node, const char *origin, struct hanse_file *lock,
                                    struct hanse_feed_row *feed, struct hanse_error *err)
{
    enum hanse_status status = hanse_node_lock(node, lock, err);
    if (status == HANSE_OK)
        status = hanse_feed_row_get(node, origin, feed, err);
    return status == HANSE_OK ? hanse_staging_begin(node->staging, err) : status;
}

enum hanse_status hanse_stage_record(struct hanse_node *node, const struct hanse_feed_row *feed,
                                     const uint8_t *record_id, struct hanse_record *record,
                                     enum hanse_stage_outcome *out_outcome, uint8_t out_record_id[16],
                                     struct hanse_error *err)
{
    /* Looking for what is not there fills an error; the caller's stays untouched unless this fails. */
    struct hanse_error own;
    enum hanse_status status = stage_record(node, feed, record_id, record, out_outcome, out_record_id, &own);
    if (status != HANSE_OK && err != NULL)
        *err = own;
    return status;
}

enum hanse_status hanse_stage_full_name(const char *origin, const uint8_t id[16], char **out,
                                        struct hanse_error *err)
{
    char uuid[HANSE_UUID_TEXT_BYTES];
    struct hanse_buffer text __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&text, 512);
    hanse_uuid_encode(id, uuid);
    enum hanse_status status = hanse_buffer_append_format(&text, err, "hanse:%s/%s", origin, uuid);
    return status == HANSE_OK ? hanse_buffer_detach_text(&text, out, err) : status;
}

enum hanse_status hanse_stage_put(struct hanse_node *node, const char *origin, const char *uuid,
                                  struct hanse_record *record, enum hanse_stage_outcome *out_outcome,
                                  char **out_id, struct hanse_error *err)
{
    if (node == NULL || record == NULL)
        return hanse_fail_null("node or record", err);
    uint8_t named[16];
    uint8_t id[16];
    HANSE_SCOPED_FILE struct hanse_file lock = HANSE_FILE_CLOSED;
    HANSE_SCOPED_ROW struct hanse_feed_row feed = {0};
    enum hanse_stage_outcome outcome = HANSE_STAGED;
    enum hanse_status status = hanse_node_own_origin(node, origin, &origin, err);
    if (status == HANSE_OK && uuid != NULL && !hanse_stage_parse_id(origin, uuid, named))
        status = hanse_fail(err, HANSE_INVALID_ARGUMENT, "\"%.128s\" is no id of a record of \"%s\"", uuid,
                            origin);
    if (status == HANSE_OK)
        status = hanse_record_validate(record, NULL, NULL, err);
    if (status == HANSE_OK)
        status = hanse_stage_begin(node, origin, &lock, &feed, err);
    if (status != HANSE_OK)
        return status;
    char *name = NULL;
    status = hanse_stage_record(node, &feed, uuid != NULL ? named : NULL, record, &outcome, id, err);
    if (status == HANSE_OK && out_id != NULL)
        status = hanse_stage_full_name(origin, id, &name, err);
    if (status == HANSE_OK)
        status = hanse_staging_commit(node->staging, err);
    if (status != HANSE_OK) {
        hanse_staging_rollback(node->staging);
        hanse_free(name);
        return status;
    }
    if (out_id != NULL)
        *out_id = name;
    if (out_outcome != NULL)
        *out_outcome = outcome;
    return HANSE_OK;
}

enum hanse_status hanse_stage_count(struct hanse_node *node, const char *origin, uint64_t *out,
                                    struct hanse_error *err)
{
    if (node == NULL || out == NULL)
        return hanse_fail_null("node or out", err);
    enum hanse_status status = hanse_node_own_origin(node, origin, &origin, err);
    return status == HANSE_OK ? hanse_staging_count(node->staging, origin, out, err) : status;
}
