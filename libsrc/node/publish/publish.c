/* SPDX-License-Identifier: Apache-2.0 */
/* Publishing what is staged. */
#include <string.h>

#include <hanse/change.h>

#include "base/bytes.h"
#include "base/error.h"
#include "feed/entry.h"
#include "node/publish/publishing.h"

struct publish {
    struct hanse_publishing publishing;
    const struct hanse_publish_options *options;
    uint64_t staged_total;
    uint64_t held_back; /* staged for the members of a network, which have no stream here yet */
    uint64_t staged_done;
};

static enum hanse_status add_change(void *context, const struct hanse_staged_change *change,
                                    struct hanse_error *err)
{
    struct publish *it = context;
    if (change->audience == HANSE_AUDIENCE_NETWORK || change->audience == HANSE_AUDIENCE_PARTIES)
        return HANSE_OK; /* held back */
    struct hanse_buffer payload __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&payload, HANSE_MAX_PAYLOAD_BYTES);
    bool is_put = change->operation == HANSE_OPERATION_PUT;
    enum hanse_status status = HANSE_OK;
    if (is_put)
        status = hanse_payload_encode(change->salt, change->record, change->audience, &payload, err);
    struct hanse_header header = {.operation = change->operation,
                                  .record_id = hanse_bytes_of(change->record_id, sizeof change->record_id),
                                  .audience = change->audience,
                                  .published_unix_s = change->published_unix_s,
                                  .payload_bytes = (uint32_t)payload.size,
                                  .kind =
                                      is_put && change->audience == HANSE_AUDIENCE_PUBLIC ? change->kind : 0,
                                  .reason = change->reason};
    if (status == HANSE_OK)
        status = hanse_publishing_add(&it->publishing, &header, hanse_buffer_view(&payload), err);
    it->publishing.staged_upto = change->sequence;
    it->staged_done++;
    bool told = it->staged_done % 1000 == 0 && it->options->progress != NULL;
    if (status == HANSE_OK && told &&
        !it->options->progress(it->options->context, "publishing", it->staged_done, it->staged_total,
                               "entries"))
        status = hanse_fail(err, HANSE_CANCELLED, "publish was cancelled; nothing was published");
    return status;
}

static enum hanse_status count_staged(struct publish *it, const char *origin, struct hanse_error *err)
{
    enum hanse_status status =
        hanse_staging_count(it->publishing.node->staging, origin, &it->staged_total, err);
    if (status == HANSE_OK)
        status = hanse_staging_count_held_back(it->publishing.node->staging, origin, &it->held_back, err);
    if (status == HANSE_OK)
        it->staged_total -= it->held_back;
    return status;
}

static enum hanse_status append_staged(struct publish *it, const char *origin, struct hanse_error *err)
{
    struct hanse_publishing *publishing = &it->publishing;
    enum hanse_status status = hanse_publishing_check(publishing, it->options->offline, err);
    if (status == HANSE_OK)
        status = hanse_publishing_begin(publishing, err);
    if (status == HANSE_OK)
        status = hanse_staging_list(publishing->node->staging, origin, add_change, it, err);
    if (status == HANSE_OK)
        status = hanse_publishing_commit(publishing, err);
    if (status != HANSE_OK)
        hanse_publishing_trim(publishing);
    return status;
}

enum hanse_status hanse_publish(struct hanse_node *node, const struct hanse_publish_options *options,
                                struct hanse_publish_result *out, struct hanse_error *err)
{
    if (node == NULL || out == NULL)
        return hanse_fail_null("node or out", err);
    if (options == NULL || options->version != 1)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "options of publish need version 1");
    struct publish it = {.options = options};
    const char *origin = NULL;
    HANSE_SCOPED_FILE struct hanse_file lock = HANSE_FILE_CLOSED;
    enum hanse_status status = hanse_node_own_origin(node, options->origin, &origin, err);
    if (status == HANSE_OK)
        status = hanse_node_lock(node, &lock, err);
    if (status != HANSE_OK)
        return status;
    status = hanse_publishing_init(&it.publishing, node, origin, err);
    if (status == HANSE_OK)
        status = count_staged(&it, origin, err);
    struct hanse_publish_result result = {.held_back = it.held_back, .old_size = it.publishing.size};
    if (status == HANSE_OK && it.staged_total > 0)
        status = append_staged(&it, origin, err);
    if (status == HANSE_OK) {
        result.new_size = it.publishing.size;
        memcpy(result.root, it.publishing.root.bytes, sizeof result.root);
        *out = result;
    }
    hanse_publishing_release(&it.publishing);
    return status;
}
