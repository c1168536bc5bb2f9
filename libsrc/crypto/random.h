/* SPDX-License-Identifier: Apache-2.0 */
/* Unpredictable bytes: salts, ids, generations, nonces. */
#ifndef HANSE_CRYPTO_RANDOM_H
#define HANSE_CRYPTO_RANDOM_H

#include <hanse/status.h>

/* Fills all `size` bytes. HANSE_CRYPTO: the generator has no entropy; `out` must not be used then. */
HANSE_MUST_CHECK enum hanse_status hanse_random_fill(uint8_t *out, size_t size, struct hanse_error *err);

#endif
