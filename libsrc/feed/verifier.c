/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/verifier.h"

#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "feed/frame_form.h"

enum {
    MAX_START_BYTES = 2 + 5 * 10,
    MAX_STORED_FRAME_BYTES = MAX_START_BYTES + HANSE_FRAME_MAX_RAW_BYTES + HANSE_FRAME_MAX_BODY_BYTES +
                             HANSE_FRAME_DEFLATE_OVERHEAD_BYTES + HANSE_FRAME_CHECK_BYTES,
    /* Lists of the headers of a frame, at most 8 times their bytes, and a reason for each entry. */
    MAX_ARENA_BYTES = 8 * HANSE_FRAME_MAX_BODY_BYTES + HANSE_MAX_FRAME_ENTRIES * HANSE_ERROR_MESSAGE_BYTES,
    LEAF_PREFIX = 0
};

struct hanse_verifier {
    char *origin;
    struct hanse_feed_state state; /* grows with each entry; believed only when the root matches */
    uint64_t size;
    struct hanse_digest root;
    hanse_verifier_sink *sink;
    void *context;
    struct hanse_frame_decoder *decoder;
    struct hanse_hasher *hasher;
    struct hanse_buffer held; /* a frame that has not come wholly */
    uint64_t consumed;
    uint64_t file_next; /* index behind the last frame of the file; UINT64_MAX before the first */
    struct hanse_arena arena;
    struct hanse_verified_entry *entries;
    struct hanse_header *headers; /* of the entries, one each */
    size_t capacity;
};

void hanse_feed_state_init(struct hanse_feed_state *state, const uint8_t key[33])
{
    *state = (struct hanse_feed_state){.key_index = UINT64_MAX, .successor_index = UINT64_MAX};
    memcpy(state->key, key, sizeof state->key);
}

enum hanse_status hanse_verifier_new(const char *origin, const struct hanse_feed_state *state, uint64_t size,
                                     const uint8_t root[32], hanse_verifier_sink *sink, void *context,
                                     struct hanse_verifier **out, struct hanse_error *err)
{
    if (size < state->frontier.size)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "size %" PRIu64 " to verify is below the %" PRIu64 " that are verified", size,
                          state->frontier.size);
    struct hanse_verifier *verifier = hanse_alloc_zeroed(1, sizeof *verifier);
    if (verifier == NULL)
        return hanse_fail_memory(err);
    verifier->state = *state;
    verifier->size = size;
    memcpy(verifier->root.bytes, root, sizeof verifier->root.bytes);
    verifier->sink = sink;
    verifier->context = context;
    verifier->file_next = UINT64_MAX;
    hanse_buffer_init(&verifier->held, MAX_STORED_FRAME_BYTES);
    hanse_arena_init(&verifier->arena, MAX_ARENA_BYTES);
    verifier->origin = hanse_strdup(origin);
    enum hanse_status status = verifier->origin != NULL ? HANSE_OK : hanse_fail_memory(err);
    if (status == HANSE_OK)
        status = hanse_frame_decoder_new(&verifier->decoder, err);
    if (status == HANSE_OK)
        status = hanse_hasher_new(&verifier->hasher, err);
    if (status != HANSE_OK) {
        hanse_verifier_free(verifier);
        return status;
    }
    *out = verifier;
    return HANSE_OK;
}

void hanse_verifier_free(struct hanse_verifier *verifier)
{
    if (verifier == NULL)
        return;
    hanse_free(verifier->origin);
    hanse_frame_decoder_free(verifier->decoder);
    hanse_hasher_free(verifier->hasher);
    hanse_buffer_release(&verifier->held);
    hanse_arena_release(&verifier->arena);
    hanse_free(verifier->entries);
    hanse_free(verifier->headers);
    hanse_free(verifier);
}

void hanse_verifier_start_file(struct hanse_verifier *verifier)
{
    hanse_frame_decoder_start(verifier->decoder);
    hanse_buffer_clear(&verifier->held);
    verifier->consumed = 0;
    verifier->file_next = UINT64_MAX;
}

/* Decodes a frame that follows the one before it in the file; offsets count from `base`. The place is looked
 * at first: behind a gap the dictionary is wrong, and the decoder's complaint would mislead. */
static enum hanse_status decode_frame(struct hanse_verifier *verifier, struct hanse_bytes stored,
                                      uint64_t base, struct hanse_frame *out, struct hanse_error *err)
{
    struct hanse_frame_start start;
    if (verifier->file_next != UINT64_MAX && hanse_frame_peek(stored, &start, NULL) == HANSE_OK &&
        start.first_index != verifier->file_next)
        return hanse_fail_at(err, HANSE_MALFORMED, base,
                             "frame begins at index %" PRIu64 ", the one before it ended at %" PRIu64,
                             start.first_index, verifier->file_next);
    enum hanse_status status = hanse_frame_decode(verifier->decoder, stored, out, err);
    if (status != HANSE_OK && err != NULL && err->offset != HANSE_NO_OFFSET)
        err->offset += base;
    if (status == HANSE_OK)
        verifier->file_next = out->first_index + out->entry_count;
    return status;
}

enum hanse_status hanse_verifier_prime(struct hanse_verifier *verifier, struct hanse_bytes frames,
                                       struct hanse_error *err)
{
    hanse_verifier_start_file(verifier);
    size_t position = 0;
    while (position < frames.size) {
        struct hanse_bytes rest = hanse_bytes_slice(frames, position, frames.size);
        struct hanse_frame_start start = {.frame_bytes = rest.size};
        struct hanse_frame frame;
        /* What cannot be peeked at is left to the decoder, which says why. */
        (void)!hanse_frame_peek(rest, &start, NULL);
        struct hanse_bytes stored = hanse_bytes_slice(rest, 0, start.frame_bytes);
        enum hanse_status status = decode_frame(verifier, stored, position, &frame, err);
        if (status != HANSE_OK)
            return status;
        position += stored.size;
    }
    return HANSE_OK;
}

static enum hanse_status reserve_entries(struct hanse_verifier *verifier, size_t count,
                                         struct hanse_error *err)
{
    if (count <= verifier->capacity)
        return HANSE_OK;
    struct hanse_verified_entry *entries = hanse_realloc(verifier->entries, count * sizeof *entries);
    if (entries == NULL)
        return hanse_fail_memory(err);
    verifier->entries = entries;
    struct hanse_header *headers = hanse_realloc(verifier->headers, count * sizeof *headers);
    if (headers == NULL)
        return hanse_fail_memory(err);
    verifier->headers = headers;
    verifier->capacity = count;
    return HANSE_OK;
}

/* The verdict on an entry with its payload, and on its place in the feed. */
static enum hanse_status judge(struct hanse_verifier *verifier, struct hanse_verified_entry *entry,
                               struct hanse_header *header, struct hanse_error *err)
{
    struct hanse_error reason = {.message = ""};
    enum hanse_status status = hanse_entry_judge(entry->index, verifier->origin, &entry->entry,
                                                 &verifier->arena, header, &entry->verdict, &reason);
    bool readable = status == HANSE_OK && entry->verdict == HANSE_ENTRY_VALID &&
                    header->operation == HANSE_OPERATION_PUT && !entry->absent;
    if (readable)
        status = hanse_payload_judge(header, entry->payload, &entry->record, &entry->verdict, &reason);
    if (status != HANSE_OK)
        return hanse_fail(err, status, "entry %" PRIu64 " cannot be judged: %s", entry->index,
                          reason.message);
    if (entry->index > verifier->state.successor_index) {
        entry->verdict = HANSE_ENTRY_INVALID;
        entry->record = hanse_bytes_of(NULL, 0);
        (void)hanse_fail(&reason, HANSE_MALFORMED, "feed has ended with its successor entry %" PRIu64,
                         verifier->state.successor_index);
    }
    if (entry->verdict != HANSE_ENTRY_VALID) {
        entry->reason = hanse_arena_copy(&verifier->arena, hanse_bytes_of_text(reason.message));
        if (entry->reason == NULL)
            return hanse_fail_memory(err);
    }
    return HANSE_OK;
}

/* What a valid entry changes in the state of the feed. */
static void apply(struct hanse_feed_state *state, uint64_t index, const struct hanse_header *header)
{
    if (header->operation == HANSE_OPERATION_SUCCESSOR)
        state->successor_index = index;
    if (header->operation != HANSE_OPERATION_KEY)
        return;
    if (index > 0)
        memcpy(state->previous_key, state->key, sizeof state->previous_key);
    memcpy(state->key, header->verifier_key.data, sizeof state->key);
    state->key_index = index;
}

static enum hanse_status take_entry(struct hanse_verifier *verifier, size_t slot,
                                    const struct hanse_frame_entry *source, struct hanse_error *err)
{
    struct hanse_verified_entry *entry = &verifier->entries[slot];
    struct hanse_header *header = &verifier->headers[slot];
    struct hanse_digest leaf;
    *entry = (struct hanse_verified_entry){.index = verifier->state.frontier.size,
                                           .absent = source->absent,
                                           .payload = source->payload,
                                           .header = header};
    memcpy(entry->entry.commitment, source->commitment, sizeof entry->entry.commitment);
    entry->entry.header = source->header;
    hanse_hasher_digest_prefixed(verifier->hasher, LEAF_PREFIX,
                                 hanse_bytes_of(source->commitment, sizeof source->commitment),
                                 source->header, &leaf);
    memcpy(entry->leaf_hash, leaf.bytes, sizeof entry->leaf_hash);
    enum hanse_status status = judge(verifier, entry, header, err);
    if (status == HANSE_OK)
        status = hanse_frontier_append(&verifier->state.frontier, verifier->hasher, &leaf, err);
    if (status == HANSE_OK && entry->verdict == HANSE_ENTRY_VALID)
        apply(&verifier->state, entry->index, header);
    return status;
}

/* The entries of a frame that are wanted: those held are skipped, those past the size are dropped. */
static enum hanse_status take_entries(struct hanse_verifier *verifier, const struct hanse_frame *frame,
                                      struct hanse_bytes stored, struct hanse_error *err)
{
    uint64_t next = verifier->state.frontier.size;
    uint64_t end = frame->first_index + frame->entry_count;
    if (frame->first_index > next)
        return hanse_fail_at(err, HANSE_MALFORMED, verifier->consumed,
                             "frame begins at index %" PRIu64 ", wanted is %" PRIu64, frame->first_index,
                             next);
    size_t skipped = end > next ? (size_t)(next - frame->first_index) : frame->entry_count;
    size_t beyond = end > verifier->size ? (size_t)(end - verifier->size) : 0;
    size_t count = skipped + beyond < frame->entry_count ? frame->entry_count - skipped - beyond : 0;
    hanse_arena_reset(&verifier->arena);
    enum hanse_status status = reserve_entries(verifier, count, err);
    for (size_t i = 0; i < count && status == HANSE_OK; i++)
        status = take_entry(verifier, i, &frame->entries[skipped + i], err);
    if (status != HANSE_OK)
        return status;
    struct hanse_verified_frame verified = {.stored = stored,
                                            .continues = frame->continues,
                                            .whole = count == frame->entry_count,
                                            .first_index = next,
                                            .entries = verifier->entries,
                                            .entry_count = count,
                                            .frame_entries = frame->entries + skipped};
    status = verifier->sink(verifier->context, &verified, err);
    /* Who goes on later needs the entries that were dropped now: the frame counts as not read. */
    if (status == HANSE_OK && beyond == 0)
        verifier->consumed += stored.size;
    return status;
}

static enum hanse_status take_frame(struct hanse_verifier *verifier, struct hanse_bytes stored,
                                    struct hanse_error *err)
{
    struct hanse_frame frame;
    enum hanse_status status = decode_frame(verifier, stored, verifier->consumed, &frame, err);
    return status == HANSE_OK ? take_entries(verifier, &frame, stored, err) : status;
}

/* How many bytes the frame that begins with `bytes` has; 0 if that cannot be said yet. */
static enum hanse_status measure(const struct hanse_verifier *verifier, struct hanse_bytes bytes,
                                 size_t *out_size, struct hanse_error *err)
{
    struct hanse_frame_start start;
    struct hanse_error fault;
    enum hanse_status status = hanse_frame_peek(bytes, &start, &fault);
    if (status == HANSE_OK)
        *out_size = start.frame_bytes;
    if (status == HANSE_TRUNCATED)
        *out_size = 0;
    if (status == HANSE_OK || status == HANSE_TRUNCATED)
        return HANSE_OK;
    return hanse_fail_at(err, status, verifier->consumed + fault.offset, "%s", fault.message);
}

/* Adds to the held frame what it lacks of `rest`, one byte as long as its size is not known. */
static enum hanse_status fill_held(struct hanse_verifier *verifier, struct hanse_bytes *rest,
                                   struct hanse_error *err)
{
    size_t frame_bytes;
    enum hanse_status status = measure(verifier, hanse_buffer_view(&verifier->held), &frame_bytes, err);
    if (status != HANSE_OK)
        return status;
    size_t lacking = frame_bytes > 0 ? frame_bytes - verifier->held.size : 1;
    struct hanse_bytes more = hanse_bytes_slice(*rest, 0, lacking);
    status = hanse_buffer_append(&verifier->held, more, err);
    if (status != HANSE_OK)
        return status;
    *rest = hanse_bytes_slice(*rest, more.size, rest->size);
    if (frame_bytes == 0) /* the byte may have said it, or that it never will be right */
        return measure(verifier, hanse_buffer_view(&verifier->held), &frame_bytes, err);
    if (verifier->held.size < frame_bytes)
        return HANSE_OK;
    status = take_frame(verifier, hanse_buffer_view(&verifier->held), err);
    hanse_buffer_clear(&verifier->held);
    return status;
}

/* A frame that lies wholly in `rest` is read where it lies. */
static enum hanse_status read_frame(struct hanse_verifier *verifier, struct hanse_bytes *rest,
                                    struct hanse_error *err)
{
    size_t frame_bytes;
    enum hanse_status status = measure(verifier, *rest, &frame_bytes, err);
    if (status != HANSE_OK)
        return status;
    bool whole = frame_bytes > 0 && frame_bytes <= rest->size;
    struct hanse_bytes stored = hanse_bytes_slice(*rest, 0, whole ? frame_bytes : rest->size);
    *rest = hanse_bytes_slice(*rest, stored.size, rest->size);
    return whole ? take_frame(verifier, stored, err) : hanse_buffer_append(&verifier->held, stored, err);
}

enum hanse_status hanse_verifier_feed(struct hanse_verifier *verifier, struct hanse_bytes piece,
                                      bool *out_done, struct hanse_error *err)
{
    struct hanse_bytes rest = piece;
    while (rest.size > 0 && verifier->state.frontier.size < verifier->size) {
        enum hanse_status status =
            verifier->held.size > 0 ? fill_held(verifier, &rest, err) : read_frame(verifier, &rest, err);
        if (status != HANSE_OK)
            return status;
    }
    *out_done = verifier->state.frontier.size == verifier->size;
    return HANSE_OK;
}

uint64_t hanse_verifier_consumed(const struct hanse_verifier *verifier)
{
    return verifier->consumed;
}

uint64_t hanse_verifier_next_index(const struct hanse_verifier *verifier)
{
    return verifier->state.frontier.size;
}

enum hanse_status hanse_verifier_end(const struct hanse_verifier *verifier, struct hanse_feed_state *out,
                                     struct hanse_error *err)
{
    struct hanse_digest root;
    if (verifier->state.frontier.size < verifier->size)
        return hanse_fail(err, HANSE_TRUNCATED,
                          "feed \"%s\" ends at index %" PRIu64 " of the %" PRIu64 " that its checkpoint says",
                          verifier->origin, verifier->state.frontier.size, verifier->size);
    hanse_frontier_root(&verifier->state.frontier, verifier->hasher, &root);
    if (!hanse_digest_equal(&root, &verifier->root))
        return hanse_fail(err, HANSE_MISMATCH,
                          "entries of the feed \"%s\" do not hash to the root of its checkpoint",
                          verifier->origin);
    *out = verifier->state;
    return HANSE_OK;
}
