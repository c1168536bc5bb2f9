/* SPDX-License-Identifier: Apache-2.0 */
/* Key files: part of node_internal.h. */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "crypto/signing_key.h"
#include "node/node_internal.h"

#define KEY_FILE_PREFIX "PRIVATE+KEY+"
enum { KEY_FILE_BYTES = 512, KEY_DATA_BYTES = 1 + HANSE_SEED_BYTES };

static void wipe(struct hanse_buffer *buffer)
{
    if (buffer->data != NULL)
        hanse_secret_wipe(buffer->data, buffer->capacity);
    hanse_buffer_release(buffer);
}
#define SECRET_BUFFER __attribute__((cleanup(wipe))) struct hanse_buffer

enum hanse_status hanse_key_file_write(const char *path, const struct hanse_signer *signer,
                                       struct hanse_error *err)
{
    uint8_t data[KEY_DATA_BYTES] = {signer->key.material[0]};
    hanse_signing_key_seed(signer->signing_key, data + 1);
    SECRET_BUFFER text;
    hanse_buffer_init(&text, KEY_FILE_BYTES);
    enum hanse_status status = hanse_buffer_reserve(&text, KEY_FILE_BYTES - 1, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_format(&text, err, KEY_FILE_PREFIX "%s+%08x+", signer->key.name,
                                            (unsigned)signer->key.id);
    if (status == HANSE_OK)
        status = hanse_base64_encode(hanse_bytes_of(data, sizeof data), &text, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_text(&text, "\n", err);
    if (status == HANSE_OK)
        status = hanse_file_replace(path, hanse_buffer_view(&text), HANSE_MODE_PRIVATE_FILE, err);
    hanse_secret_wipe(data, sizeof data);
    return status;
}

/* Splits "PRIVATE+KEY+name+hex8+base64\n". The key id, which is made of name and key, is their checksum. */
static bool split(struct hanse_bytes text, struct hanse_bytes *name, uint8_t key_id[4],
                  struct hanse_bytes *data)
{
    size_t prefix = sizeof KEY_FILE_PREFIX - 1;
    if (text.size > 0 && text.data[text.size - 1] == '\n')
        text.size--;
    if (!hanse_bytes_equal(hanse_bytes_slice(text, 0, prefix), hanse_bytes_of_text(KEY_FILE_PREFIX)))
        return false;
    size_t name_end = hanse_bytes_find(text, prefix, '+');
    size_t id_end = hanse_bytes_find(text, name_end + 1, '+');
    if (id_end >= text.size)
        return false;
    *name = hanse_bytes_slice(text, prefix, name_end - prefix);
    *data = hanse_bytes_slice(text, id_end + 1, text.size);
    return hanse_hex_decode(hanse_bytes_slice(text, name_end + 1, id_end - name_end - 1), key_id, 4);
}

static enum hanse_status fail_unreadable(const char *path, struct hanse_error *err)
{
    return hanse_fail(err, HANSE_MALFORMED, "key file \"%s\" is not readable: restore it from your backup",
                      path);
}

enum hanse_status hanse_key_file_read(const char *path, struct hanse_signing_key **out_key,
                                      struct hanse_signer *out_signer, struct hanse_error *err)
{
    SECRET_BUFFER text;
    SECRET_BUFFER data;
    hanse_buffer_init(&text, KEY_FILE_BYTES);
    hanse_buffer_init(&data, KEY_FILE_BYTES);
    struct hanse_bytes name;
    struct hanse_bytes encoded;
    uint8_t key_id[4];
    enum hanse_status status = hanse_file_read(path, KEY_FILE_BYTES - 1, &text, err);
    if (status != HANSE_OK)
        return status;
    if (!split(hanse_buffer_view(&text), &name, key_id, &encoded))
        return fail_unreadable(path, err);
    status = hanse_base64_decode(encoded, &data, err);
    if (status == HANSE_NO_MEMORY)
        return status;
    if (status != HANSE_OK || data.size != KEY_DATA_BYTES || data.data[0] != HANSE_KEY_ED25519)
        return fail_unreadable(path, err);
    struct hanse_signing_key *key = NULL;
    struct hanse_signer signer;
    status = hanse_signing_key_from_seed(data.data + 1, &key, err);
    if (status == HANSE_OK)
        status = hanse_signer_init(name, HANSE_KEY_ED25519, key, &signer, err);
    uint32_t written_id = (uint32_t)key_id[0] << 24 | (uint32_t)key_id[1] << 16 | (uint32_t)key_id[2] << 8 |
                          (uint32_t)key_id[3];
    if (status == HANSE_INVALID_ARGUMENT || status == HANSE_MALFORMED ||
        (status == HANSE_OK && signer.key.id != written_id))
        status = fail_unreadable(path, err);
    if (status != HANSE_OK) {
        hanse_signing_key_free(key);
        return status;
    }
    *out_key = key;
    *out_signer = signer;
    return HANSE_OK;
}

enum hanse_status hanse_key_file_provide(const char *path, const char *origin,
                                         struct hanse_signing_key **out_key, struct hanse_signer *out_signer,
                                         struct hanse_error *err)
{
    if (hanse_file_exists(path))
        return hanse_key_file_read(path, out_key, out_signer, err);
    struct hanse_signing_key *key = NULL;
    enum hanse_status status = hanse_signing_key_generate(&key, err);
    if (status == HANSE_OK)
        status = hanse_signer_init(hanse_bytes_of_text(origin), HANSE_KEY_ED25519, key, out_signer, err);
    if (status == HANSE_OK)
        status = hanse_key_file_write(path, out_signer, err);
    if (status != HANSE_OK) {
        hanse_signing_key_free(key);
        return status;
    }
    *out_key = key;
    return HANSE_OK;
}
