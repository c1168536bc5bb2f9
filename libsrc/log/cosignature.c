/* SPDX-License-Identifier: Apache-2.0 */
/* Cosignatures: the signed message is two lines before the text of the checkpoint. */
#include "log/cosignature.h"

#include <inttypes.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "log/note.h"

enum { TIME_BYTES = 8, PREFIX_BYTES = 64 };

/* "cosignature/v1\ntime <decimal>\n" and the text. */
static enum hanse_status message_of(struct hanse_bytes text, uint64_t unix_s, struct hanse_buffer *out,
                                    struct hanse_error *err)
{
    enum hanse_status status =
        hanse_buffer_append_format(out, err, "cosignature/v1\ntime %" PRIu64 "\n", unix_s);
    return status == HANSE_OK ? hanse_buffer_append(out, text, err) : status;
}

enum hanse_status hanse_cosignature_sign(const struct hanse_signer *signer, struct hanse_bytes text,
                                         uint64_t unix_s, struct hanse_buffer *out, struct hanse_error *err)
{
    if (hanse_verifier_key_type(&signer->key) != HANSE_KEY_COSIGNATURE || unix_s > INT64_MAX)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "key \"%s\" cannot give this cosignature",
                          signer->key.name);
    HANSE_SCOPED_BUFFER struct hanse_buffer message;
    hanse_buffer_init(&message, HANSE_MAX_NOTE_BYTES + PREFIX_BYTES);
    HANSE_SCOPED_BUFFER struct hanse_buffer signature;
    hanse_buffer_init(&signature, TIME_BYTES + HANSE_SIGNATURE_BYTES);
    uint8_t signed_bytes[HANSE_SIGNATURE_BYTES];
    enum hanse_status status = message_of(text, unix_s, &message, err);
    if (status == HANSE_OK)
        status = hanse_signing_key_sign(signer->signing_key, hanse_buffer_view(&message), signed_bytes, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_be(&signature, unix_s, TIME_BYTES, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append(&signature, hanse_bytes_of(signed_bytes, sizeof signed_bytes), err);
    if (status == HANSE_OK)
        status = hanse_note_line_encode(&signer->key, hanse_buffer_view(&signature), out, err);
    return status;
}

enum hanse_status hanse_cosignature_verify(const struct hanse_verifier_key *key, struct hanse_bytes text,
                                           struct hanse_bytes signature, uint64_t *out_unix_s,
                                           struct hanse_error *err)
{
    if (hanse_verifier_key_type(key) != HANSE_KEY_COSIGNATURE)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "key \"%s\" gives no cosignatures", key->name);
    struct hanse_reader reader = hanse_reader_of(signature);
    uint64_t unix_s = hanse_reader_u64_be(&reader);
    struct hanse_bytes signed_bytes = hanse_reader_take(&reader, HANSE_SIGNATURE_BYTES);
    if (!hanse_reader_done(&reader) || unix_s > INT64_MAX)
        return hanse_fail(err, HANSE_BAD_SIGNATURE, "cosignature of \"%s\" has a wrong length or time",
                          key->name);
    HANSE_SCOPED_BUFFER struct hanse_buffer message;
    hanse_buffer_init(&message, HANSE_MAX_NOTE_BYTES + PREFIX_BYTES);
    enum hanse_status status = message_of(text, unix_s, &message, err);
    if (status == HANSE_OK)
        status = hanse_public_key_verify(hanse_verifier_key_public(key), hanse_buffer_view(&message),
                                         signed_bytes.data, err);
    if (status == HANSE_OK)
        *out_unix_s = unix_s;
    return status;
}
