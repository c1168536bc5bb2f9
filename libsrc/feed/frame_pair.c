/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/frame_pair.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

enum { FRAMES = 2, MAX_STORED_BYTES = 8 << 20 };

/* One frame on its way; only one thread at a time has it. */
struct half {
    struct hanse_frame_encoder *encoder;
    struct hanse_buffer stored;
    enum hanse_status status;
    struct hanse_error err;
};

struct hanse_frame_pair {
    struct half halves[FRAMES]; /* the first one knows where the block is between calls */
};

enum hanse_status hanse_frame_pair_new(int level, struct hanse_frame_pair **out, struct hanse_error *err)
{
    struct hanse_frame_pair *pair = hanse_alloc_zeroed(1, sizeof *pair);
    if (pair == NULL)
        return hanse_fail_memory(err);
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < FRAMES && status == HANSE_OK; i++) {
        hanse_buffer_init(&pair->halves[i].stored, MAX_STORED_BYTES);
        status = hanse_frame_encoder_new(level, &pair->halves[i].encoder, err);
    }
    if (status == HANSE_OK)
        *out = pair;
    else
        hanse_frame_pair_free(pair);
    return status;
}

void hanse_frame_pair_free(struct hanse_frame_pair *pair)
{
    for (size_t i = 0; pair != NULL && i < FRAMES; i++) {
        hanse_frame_encoder_free(pair->halves[i].encoder);
        hanse_buffer_release(&pair->halves[i].stored);
    }
    hanse_free(pair);
}

void hanse_frame_pair_start_block(struct hanse_frame_pair *pair)
{
    hanse_frame_encoder_start_block(pair->halves[0].encoder);
}

void hanse_frame_pair_adopt(struct hanse_frame_pair *pair, const struct hanse_frame_decoder *decoder)
{
    hanse_frame_encoder_adopt(pair->halves[0].encoder, decoder);
}

static void *deflate_half(void *context)
{
    struct half *half = context;
    hanse_buffer_clear(&half->stored);
    half->status = hanse_frame_deflate(half->encoder, &half->stored, &half->err);
    return NULL;
}

static void deflate_both(struct hanse_frame_pair *pair)
{
    pthread_t thread;
    bool beside = pthread_create(&thread, NULL, deflate_half, &pair->halves[1]) == 0;
    (void)deflate_half(&pair->halves[0]);
    if (!beside) {
        (void)deflate_half(&pair->halves[1]);
        return;
    }
    int code = pthread_join(thread, NULL);
    assert(code == 0);
    (void)code;
}

/* Lays out what fits two frames: *out_count of them. */
static enum hanse_status prepare(struct hanse_frame_pair *pair, uint64_t first_index,
                                 const struct hanse_frame_entry *entries, size_t count,
                                 struct hanse_paired_frame out[FRAMES], size_t *out_count,
                                 struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    size_t frames = 0;
    for (size_t done = 0; frames < FRAMES && done < count && status == HANSE_OK; frames++) {
        struct hanse_frame_encoder *encoder = pair->halves[frames].encoder;
        if (frames > 0)
            hanse_frame_encoder_follow(encoder, pair->halves[frames - 1].encoder);
        out[frames] = (struct hanse_paired_frame){.continues = !hanse_frame_encoder_at_block_start(encoder),
                                                  .entries = hanse_frame_fit(entries + done, count - done)};
        status = hanse_frame_prepare(encoder, first_index + done, entries + done, out[frames].entries, err);
        done += out[frames].entries;
    }
    *out_count = frames;
    return status;
}

enum hanse_status hanse_frame_pair_encode(struct hanse_frame_pair *pair, uint64_t first_index,
                                          const struct hanse_frame_entry *entries, size_t count,
                                          struct hanse_paired_frame out[FRAMES], size_t *out_count,
                                          struct hanse_error *err)
{
    assert(count > 0);
    struct hanse_paired_frame made[FRAMES];
    size_t frames = 0;
    enum hanse_status status = prepare(pair, first_index, entries, count, made, &frames, err);
    if (status != HANSE_OK)
        return status;
    if (frames == FRAMES)
        deflate_both(pair);
    else
        (void)deflate_half(&pair->halves[0]);
    for (size_t i = 0; i < frames; i++) {
        const struct half *half = &pair->halves[i];
        if (half->status != HANSE_OK) {
            if (err != NULL)
                *err = half->err;
            return half->status;
        }
        made[i].stored = hanse_buffer_view(&half->stored);
    }
    if (frames == FRAMES)
        hanse_frame_encoder_follow(pair->halves[0].encoder, pair->halves[1].encoder);
    memcpy(out, made, frames * sizeof made[0]);
    *out_count = frames;
    return HANSE_OK;
}
