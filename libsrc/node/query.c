/* SPDX-License-Identifier: Apache-2.0 */
/* Reading records: the index says where, the feed's files say what, the tile's leaf says that it is so. */
#include <hanse/query.h>

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "feed/entry.h"
#include "node/feed_info.h"
#include "node/succession.h"
#include "node/uuid.h"

enum {
    ID_BYTES = 8 + HANSE_MAX_ORIGIN_BYTES + HANSE_UUID_TEXT_BYTES,
    MIN_PREFIX_DIGITS = 4,
    MAX_MATCHES = 16
};

/* The feed whose files are open; records come by feed, so one at a time is enough. */
struct open_feed {
    int64_t id;
    struct hanse_feed_row row;
    struct hanse_feed_store store;
    struct hanse_entry_reader *reader;
};

static void close_feed(struct open_feed *open)
{
    if (open->id == 0)
        return;
    hanse_entry_reader_free(open->reader);
    hanse_feed_store_release(&open->store);
    hanse_feed_row_release(&open->row);
    *open = (struct open_feed){0};
}

static enum hanse_status use_feed(struct hanse_node *node, struct open_feed *open, int64_t id,
                                  const char *origin, struct hanse_error *err)
{
    if (open->id == id)
        return HANSE_OK;
    close_feed(open);
    open->id = id;
    struct hanse_path dir;
    enum hanse_status status = hanse_feed_row_get(node, origin, &open->row, err);
    if (status == HANSE_OK)
        status = hanse_node_feed_dir(node, open->row.feed.origin, &dir, err);
    if (status == HANSE_OK)
        status = hanse_feed_store_open(&open->store, dir.text, err);
    if (status == HANSE_OK)
        status = hanse_entry_reader_new(&open->store, &open->reader, err);
    return status;
}

/* One record made ready for a visitor. */
struct item {
    struct hanse_item public;
    char id[ID_BYTES];
    struct hanse_record *record;
    struct hanse_digest leaf;
    struct hanse_digest commitment;
};

static const char *audience_name(uint32_t audience)
{
    static const char *const names[] = {"PUBLIC", "NETWORK", "PARTIES"};
    return audience < 3 ? names[audience] : "UNKNOWN";
}

static const char *payload_state_name(uint32_t state)
{
    static const char *const names[] = {"none", "present", "missing", "withheld", "erased"};
    return state < 5 ? names[state] : "unknown";
}

static enum hanse_status read_entry(struct open_feed *open, const struct hanse_index_record *found,
                                    struct item *item, struct hanse_error *err)
{
    const struct hanse_frame_entry *entry;
    struct hanse_bytes bytes;
    enum hanse_status status =
        hanse_entry_reader_get(open->reader, found->entry_index, &entry, &item->leaf, err);
    if (status != HANSE_OK)
        return status;
    memcpy(item->commitment.bytes, entry->commitment, sizeof item->commitment.bytes);
    if (entry->absent || entry->payload.size == 0 || found->audience == HANSE_AUDIENCE_PARTIES ||
        found->payload_state != HANSE_PAYLOAD_PRESENT) /* erased, and not destroyed yet */
        return HANSE_OK;
    status = hanse_payload_decode(entry->payload, found->audience, &bytes, err);
    return status == HANSE_OK ? hanse_record_from_bytes(bytes, &item->record, err) : status;
}

static enum hanse_status fill_item(struct hanse_node *node, struct open_feed *open,
                                   const struct hanse_index_record *found, struct item *item,
                                   struct hanse_error *err)
{
    char uuid[HANSE_UUID_TEXT_BYTES];
    struct hanse_index_record kept = *found;
    *item = (struct item){0};
    hanse_uuid_encode(kept.record_id, uuid);
    (void)snprintf(item->id, sizeof item->id, "hanse:%s/%s", kept.origin, uuid);
    enum hanse_status status = use_feed(node, open, kept.feed_id, kept.origin, err);
    if (status == HANSE_OK)
        status = read_entry(open, &kept, item, err);
    if (status != HANSE_OK)
        return hanse_fail_within(err, status, "record \"%s\"", item->id);
    const char *kind = hanse_kind_name(kept.kind);
    item->public = (struct hanse_item){.id = item->id,
                                       .origin = open->row.feed.origin,
                                       .own = open->row.feed.own,
                                       .revision = kept.revision,
                                       .entry_index = kept.entry_index,
                                       .kind = kind != NULL ? kind : "Unknown",
                                       .published_unix_s = kept.published_unix_s,
                                       .audience = audience_name(kept.audience),
                                       .withdrawn = kept.withdrawn,
                                       .payload_state = payload_state_name(kept.payload_state),
                                       .record = item->record};
    return HANSE_OK;
}

struct listing {
    struct hanse_node *node;
    hanse_item_visit *visit;
    void *context;
    struct open_feed open;
    struct hanse_succession succession;
};

static enum hanse_status visit_record(void *context, const struct hanse_index_record *record,
                                      struct hanse_error *err)
{
    struct listing *listing = context;
    struct hanse_index_record kept = *record;
    char origin[HANSE_MAX_ORIGIN_BYTES + 1];
    (void)snprintf(origin, sizeof origin, "%s", record->origin);
    kept.origin = origin;
    bool superseded = false;
    struct item item;
    enum hanse_status status =
        hanse_succession_check(listing->node, &listing->succession, &kept, &superseded, err);
    if (status != HANSE_OK || superseded)
        return status;
    status = fill_item(listing->node, &listing->open, &kept, &item, err);
    if (status == HANSE_OK)
        status = listing->visit(listing->context, &item.public, err);
    hanse_record_free(item.record);
    return status;
}

enum hanse_status hanse_query_list(struct hanse_node *node, const struct hanse_query *query,
                                   hanse_item_visit *visit, void *context, struct hanse_error *err)
{
    if (query == NULL || query->version != 1)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "query needs version 1");
    struct hanse_index_filter filter = {.since_unix_s = query->since_unix_s,
                                        .withdrawn_too = query->withdrawn_too};
    if (query->kind != NULL) {
        filter.kind = hanse_kind_number(query->kind);
        if (filter.kind == 0)
            return hanse_fail(err, HANSE_NOT_FOUND, "no kind of record is called \"%.64s\"", query->kind);
    }
    if (query->feed != NULL) {
        struct hanse_index_feed feed;
        enum hanse_status found = hanse_index_feed_get(node->index, query->feed, &feed, err);
        if (found != HANSE_OK)
            return found;
        filter.feed_id = feed.id;
    }
    struct listing listing = {.node = node, .visit = visit, .context = context};
    enum hanse_status status = hanse_index_record_list(node->index, &filter, visit_record, &listing, err);
    close_feed(&listing.open);
    return status;
}

/* What a name matched, copied: the index's views die. */
struct matches {
    struct hanse_index_record items[MAX_MATCHES];
    char origins[MAX_MATCHES][HANSE_MAX_ORIGIN_BYTES + 1];
    size_t count;
    size_t total;
    const char *origin; /* only of this feed; NULL: all */
};

static enum hanse_status keep_match(void *context, const struct hanse_index_record *record,
                                    struct hanse_error *err)
{
    (void)err;
    struct matches *matches = context;
    if (matches->origin != NULL && strcmp(matches->origin, record->origin) != 0)
        return HANSE_OK;
    matches->total++;
    if (matches->count < MAX_MATCHES) {
        (void)snprintf(matches->origins[matches->count], sizeof matches->origins[0], "%s", record->origin);
        matches->items[matches->count] = *record;
        matches->items[matches->count].origin = matches->origins[matches->count];
        matches->count++;
    }
    return HANSE_OK;
}

/* The digits of a UUID or of its beginning, hyphens left out; false if there are other characters or too few.
 */
static bool hex_digits(const char *text, char out[33])
{
    size_t count = 0;
    for (; *text != '\0'; text++) {
        if (*text == '-')
            continue;
        if (!isxdigit((unsigned char)*text) || count == 32)
            return false;
        out[count++] = (char)tolower((unsigned char)*text);
    }
    out[count] = '\0';
    return count >= MIN_PREFIX_DIGITS;
}

static enum hanse_status find_full_name(struct hanse_node *node, const char *name, struct matches *matches,
                                        struct hanse_error *err)
{
    char origin[HANSE_MAX_ORIGIN_BYTES + 1];
    char digits[33];
    const char *rest = name + strlen("hanse:");
    const char *slash = strrchr(rest, '/');
    if (slash == NULL || (size_t)(slash - rest) >= sizeof origin || !hex_digits(slash + 1, digits))
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "\"%.200s\" is no full name, which is hanse:<origin>/<uuid>", name);
    (void)snprintf(origin, sizeof origin, "%.*s", (int)(slash - rest), rest);
    matches->origin = origin;
    enum hanse_status status = hanse_index_record_find_prefix(node->index, digits, keep_match, matches, err);
    matches->origin = NULL;
    return status;
}

static enum hanse_status find_code(struct hanse_node *node, const char *name, struct matches *matches,
                                   struct hanse_error *err)
{
    const char *colon = strchr(name, ':');
    char scheme[64];
    if (colon == NULL || colon == name || (size_t)(colon - name) >= sizeof scheme)
        return hanse_fail(
            err, HANSE_INVALID_ARGUMENT,
            "\"%.200s\" is neither an id (at least %d of its digits) nor a code such as UNLOCODE:JPKKJ", name,
            MIN_PREFIX_DIGITS);
    (void)snprintf(scheme, sizeof scheme, "%.*s", (int)(colon - name), name);
    return hanse_index_record_find_identifier(node->index, 0, scheme, colon + 1, keep_match, matches, err);
}

static enum hanse_status find(struct hanse_node *node, const char *name, struct matches *matches,
                              struct hanse_error *err)
{
    char digits[33];
    enum hanse_status status;
    bool by_prefix = false;
    if (strncmp(name, "hanse:", 6) == 0) {
        by_prefix = true;
        status = find_full_name(node, name, matches, err);
    } else if (hex_digits(name, digits)) {
        by_prefix = true;
        status = hanse_index_record_find_prefix(node->index, digits, keep_match, matches, err);
    } else {
        status = find_code(node, name, matches, err);
    }
    if (status != HANSE_OK)
        return status;
    if (matches->total == 0)
        return hanse_fail(err, HANSE_NOT_FOUND,
                          "no record \"%.200s\" is held here; `hanse list` shows what is", name);
    if (by_prefix && matches->total > 1) {
        char first[HANSE_UUID_TEXT_BYTES];
        char second[HANSE_UUID_TEXT_BYTES];
        hanse_uuid_encode(matches->items[0].record_id, first);
        hanse_uuid_encode(matches->items[1].record_id, second);
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "\"%.64s\" is the beginning of %zu ids, such as %s and %s", name, matches->total,
                          first, second);
    }
    return HANSE_OK;
}

static enum hanse_status show(struct hanse_node *node, struct open_feed *open,
                              const struct hanse_index_record *found, hanse_show_visit *visit, void *context,
                              struct hanse_error *err)
{
    struct item item;
    struct hanse_feed_info info;
    struct hanse_buffer vkey __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&vkey, 512);
    enum hanse_status status = fill_item(node, open, found, &item, err);
    if (status == HANSE_OK)
        status = hanse_feed_info_fill(node, &open->row.feed, &vkey, &info, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_u8(&open->store.checkpoint, 0, err);
    if (status == HANSE_OK) {
        struct hanse_item_origin from = {.feed = &info,
                                         .tree_size = open->store.size,
                                         .checkpoint = (const char *)open->store.checkpoint.data};
        memcpy(from.root, open->store.root.bytes, sizeof from.root);
        memcpy(from.commitment, item.commitment.bytes, sizeof from.commitment);
        memcpy(from.leaf_hash, item.leaf.bytes, sizeof from.leaf_hash);
        status = visit(context, &item.public, &from, err);
    }
    hanse_record_free(item.record);
    return status;
}

enum hanse_status hanse_query_show(struct hanse_node *node, const char *name, hanse_show_visit *visit,
                                   void *context, struct hanse_error *err)
{
    struct matches *matches = hanse_alloc_zeroed(1, sizeof *matches);
    if (matches == NULL)
        return hanse_fail_memory(err);
    enum hanse_status status = find(node, name, matches, err);
    for (size_t i = 0; i < matches->count && status == HANSE_OK; i++) {
        struct open_feed open = {0};
        status = show(node, &open, &matches->items[i], visit, context, err);
        close_feed(&open);
    }
    hanse_free(matches);
    return status;
}
