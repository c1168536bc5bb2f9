/* SPDX-License-Identifier: Apache-2.0 */
/* What is staged: looking at it, and taking it back. */
#include <hanse/staged.h>

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "node/held_item.h"
#include "node/publish/stage.h"
#include "node/reason.h"
#include "node/record_name.h"
#include "wire/header.h"

struct listing {
    struct hanse_node *node;
    const struct hanse_feed_row *feed;
    struct hanse_open_feed open;
    hanse_staged_visit *visit;
    void *context;
    uint64_t count;
};

/* What is published of the record; HANSE_OK with nothing filled if it is new. */
static enum hanse_status read_published(struct listing *it, const uint8_t id[16], struct hanse_staged *out,
                                        struct hanse_held_item *item, struct hanse_error *err)
{
    struct hanse_index_record found;
    enum hanse_status status = hanse_index_record_get(it->node->index, it->feed->feed.id, id, &found, err);
    if (status == HANSE_NOT_FOUND)
        return HANSE_OK;
    found.origin = it->feed->feed.origin;
    if (status == HANSE_OK)
        status = hanse_held_item_fill(it->node, &it->open, &found, item, err);
    if (status != HANSE_OK)
        return status;
    out->revision = item->public.revision;
    out->published_withdrawn = item->public.withdrawn;
    out->published_unix_s = item->public.published_unix_s;
    out->published = item->record;
    return HANSE_OK;
}

static enum hanse_status visit_change(void *context, const struct hanse_staged_change *change,
                                      struct hanse_error *err)
{
    struct listing *it = context;
    struct hanse_held_item item = {0};
    struct hanse_record *record = NULL;
    char id[HANSE_FULL_NAME_BYTES];
    char uuid[HANSE_UUID_TEXT_BYTES];
    bool is_put = change->operation == HANSE_OPERATION_PUT;
    const char *kind = hanse_kind_name(change->kind);
    hanse_uuid_encode(change->record_id, uuid);
    (void)snprintf(id, sizeof id, "hanse:%s/%s", it->feed->feed.origin, uuid);
    struct hanse_staged staged = {.id = id,
                                  .kind = kind != NULL ? kind : "Unknown",
                                  .operation = is_put ? "put" : "withdraw",
                                  .reason = is_put ? NULL : hanse_reason_name(change->reason),
                                  .staged_unix_s = change->published_unix_s};
    enum hanse_status status = is_put ? hanse_record_from_bytes(change->record, &record, err) : HANSE_OK;
    staged.record = record;
    if (status == HANSE_OK)
        status = read_published(it, change->record_id, &staged, &item, err);
    it->count++;
    if (status == HANSE_OK && it->visit != NULL)
        status = it->visit(it->context, &staged, err);
    hanse_record_free(record);
    hanse_record_free(item.record);
    return status;
}

enum hanse_status hanse_staged_list(struct hanse_node *node, const char *origin, hanse_staged_visit *visit,
                                    void *context, struct hanse_error *err)
{
    if (node == NULL || visit == NULL)
        return hanse_fail_null("node or visit", err);
    HANSE_SCOPED_ROW struct hanse_feed_row feed = {0};
    struct listing it = {.node = node, .feed = &feed, .visit = visit, .context = context};
    struct hanse_error own; /* of look-ups that find nothing, too */
    enum hanse_status status = hanse_node_own_origin(node, origin, &origin, &own);
    if (status == HANSE_OK)
        status = hanse_feed_row_get(node, origin, &feed, &own);
    if (status == HANSE_OK)
        status = hanse_staging_list(node->staging, origin, visit_change, &it, &own);
    hanse_open_feed_close(&it.open);
    if (status != HANSE_OK && err != NULL)
        *err = own;
    return status;
}

/* The staged revision if there is one, else the published one. */
static enum hanse_status read_current(struct hanse_node *node, const struct hanse_feed_row *feed,
                                      const char *name, const uint8_t id[16], struct hanse_record **out,
                                      struct hanse_error *err)
{
    struct hanse_staged_change change;
    enum hanse_status status = hanse_staging_get(node->staging, feed->feed.origin, id, &change, err);
    if (status == HANSE_OK)
        return change.operation == HANSE_OPERATION_PUT
                   ? hanse_record_from_bytes(change.record, out, err)
                   : hanse_fail(err, HANSE_NOT_FOUND,
                                "the withdrawal of record \"%.160s\" is staged: discard that first", name);
    if (status != HANSE_NOT_FOUND)
        return status;
    struct listing it = {.node = node, .feed = feed};
    struct hanse_staged staged = {0};
    struct hanse_held_item item = {0};
    status = read_published(&it, id, &staged, &item, err);
    hanse_open_feed_close(&it.open);
    if (status == HANSE_OK && staged.published == NULL)
        status = hanse_fail(err, HANSE_NOT_FOUND,
                            staged.published_withdrawn
                                ? "record \"%.160s\" is withdrawn: put it anew to bring it back"
                                : "content of record \"%.160s\" is not held here",
                            name);
    if (status == HANSE_OK)
        *out = staged.published;
    else
        hanse_record_free(item.record);
    return status;
}

enum hanse_status hanse_staged_get(struct hanse_node *node, const char *origin, const char *name,
                                   char **out_id, struct hanse_record **out_record, struct hanse_error *err)
{
    if (node == NULL || name == NULL)
        return hanse_fail_null("node or name", err);
    uint8_t id[16];
    char *full = NULL;
    struct hanse_record *record = NULL;
    HANSE_SCOPED_ROW struct hanse_feed_row feed = {0};
    struct hanse_error own;
    enum hanse_status status = hanse_node_own_origin(node, origin, &origin, &own);
    if (status == HANSE_OK)
        status = hanse_feed_row_get(node, origin, &feed, &own);
    if (status == HANSE_OK)
        status = hanse_record_name_find_own(node, &feed.feed, name, false, id, &own);
    if (status == HANSE_OK)
        status = hanse_stage_full_name(origin, id, &full, &own);
    if (status == HANSE_OK && out_record != NULL)
        status = read_current(node, &feed, name, id, &record, &own);
    if (status != HANSE_OK) {
        hanse_free(full);
        if (err != NULL)
            *err = own;
        return status;
    }
    if (out_id != NULL)
        *out_id = full;
    else
        hanse_free(full);
    if (out_record != NULL)
        *out_record = record;
    return HANSE_OK;
}

/* A change that was named twice is gone the second time. */
static enum hanse_status discard_one(struct listing *it, const uint8_t id[16], struct hanse_error *err)
{
    struct hanse_staged_change change;
    const char *origin = it->feed->feed.origin;
    enum hanse_status status = hanse_staging_get(it->node->staging, origin, id, &change, err);
    if (status == HANSE_NOT_FOUND)
        return HANSE_OK;
    if (status == HANSE_OK)
        status = visit_change(it, &change, err);
    return status == HANSE_OK ? hanse_staging_remove(it->node->staging, origin, id, err) : status;
}

/* Every name is understood before the first change is visited. */
static enum hanse_status discard_named(struct listing *it, const char *const *names, size_t count,
                                       struct hanse_error *err)
{
    uint8_t(*ids)[16] = hanse_alloc_zeroed(count, sizeof *ids);
    if (ids == NULL)
        return hanse_fail_memory(err);
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < count && status == HANSE_OK; i++)
        status = hanse_record_name_find_own(it->node, &it->feed->feed, names[i], true, ids[i], err);
    for (size_t i = 0; i < count && status == HANSE_OK; i++)
        status = discard_one(it, ids[i], err);
    hanse_free(ids);
    return status;
}

/* Within the transaction of staging. */
static enum hanse_status discard(struct listing *it, const char *const *names, size_t count,
                                 struct hanse_error *err)
{
    const char *origin = it->feed->feed.origin;
    bool all = names == NULL;
    enum hanse_status status = all ? hanse_staging_list(it->node->staging, origin, visit_change, it, err)
                                   : discard_named(it, names, count, err);
    /* Up to 0 removes nothing more, but empties the file if nothing is left in it. */
    return status == HANSE_OK
               ? hanse_staging_remove_upto(it->node->staging, origin, all ? UINT64_MAX : 0, err)
               : status;
}

static enum hanse_status discard_locked(struct listing *it, struct hanse_feed_row *feed, const char *origin,
                                        const char *const *names, size_t count, struct hanse_error *err)
{
    HANSE_SCOPED_FILE struct hanse_file lock = HANSE_FILE_CLOSED;
    enum hanse_status status = hanse_node_lock(it->node, &lock, err);
    if (status == HANSE_OK)
        status = hanse_feed_row_get(it->node, origin, feed, err);
    if (status == HANSE_OK)
        status = hanse_staging_begin(it->node->staging, err);
    if (status != HANSE_OK)
        return status;
    status = discard(it, names, count, err);
    if (status == HANSE_OK)
        status = hanse_staging_commit(it->node->staging, err);
    if (status != HANSE_OK)
        hanse_staging_rollback(it->node->staging);
    return status;
}

enum hanse_status hanse_staged_discard(struct hanse_node *node, const char *origin, const char *const *names,
                                       size_t count, hanse_staged_visit *visit, void *context,
                                       uint64_t *out_count, struct hanse_error *err)
{
    if (node == NULL)
        return hanse_fail_null("node", err);
    HANSE_SCOPED_ROW struct hanse_feed_row feed = {0};
    struct listing it = {.node = node, .feed = &feed, .visit = visit, .context = context};
    struct hanse_error own;
    enum hanse_status status = hanse_node_own_origin(node, origin, &origin, &own);
    if (status == HANSE_OK)
        status = discard_locked(&it, &feed, origin, names, count, &own);
    hanse_open_feed_close(&it.open);
    if (status != HANSE_OK && err != NULL)
        *err = own;
    if (status == HANSE_OK && out_count != NULL)
        *out_count = it.count;
    return status;
}
