/* SPDX-License-Identifier: Apache-2.0 */
/* Random bytes from OpenSSL's generator, which seeds itself from the operating system. */
#include "crypto/random.h"

#include <limits.h>

#include <openssl/err.h>
#include <openssl/rand.h>

#include "base/error.h"

enum hanse_status hanse_random_fill(uint8_t *out, size_t size, struct hanse_error *err)
{
    while (size > 0) {
        int step = size < INT_MAX ? (int)size : INT_MAX;
        if (RAND_bytes(out, step) != 1)
            return hanse_fail_library(err, HANSE_CRYPTO, (int)ERR_get_error(),
                                      "random generator gives no bytes");
        out += step;
        size -= (size_t)step;
    }
    return HANSE_OK;
}
