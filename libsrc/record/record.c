/* SPDX-License-Identifier: Apache-2.0 */
/* Records as a whole: made, decoded, serialized; their kinds. */
#include "record/record.h"

#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"

/* The field of the body; NULL for a number that is no kind of this build. */
static const struct hanse_field *body_field(uint32_t kind)
{
    return kind >= HANSE_FIRST_KIND ? hanse_schema_find_number(hanse_schema_record(), kind) : NULL;
}

const char *hanse_kind_name(uint32_t number)
{
    const struct hanse_field *field = body_field(number);
    return field != NULL ? hanse_schema_name(hanse_field_message(field)) : NULL;
}

uint32_t hanse_kind_number(const char *name)
{
    const struct hanse_schema *schema = hanse_schema_record();
    for (size_t i = 0; name != NULL && i < hanse_schema_field_count(schema); i++) {
        const struct hanse_field *field = hanse_schema_field(schema, i);
        uint32_t number = hanse_field_number(field);
        if (number >= HANSE_FIRST_KIND &&
            strcasecmp(hanse_schema_name(hanse_field_message(field)), name) == 0)
            return number;
    }
    return 0;
}

/* The name that is nearest to a mistyped one, static; NULL if none is near. */
static const char *near_kind(const char *wanted)
{
    const struct hanse_schema *schema = hanse_schema_record();
    const char *nearest = NULL;
    size_t least = 4;
    for (size_t i = 0; i < hanse_schema_field_count(schema); i++) {
        const struct hanse_field *field = hanse_schema_field(schema, i);
        if (hanse_field_number(field) < HANSE_FIRST_KIND)
            continue;
        const char *name = hanse_schema_name(hanse_field_message(field));
        size_t mistakes = hanse_text_distance(hanse_bytes_of_text(wanted), hanse_bytes_of_text(name));
        if (mistakes < least && mistakes < strlen(name)) {
            least = mistakes;
            nearest = name;
        }
    }
    return nearest;
}

enum hanse_status hanse_kind_fail(const char *name, struct hanse_error *err)
{
    const char *nearest = near_kind(name);
    return hanse_fail(err, HANSE_NOT_FOUND, "there is no kind of record \"%.64s\"%s%s%s", name,
                      nearest != NULL ? "; did you mean \"" : "", nearest != NULL ? nearest : "",
                      nearest != NULL ? "\"" : "");
}

bool hanse_kind_is_personal(uint32_t number)
{
    static const uint32_t contact_point = 19;
    return number == contact_point;
}

struct bodies {
    size_t count;
    uint32_t kind; /* number of the last one */
    bool has_scalar;
};

static void count_body(struct bodies *bodies, uint32_t number)
{
    bodies->kind = number;
    bodies->count++;
}

static struct bodies find_bodies(const struct hanse_part *root)
{
    const struct hanse_schema *schema = hanse_schema_record();
    struct bodies bodies = {0};
    for (size_t i = 0; i < hanse_schema_field_count(schema); i++) {
        const struct hanse_field *field = hanse_schema_field(schema, i);
        if (hanse_field_number(field) >= HANSE_FIRST_KIND && hanse_part_count(root, field) > 0)
            count_body(&bodies, hanse_field_number(field));
    }
    for (size_t i = 0; i < hanse_part_unknown_count(root); i++) {
        if (hanse_part_unknown_number(root, i) < HANSE_FIRST_KIND)
            continue;
        count_body(&bodies, hanse_part_unknown_number(root, i));
        bodies.has_scalar = bodies.has_scalar || !hanse_part_unknown_is_sized(root, i);
    }
    return bodies;
}

/* Takes nothing; for hanse_record_wrap. */
static enum hanse_status make_record(struct hanse_message *message, struct hanse_record **out,
                                     struct hanse_error *err)
{
    struct bodies bodies = find_bodies(hanse_message_root(message));
    uint64_t end = hanse_message_received(message).size;
    if (bodies.count != 1)
        return hanse_fail_at(err, HANSE_MALFORMED, end, "record is malformed: it has %s",
                             bodies.count == 0 ? "no body" : "more than one body");
    if (bodies.has_scalar)
        return hanse_fail_at(err, HANSE_MALFORMED, end, "record is malformed: its body is no message");
    struct hanse_record *record = hanse_alloc(sizeof *record);
    if (record == NULL)
        return hanse_fail_memory(err);
    *record = (struct hanse_record){.message = message, .kind = bodies.kind};
    hanse_buffer_init(&record->encoded, HANSE_MAX_RECORD_BYTES);
    *out = record;
    return HANSE_OK;
}

enum hanse_status hanse_record_wrap(struct hanse_message *message, struct hanse_record **out,
                                    struct hanse_error *err)
{
    enum hanse_status status = make_record(message, out, err);
    if (status != HANSE_OK)
        hanse_message_free(message);
    return status;
}

enum hanse_status hanse_record_new(const char *kind, struct hanse_record **out, struct hanse_error *err)
{
    if (kind == NULL || out == NULL)
        return hanse_fail_null("kind or out", err);
    const struct hanse_field *field = body_field(hanse_kind_number(kind));
    if (field == NULL)
        return hanse_kind_fail(kind, err);
    struct hanse_message *message = NULL;
    enum hanse_status status = hanse_message_new(hanse_schema_record(), &message, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_part *body = NULL;
    status = hanse_message_make(message, hanse_field_message(field), &body, err);
    if (status == HANSE_OK)
        status = hanse_message_attach(message, hanse_message_root(message), field, body, err);
    if (status != HANSE_OK) {
        hanse_message_free(message);
        return status;
    }
    return hanse_record_wrap(message, out, err);
}

enum hanse_status hanse_record_from_bytes(struct hanse_bytes bytes, struct hanse_record **out,
                                          struct hanse_error *err)
{
    if (out == NULL)
        return hanse_fail_null("out", err);
    struct hanse_message *message = NULL;
    enum hanse_status status = hanse_message_decode(hanse_schema_record(), bytes, &message, err);
    return status == HANSE_OK ? hanse_record_wrap(message, out, err) : status;
}

void hanse_record_free(struct hanse_record *record)
{
    if (record == NULL)
        return;
    hanse_buffer_release(&record->encoded);
    hanse_message_free(record->message);
    hanse_free(record);
}

const char *hanse_record_kind(const struct hanse_record *record)
{
    const char *name = hanse_kind_name(record->kind);
    return name != NULL ? name : "Unknown";
}

uint32_t hanse_record_kind_number(const struct hanse_record *record)
{
    return record->kind;
}

void hanse_record_changed(struct hanse_record *record)
{
    hanse_message_forget_received(record->message);
    hanse_buffer_clear(&record->encoded);
}

enum hanse_status hanse_record_bytes(struct hanse_record *record, struct hanse_bytes *out,
                                     struct hanse_error *err)
{
    if (record == NULL || out == NULL)
        return hanse_fail_null("record or out", err);
    struct hanse_bytes received = hanse_message_received(record->message);
    if (received.data != NULL) {
        *out = received;
        return HANSE_OK;
    }
    /* A record has a body, so no serialization is empty. */
    if (record->encoded.size == 0) {
        enum hanse_status status = hanse_message_encode(record->message, &record->encoded, err);
        if (status != HANSE_OK)
            return status;
    }
    *out = hanse_buffer_view(&record->encoded);
    return HANSE_OK;
}
