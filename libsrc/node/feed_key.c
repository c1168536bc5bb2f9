/* SPDX-License-Identifier: Apache-2.0 */
#include "node/feed_key.h"

#include "base/bytes.h"
#include "base/error.h"

enum hanse_status hanse_feed_key_decode(const char *text, struct hanse_verifier_key *out,
                                        struct hanse_error *err)
{
    enum hanse_status status = hanse_verifier_key_decode(hanse_bytes_of_text(text), out, err);
    if (status != HANSE_OK) {
        (void)hanse_fail_within(err, status, "verifier key \"%.160s\"", text);
        return status == HANSE_NO_MEMORY ? status : hanse_fail_as(err, HANSE_INVALID_ARGUMENT);
    }
    if (hanse_verifier_key_type(out) != HANSE_KEY_ED25519)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "verifier key \"%.160s\" is a witness's, not a feed's",
                          text);
    return HANSE_OK;
}

enum hanse_status hanse_feed_key_encode(const char *origin, const uint8_t material[33],
                                        struct hanse_buffer *out, struct hanse_error *err)
{
    struct hanse_verifier_key key;
    enum hanse_status status =
        hanse_verifier_key_init(hanse_bytes_of_text(origin), hanse_bytes_of(material, 33), &key, err);
    if (status == HANSE_OK)
        status = hanse_verifier_key_encode(&key, out, err);
    return status == HANSE_OK ? hanse_buffer_append_u8(out, 0, err) : status;
}
