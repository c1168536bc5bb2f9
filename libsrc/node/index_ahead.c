/* SPDX-License-Identifier: Apache-2.0 */
#include "node/index_ahead.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "node/entry_row.h"

/* A frame has some hundred entries; a few of them keep both threads busy when one is slow for a moment. */
enum { BATCHES = 4, MAX_BATCH_BYTES = 4 << 20 };

/* Of one entry; its texts lie in the batch's bytes. */
struct held_row {
    struct hanse_entry_row row;
    uint8_t record_id[16];
    bool has_id;
    size_t record_at;
};

struct batch {
    struct hanse_buffer bytes;
    struct held_row *rows;
    size_t capacity;
    size_t count;
};

struct hanse_index_ahead {
    struct hanse_node *node;
    int64_t feed_id;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct batch batches[BATCHES]; /* a ring: [taken, given) wait for the thread */
    uint64_t given;
    uint64_t taken;
    bool ended;   /* nothing more comes */
    bool dropped; /* and nothing of it is wanted */
    bool failed;  /* the thread has stopped */
    struct hanse_error why;
    struct hanse_error own; /* of the giving side: what it could not hand over */
};

static enum hanse_status add_batch(struct hanse_index_ahead *ahead, struct batch *batch,
                                   struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < batch->count && status == HANSE_OK; i++) {
        struct held_row *held = &batch->rows[i];
        held->row.entry.record_id = held->has_id ? held->record_id : NULL;
        held->row.record = hanse_bytes_of(batch->bytes.data + held->record_at, held->row.record.size);
        status = hanse_entry_row_add(ahead->node->index, ahead->feed_id, &held->row, err);
    }
    return status;
}

/* The next batch that waits, NULL when there is nothing more to do. */
static struct batch *next_batch(struct hanse_index_ahead *ahead)
{
    (void)pthread_mutex_lock(&ahead->mutex);
    while (ahead->taken == ahead->given && !ahead->ended)
        (void)pthread_cond_wait(&ahead->changed, &ahead->mutex);
    bool more = ahead->taken < ahead->given && !ahead->dropped;
    struct batch *batch = more ? &ahead->batches[ahead->taken % BATCHES] : NULL;
    (void)pthread_mutex_unlock(&ahead->mutex);
    return batch;
}

static void *run(void *context)
{
    struct hanse_index_ahead *ahead = context;
    struct hanse_error err;
    enum hanse_status status = HANSE_OK;
    struct batch *batch;
    while (status == HANSE_OK && (batch = next_batch(ahead)) != NULL) {
        status = add_batch(ahead, batch, &err);
        (void)pthread_mutex_lock(&ahead->mutex);
        ahead->taken++;
        ahead->failed = status != HANSE_OK;
        if (ahead->failed)
            ahead->why = err;
        (void)pthread_cond_signal(&ahead->changed);
        (void)pthread_mutex_unlock(&ahead->mutex);
    }
    return NULL;
}

static void release(struct hanse_index_ahead *ahead)
{
    for (size_t i = 0; i < BATCHES; i++) {
        hanse_buffer_release(&ahead->batches[i].bytes);
        hanse_free(ahead->batches[i].rows);
    }
    (void)pthread_cond_destroy(&ahead->changed);
    (void)pthread_mutex_destroy(&ahead->mutex);
    hanse_free(ahead);
}

enum hanse_status hanse_index_ahead_begin(struct hanse_node *node, int64_t feed_id,
                                          struct hanse_index_ahead **out, struct hanse_error *err)
{
    struct hanse_index_ahead *ahead = hanse_alloc_zeroed(1, sizeof *ahead);
    if (ahead == NULL)
        return hanse_fail_memory(err);
    ahead->node = node;
    ahead->feed_id = feed_id;
    for (size_t i = 0; i < BATCHES; i++)
        hanse_buffer_init(&ahead->batches[i].bytes, MAX_BATCH_BYTES);
    (void)pthread_mutex_init(&ahead->mutex, NULL);
    (void)pthread_cond_init(&ahead->changed, NULL);
    enum hanse_status status = hanse_index_begin(node->index, err);
    if (status == HANSE_OK && pthread_create(&ahead->thread, NULL, run, ahead) != 0) {
        hanse_index_rollback(node->index);
        status = hanse_fail_memory(err);
    }
    if (status != HANSE_OK) {
        release(ahead);
        return status;
    }
    *out = ahead;
    return HANSE_OK;
}

static bool changes_more_than_rows(const struct hanse_verified_entry *entry)
{
    uint32_t operation = entry->header->operation;
    return entry->verdict == HANSE_ENTRY_VALID &&
           (operation == HANSE_OPERATION_ERASE || operation == HANSE_OPERATION_SUCCESSOR);
}

static enum hanse_status hold_entry(struct batch *batch, const struct hanse_verified_entry *entry,
                                    struct hanse_error *err)
{
    if (changes_more_than_rows(entry))
        return hanse_fail(err, HANSE_UNSUPPORTED, "entry %llu changes other entries",
                          (unsigned long long)entry->index);
    struct held_row *held = &batch->rows[batch->count++];
    hanse_entry_row_of(entry, &held->row);
    held->has_id = held->row.entry.record_id != NULL;
    if (held->has_id)
        memcpy(held->record_id, held->row.entry.record_id, sizeof held->record_id);
    held->record_at = batch->bytes.size;
    return hanse_buffer_append(&batch->bytes, held->row.record, err);
}

static enum hanse_status fill(struct batch *batch, const struct hanse_verified_frame *frame,
                              struct hanse_error *err)
{
    if (batch->capacity < frame->entry_count) {
        struct held_row *rows = hanse_realloc(batch->rows, frame->entry_count * sizeof *rows);
        if (rows == NULL)
            return hanse_fail_memory(err);
        batch->rows = rows;
        batch->capacity = frame->entry_count;
    }
    batch->count = 0;
    hanse_buffer_clear(&batch->bytes);
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < frame->entry_count && status == HANSE_OK; i++)
        status = hold_entry(batch, &frame->entries[i], err);
    return status;
}

/* A batch that the thread is done with; NULL: it has stopped. */
static struct batch *free_batch(struct hanse_index_ahead *ahead)
{
    (void)pthread_mutex_lock(&ahead->mutex);
    while (ahead->given - ahead->taken == BATCHES && !ahead->failed)
        (void)pthread_cond_wait(&ahead->changed, &ahead->mutex);
    struct batch *batch = ahead->failed ? NULL : &ahead->batches[ahead->given % BATCHES];
    (void)pthread_mutex_unlock(&ahead->mutex);
    return batch;
}

void hanse_index_ahead_add(struct hanse_index_ahead *ahead, const struct hanse_verified_frame *frame)
{
    if (ahead->own.status != HANSE_OK || frame->entry_count == 0)
        return;
    struct batch *batch = free_batch(ahead);
    if (batch == NULL || fill(batch, frame, &ahead->own) != HANSE_OK)
        return;
    (void)pthread_mutex_lock(&ahead->mutex);
    ahead->given++;
    (void)pthread_cond_signal(&ahead->changed);
    (void)pthread_mutex_unlock(&ahead->mutex);
}

static void join(struct hanse_index_ahead *ahead, bool dropped)
{
    (void)pthread_mutex_lock(&ahead->mutex);
    ahead->ended = true;
    ahead->dropped = dropped;
    (void)pthread_cond_signal(&ahead->changed);
    (void)pthread_mutex_unlock(&ahead->mutex);
    int code = pthread_join(ahead->thread, NULL);
    assert(code == 0);
    (void)code;
}

/* In the transaction: the row is that of the verified state. */
static enum hanse_status move_on(struct hanse_node *node, const char *origin,
                                 const struct hanse_feed_state *state, const struct hanse_digest *root,
                                 struct hanse_error *err)
{
    HANSE_SCOPED_ROW struct hanse_feed_row row;
    enum hanse_status status = hanse_feed_row_get(node, origin, &row, err);
    if (status != HANSE_OK)
        return status;
    memcpy(row.feed.root, root->bytes, sizeof row.feed.root);
    return hanse_feed_row_put(node, &row, state, err);
}

enum hanse_status hanse_index_ahead_finish(struct hanse_index_ahead *ahead, const char *origin,
                                           const struct hanse_feed_state *state,
                                           const struct hanse_digest *root, struct hanse_error *err)
{
    struct hanse_node *node = ahead->node;
    join(ahead, ahead->own.status != HANSE_OK);
    const struct hanse_error *first = ahead->failed ? &ahead->why : &ahead->own;
    enum hanse_status status = first->status;
    if (status != HANSE_OK && err != NULL)
        *err = *first;
    release(ahead);
    if (status == HANSE_OK)
        status = move_on(node, origin, state, root, err);
    if (status == HANSE_OK)
        status = hanse_index_commit(node->index, err);
    if (status != HANSE_OK)
        hanse_index_rollback(node->index);
    return status;
}

void hanse_index_ahead_abandon(struct hanse_index_ahead *ahead)
{
    if (ahead == NULL)
        return;
    struct hanse_node *node = ahead->node;
    join(ahead, true);
    release(ahead);
    hanse_index_rollback(node->index);
}
