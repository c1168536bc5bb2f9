/* SPDX-License-Identifier: Apache-2.0 */
/* Staging the withdrawal of a record. */
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "node/publish/stage.h"
#include "node/reason.h"
#include "node/record_name.h"
#include "wire/header.h"

/* What there is of the record: published, and staged. */
static enum hanse_status look(struct hanse_node *node, const struct hanse_feed_row *feed, const char *name,
                              const uint8_t id[16], struct hanse_index_record *published,
                              struct hanse_staged_change *staged, bool *out_staged, struct hanse_error *err)
{
    enum hanse_status status = hanse_staging_get(node->staging, feed->feed.origin, id, staged, err);
    *out_staged = status == HANSE_OK;
    if (status != HANSE_OK && status != HANSE_NOT_FOUND)
        return status;
    status = hanse_index_record_get(node->index, feed->feed.id, id, published, err);
    if (status == HANSE_NOT_FOUND)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "record \"%.160s\" is staged and not published: there is nothing to withdraw",
                          name);
    if (status == HANSE_OK && published->withdrawn && *out_staged)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "record \"%.160s\" is withdrawn; what is staged would bring it back: discard that",
                          name);
    return status;
}

enum hanse_status hanse_stage_withdrawal(struct hanse_node *node, const struct hanse_feed_row *feed,
                                         const struct hanse_index_record *published, uint32_t reason,
                                         struct hanse_error *err)
{
    bool replaced;
    struct hanse_staged_change change = {.origin = feed->feed.origin,
                                         .operation = HANSE_OPERATION_WITHDRAW,
                                         .audience = published->audience,
                                         .kind = published->kind,
                                         .reason = reason,
                                         .published_unix_s = hanse_clock_unix_s()};
    memcpy(change.record_id, published->record_id, sizeof change.record_id);
    return hanse_staging_put(node->staging, &change, &replaced, err);
}

static enum hanse_status stage(struct hanse_node *node, const struct hanse_feed_row *feed, const char *name,
                               uint32_t reason, enum hanse_stage_outcome *outcome, uint8_t id[16],
                               struct hanse_error *err)
{
    struct hanse_index_record published;
    struct hanse_staged_change staged;
    bool is_staged = false;
    enum hanse_status status = hanse_record_name_find_own(node, &feed->feed, name, false, id, err);
    if (status == HANSE_OK)
        status = look(node, feed, name, id, &published, &staged, &is_staged, err);
    if (status != HANSE_OK)
        return status;
    bool same = is_staged && staged.operation == HANSE_OPERATION_WITHDRAW && staged.reason == reason;
    if (same || published.withdrawn) {
        *outcome = HANSE_STAGE_UNCHANGED;
        return HANSE_OK;
    }
    *outcome = is_staged && staged.operation == HANSE_OPERATION_PUT ? HANSE_STAGE_REPLACED : HANSE_STAGED;
    return hanse_stage_withdrawal(node, feed, &published, reason, err);
}

static enum hanse_status withdraw(struct hanse_node *node, const char *origin, const char *name,
                                  uint32_t reason, enum hanse_stage_outcome *outcome, char **out_id,
                                  struct hanse_error *err)
{
    uint8_t id[16];
    HANSE_SCOPED_FILE struct hanse_file lock = HANSE_FILE_CLOSED;
    HANSE_SCOPED_ROW struct hanse_feed_row feed = {0};
    enum hanse_status status = hanse_stage_begin(node, origin, &lock, &feed, err);
    if (status != HANSE_OK)
        return status;
    status = stage(node, &feed, name, reason, outcome, id, err);
    if (status == HANSE_OK)
        status = hanse_stage_full_name(origin, id, out_id, err);
    if (status == HANSE_OK)
        status = hanse_staging_commit(node->staging, err);
    if (status != HANSE_OK)
        hanse_staging_rollback(node->staging);
    return status;
}

enum hanse_status hanse_stage_withdraw(struct hanse_node *node, const char *origin, const char *name,
                                       const char *reason, enum hanse_stage_outcome *out_outcome,
                                       char **out_id, struct hanse_error *err)
{
    if (node == NULL || name == NULL || reason == NULL)
        return hanse_fail_null("node, name or reason", err);
    enum hanse_stage_outcome outcome = HANSE_STAGED;
    char *id = NULL;
    struct hanse_error own; /* look-ups that find nothing fill it although nothing failed */
    uint32_t number = hanse_reason_number(reason);
    enum hanse_status status = hanse_node_own_origin(node, origin, &origin, &own);
    if (status == HANSE_OK && number == 0)
        status = hanse_fail(&own, HANSE_INVALID_ARGUMENT,
                            "reason \"%.64s\" is none of error, merged, no-longer, privacy, legal", reason);
    if (status == HANSE_OK)
        status = withdraw(node, origin, name, number, &outcome, &id, &own);
    if (status != HANSE_OK) {
        hanse_free(id);
        if (err != NULL)
            *err = own;
        return status;
    }
    if (out_outcome != NULL)
        *out_outcome = outcome;
    if (out_id != NULL)
        *out_id = id;
    else
        hanse_free(id);
    return HANSE_OK;
}
