/* SPDX-License-Identifier: Apache-2.0 */
#include "net/pins.h"

#include <string.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"

enum { DIGEST_BYTES = 32, DIGEST_TEXT = 44 };

static const char prefix[] = "sha256//";

/* HANSE_MALFORMED, HANSE_NO_MEMORY. */
static enum hanse_status check_pin(struct hanse_bytes pin)
{
    size_t prefix_size = sizeof prefix - 1;
    if (pin.size != prefix_size + DIGEST_TEXT || memcmp(pin.data, prefix, prefix_size) != 0)
        return HANSE_MALFORMED;
    HANSE_SCOPED_BUFFER struct hanse_buffer digest;
    hanse_buffer_init(&digest, DIGEST_TEXT);
    enum hanse_status status =
        hanse_base64_decode(hanse_bytes_slice(pin, prefix_size, DIGEST_TEXT), &digest, NULL);
    return status == HANSE_OK && digest.size != DIGEST_BYTES ? HANSE_MALFORMED : status;
}

enum hanse_status hanse_pins_check(const char *pins, struct hanse_error *err)
{
    struct hanse_bytes all = hanse_bytes_of_text(pins);
    size_t start = 0;
    for (size_t count = 0; start <= all.size; count++) {
        size_t end = hanse_bytes_find(all, start, ';');
        if (count == HANSE_MAX_PINS)
            return hanse_fail_at(err, HANSE_INVALID_ARGUMENT, start, "more than %d pins: \"%.160s\"",
                                 HANSE_MAX_PINS, pins);
        enum hanse_status status = check_pin(hanse_bytes_slice(all, start, end - start));
        if (status == HANSE_NO_MEMORY)
            return hanse_fail_memory(err);
        if (status != HANSE_OK)
            return hanse_fail_at(
                err, HANSE_INVALID_ARGUMENT, start,
                "pin is not \"sha256//\" and 44 base64 characters (two are joined by \";\"): \"%.120s\"",
                pins);
        start = end + 1;
    }
    return HANSE_OK;
}
