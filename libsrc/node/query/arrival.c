/* SPDX-License-Identifier: Apache-2.0 */
/* What came into the node, in the order in which it came. */
#include <hanse/arrival.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "feed/verifier.h"
#include "index/arrival.h"
#include "node/held_item.h"
#include "node/reason.h"
#include "wire/header.h"

enum { CURSOR_BYTES = 64, TOKEN_DIGITS = 2 * HANSE_INDEX_TOKEN_BYTES };

/* Where to go on: at an entry of an arrival. */
struct place {
    uint64_t sequence;
    uint64_t entry_index;
};

struct listing {
    struct hanse_node *node;
    hanse_arrival_visit *visit;
    void *context;
    struct hanse_open_feed open;
    char token[TOKEN_DIGITS + 1];
    uint64_t sequence;        /* of the arrival being told */
    uint64_t resume;          /* the entry at which to go on when what is being told was taken */
    const char *erase_reason; /* while the targets of an ERASE entry are told; else NULL */
    bool erasing;
    /* The target met last: told when it is known whether it is the last one. */
    bool has_target;
    struct hanse_index_range_entry target;
    char origin[HANSE_MAX_ORIGIN_BYTES + 1];
};

static void write_cursor(const struct listing *it, struct place place, char out[CURSOR_BYTES])
{
    (void)snprintf(out, CURSOR_BYTES, "%s-%" PRIu64 "-%" PRIu64, it->token, place.sequence,
                   place.entry_index);
}

static bool read_number(const char **text, uint64_t *out)
{
    if (**text != '-')
        return false;
    size_t digits = strspn(*text + 1, "0123456789");
    bool ok = hanse_decimal_decode(hanse_bytes_of((const uint8_t *)*text + 1, digits), out);
    *text += 1 + digits;
    return ok;
}

/* Whether no arrival reaches so far: such a cursor was never given out, and would pass over what comes. */
static enum hanse_status check_end(const struct listing *it, struct place place, uint64_t last,
                                   const char *text, struct hanse_error *err)
{
    struct hanse_index_arrival arrival = {.sequence = 0};
    bool is_beyond = place.sequence > last && place.entry_index > 0;
    enum hanse_status status = HANSE_NOT_FOUND;
    if (place.sequence <= last)
        status = hanse_index_arrival_next(it->node->index, place.sequence, &arrival, err);
    if (status == HANSE_OK && arrival.sequence == place.sequence && arrival.origin == NULL)
        is_beyond = place.entry_index > arrival.beyond;
    if (is_beyond)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "cursor \"%.80s\" is beyond the end: start from the last one that was given", text);
    return status == HANSE_NOT_FOUND ? HANSE_OK : status;
}

static enum hanse_status read_cursor(struct listing *it, const char *text, struct place *out,
                                     struct hanse_error *err)
{
    uint8_t token[HANSE_INDEX_TOKEN_BYTES];
    uint64_t last = 0;
    enum hanse_status status = hanse_index_token(it->node->index, token, err);
    if (status == HANSE_OK)
        status = hanse_index_arrival_last(it->node->index, &last, err);
    if (status != HANSE_OK)
        return status;
    hanse_hex_encode(hanse_bytes_of(token, sizeof token), it->token);
    *out = (struct place){.sequence = 1};
    if (text == NULL || *text == '\0')
        return HANSE_OK;
    size_t digits = strspn(text, "0123456789abcdef");
    const char *rest = text + digits;
    if (digits != TOKEN_DIGITS || !read_number(&rest, &out->sequence) ||
        !read_number(&rest, &out->entry_index) || *rest != '\0')
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "\"%.80s\" is no cursor", text);
    if (strncmp(text, it->token, TOKEN_DIGITS) != 0 || out->sequence > last + 1)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "cursor \"%.80s\" is of an index that is no more: it was made anew or restored",
                          text);
    return check_end(it, *out, last, text, err);
}

static const char *change_name(const struct listing *it, const struct hanse_index_range_entry *entry)
{
    if (it->erasing)
        return "erase";
    return entry->operation == HANSE_OPERATION_PUT ? "put" : "withdraw";
}

/* The header of an entry of the feed that is open, or will be. */
static enum hanse_status read_header(struct listing *it, const struct hanse_index_record *record,
                                     struct hanse_arena *arena, struct hanse_header *out,
                                     struct hanse_error *err)
{
    const struct hanse_frame_entry *entry;
    struct hanse_digest leaf;
    enum hanse_status status = HANSE_OK;
    for (int attempt = 0; attempt < 2; attempt++) {
        status = hanse_open_feed_use(it->node, &it->open, record->feed_id, record->origin, err);
        if (status == HANSE_OK)
            status = hanse_entry_reader_get(it->open.reader, record->entry_index, &entry, &leaf, err);
        if (status != HANSE_NOT_FOUND && status != HANSE_TRUNCATED)
            break;
        hanse_open_feed_close(&it->open);
    }
    return status == HANSE_OK ? hanse_header_decode(entry->header, arena, out, err) : status;
}

static enum hanse_status read_reason(struct listing *it, const struct hanse_index_record *record,
                                     const char **out, struct hanse_error *err)
{
    struct hanse_header header;
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 1u << 20);
    enum hanse_status status = read_header(it, record, &arena, &header, err);
    if (status == HANSE_OK)
        *out = hanse_reason_name(header.reason);
    return status;
}

/* A revision to the visitor: as it came, or as one whose content is erased. */
static enum hanse_status tell_revision(struct listing *it, const struct hanse_index_range_entry *entry,
                                       struct hanse_error *err)
{
    char cursor[CURSOR_BYTES];
    struct hanse_held_item item = {0};
    const char *reason = it->erase_reason;
    write_cursor(it, (struct place){it->sequence, it->resume}, cursor);
    enum hanse_status status = hanse_held_item_fill_again(it->node, &it->open, &entry->record, &item, err);
    if (status == HANSE_OK && !it->erasing && entry->operation == HANSE_OPERATION_WITHDRAW)
        status = read_reason(it, &entry->record, &reason, err);
    if (status == HANSE_OK) {
        const struct hanse_arrival arrival = {.cursor = cursor,
                                              .change = change_name(it, entry),
                                              .origin = item.public.origin,
                                              .id = item.public.id,
                                              .revision = item.public.revision,
                                              .entry_index = item.public.entry_index,
                                              .kind = item.public.kind,
                                              .published_unix_s = item.public.published_unix_s,
                                              .audience = item.public.audience,
                                              .current = entry->current,
                                              .reason = reason,
                                              .payload_state = item.public.payload_state,
                                              .record = it->erasing ? NULL : item.record};
        status = it->visit(it->context, &arrival, err);
    }
    hanse_record_free(item.record);
    return status;
}

static enum hanse_status tell_target(struct listing *it, struct hanse_error *err)
{
    if (!it->has_target)
        return HANSE_OK;
    it->has_target = false;
    return tell_revision(it, &it->target, err);
}

static enum hanse_status keep_target(void *context, const struct hanse_index_range_entry *entry,
                                     struct hanse_error *err)
{
    struct listing *it = context;
    if (entry->operation != HANSE_OPERATION_PUT || entry->verdict != HANSE_ENTRY_VALID ||
        !entry->has_record_id)
        return HANSE_OK;
    enum hanse_status status = tell_target(it, err);
    (void)snprintf(it->origin, sizeof it->origin, "%s", entry->record.origin);
    it->target = *entry;
    it->target.record.origin = it->origin;
    it->has_target = true;
    return status;
}

/* The targets of an ERASE entry, one by one. The cursor stays before the entry until the last of them: who is
 * killed among them is told all of them again. */
static enum hanse_status tell_erasure(struct listing *it, const struct hanse_index_range_entry *entry,
                                      struct hanse_error *err)
{
    struct hanse_header header;
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 16u << 20);
    enum hanse_status status = read_header(it, &entry->record, &arena, &header, err);
    if (status != HANSE_OK)
        return status;
    it->resume = entry->record.entry_index;
    it->erase_reason = hanse_reason_name(header.reason);
    it->erasing = true;
    for (size_t i = 0; i < header.erased_count && status == HANSE_OK; i++)
        status =
            hanse_index_entry_range(it->node->index, entry->record.feed_id, header.erased[i].first,
                                    header.erased[i].first + header.erased[i].count, keep_target, it, err);
    it->resume = entry->record.entry_index + 1;
    if (status == HANSE_OK)
        status = tell_target(it, err);
    it->erase_reason = NULL;
    it->erasing = false;
    return status;
}

static enum hanse_status visit_entry(void *context, const struct hanse_index_range_entry *entry,
                                     struct hanse_error *err)
{
    struct listing *it = context;
    if (entry->verdict != HANSE_ENTRY_VALID)
        return HANSE_OK;
    if (entry->operation == HANSE_OPERATION_ERASE)
        return tell_erasure(it, entry, err);
    if (!entry->has_record_id)
        return HANSE_OK;
    it->resume = entry->record.entry_index + 1;
    return tell_revision(it, entry, err);
}

static enum hanse_status tell_gone(struct listing *it, const char *origin, struct hanse_error *err)
{
    char cursor[CURSOR_BYTES];
    write_cursor(it, (struct place){it->sequence + 1, 0}, cursor);
    const struct hanse_arrival arrival = {.cursor = cursor, .change = "unfollow", .origin = origin};
    return it->visit(it->context, &arrival, err);
}

static enum hanse_status tell_from(struct listing *it, struct place place, struct hanse_error *err)
{
    for (;;) {
        struct hanse_index_arrival arrival;
        struct hanse_error none;
        enum hanse_status status = hanse_index_arrival_next(it->node->index, place.sequence, &arrival, &none);
        if (status == HANSE_NOT_FOUND)
            return HANSE_OK;
        if (status != HANSE_OK) {
            if (err != NULL)
                *err = none;
            return status;
        }
        bool begun = arrival.sequence == place.sequence && place.entry_index > arrival.first;
        it->sequence = arrival.sequence;
        if (arrival.origin != NULL) {
            char origin[HANSE_MAX_ORIGIN_BYTES + 1];
            (void)snprintf(origin, sizeof origin, "%s", arrival.origin);
            status = tell_gone(it, origin, err);
        } else {
            status = hanse_index_entry_range(it->node->index, arrival.feed_id,
                                             begun ? place.entry_index : arrival.first, arrival.beyond,
                                             visit_entry, it, err);
        }
        if (status != HANSE_OK)
            return status;
        place = (struct place){.sequence = arrival.sequence + 1};
    }
}

enum hanse_status hanse_arrival_list(struct hanse_node *node, const char *after, hanse_arrival_visit *visit,
                                     void *context, struct hanse_error *err)
{
    if (node == NULL || visit == NULL)
        return hanse_fail_null("node or visit", err);
    struct listing it = {.node = node, .visit = visit, .context = context};
    struct place place;
    enum hanse_status status = read_cursor(&it, after, &place, err);
    if (status == HANSE_OK)
        status = tell_from(&it, place, err);
    hanse_open_feed_close(&it.open);
    return status;
}
