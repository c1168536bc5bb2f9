/* SPDX-License-Identifier: Apache-2.0 */
/* Frames end with a hash that no mutation meets: it is put right, to reach what lies behind it. */
#ifndef HANSE_FUZZ_FRAME_CHECK_H
#define HANSE_FUZZ_FRAME_CHECK_H

#include "fuzz.h"

#include "crypto/digest.h"
#include "feed/frame.h"
#include "feed/frame_form.h"

/* How long the frame at the start of `bytes` says it is; 0 if it does not say so, or has not all of it. */
FUZZ_UNUSED static size_t fuzz_frame_bytes(struct hanse_bytes bytes)
{
    struct hanse_frame_start start;
    if (hanse_frame_peek(bytes, &start, NULL) != HANSE_OK || start.frame_bytes > bytes.size)
        return 0;
    return start.frame_bytes;
}

/* For each whole frame of a file. */
FUZZ_UNUSED static void fuzz_mend_checks(uint8_t *data, size_t size)
{
    struct hanse_bytes file = hanse_bytes_of(data, size);
    for (size_t at = 0, frame = 0; (frame = fuzz_frame_bytes(hanse_bytes_slice(file, at, size))) > 0;
         at += frame) {
        struct hanse_digest digest;
        size_t checked = frame - HANSE_FRAME_CHECK_BYTES;
        fuzz_must(hanse_digest_compute(hanse_bytes_of(data + at, checked), &digest, NULL));
        memcpy(data + at + checked, digest.bytes, HANSE_FRAME_CHECK_BYTES);
    }
}

#endif
