/* SPDX-License-Identifier: Apache-2.0 */
/* Verifier keys: ids, the text form, and which names and keys are refused. */
#include "log/verifier_key.h"

#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "crypto/digest.h"

enum { ID_BYTES = 4, ID_HEX_DIGITS = 8 };

/* White space beyond ASCII as Unicode lists it (White_Space), by its UTF-8 form. */
static const char *const unicode_spaces[] = {
    "\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81",
    "\xe2\x80\x82", "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86",
    "\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8",
    "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80",
};

static bool begins_with_space(struct hanse_bytes text)
{
    if (text.data[0] <= ' ')
        return true;
    if (text.data[0] < 0x80)
        return false;
    for (size_t i = 0; i < sizeof unicode_spaces / sizeof unicode_spaces[0]; i++) {
        struct hanse_bytes space = hanse_bytes_of_text(unicode_spaces[i]);
        if (hanse_bytes_equal(hanse_bytes_slice(text, 0, space.size), space))
            return true;
    }
    return false;
}

enum hanse_status hanse_key_name_check(struct hanse_bytes name, struct hanse_error *err)
{
    if (name.size == 0)
        return hanse_fail_at(err, HANSE_MALFORMED, 0, "key name is empty");
    size_t broken = hanse_utf8_check(name);
    if (broken < name.size)
        return hanse_fail_at(err, HANSE_MALFORMED, broken, "key name is not UTF-8");
    for (size_t i = 0; i < name.size; i++)
        if (name.data[i] == '+' || begins_with_space(hanse_bytes_slice(name, i, name.size - i)))
            return hanse_fail_at(err, HANSE_MALFORMED, i, "key name has white space or a plus sign");
    return HANSE_OK;
}

/* First four bytes of SHA-256(name || LF || type || public key). */
static enum hanse_status compute_id(struct hanse_bytes name, struct hanse_bytes material, uint32_t *out,
                                    struct hanse_error *err)
{
    struct hanse_hasher *hasher;
    enum hanse_status status = hanse_hasher_new(&hasher, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_digest digest;
    hanse_hasher_begin(hasher);
    hanse_hasher_add(hasher, name);
    hanse_hasher_add(hasher, hanse_bytes_of_text("\n"));
    hanse_hasher_add(hasher, material);
    hanse_hasher_finish(hasher, &digest);
    hanse_hasher_free(hasher);
    struct hanse_reader reader = hanse_reader_of(hanse_digest_view(&digest));
    *out = hanse_reader_u32_be(&reader);
    return HANSE_OK;
}

static enum hanse_status check_material(struct hanse_bytes material, struct hanse_error *err)
{
    if (material.size == 0)
        return hanse_fail(err, HANSE_MALFORMED, "verifier key is empty");
    if (material.data[0] != HANSE_KEY_ED25519 && material.data[0] != HANSE_KEY_COSIGNATURE)
        return hanse_fail(err, HANSE_UNSUPPORTED, "verifier key has the unknown type %u", material.data[0]);
    if (material.size != HANSE_KEY_MATERIAL_BYTES)
        return hanse_fail(err, HANSE_MALFORMED, "verifier key has %zu bytes instead of %d", material.size,
                          HANSE_KEY_MATERIAL_BYTES);
    return hanse_public_key_check(material.data + 1, err);
}

enum hanse_status hanse_verifier_key_init(struct hanse_bytes name, struct hanse_bytes material,
                                          struct hanse_verifier_key *out, struct hanse_error *err)
{
    if (name.size > HANSE_MAX_ORIGIN_BYTES)
        return hanse_fail_at(err, HANSE_LIMIT, HANSE_MAX_ORIGIN_BYTES, "key name has %zu bytes, more than %u",
                             name.size, HANSE_MAX_ORIGIN_BYTES);
    enum hanse_status status = hanse_key_name_check(name, err);
    if (status == HANSE_OK)
        status = check_material(material, err);
    uint32_t id = 0;
    if (status == HANSE_OK)
        status = compute_id(name, material, &id, err);
    if (status != HANSE_OK)
        return status;
    *out = (struct hanse_verifier_key){.id = id};
    memcpy(out->name, name.data, name.size);
    memcpy(out->material, material.data, material.size);
    return HANSE_OK;
}

/* The two plus signs of the text; the base64 behind them may have more. */
static bool split_text(struct hanse_bytes text, struct hanse_bytes *name, struct hanse_bytes *hex,
                       struct hanse_bytes *base64)
{
    size_t first = hanse_bytes_find(text, 0, '+');
    size_t second = hanse_bytes_find(text, first + 1, '+');
    if (second >= text.size)
        return false;
    *name = hanse_bytes_slice(text, 0, first);
    *hex = hanse_bytes_slice(text, first + 1, second - first - 1);
    *base64 = hanse_bytes_slice(text, second + 1, text.size);
    return true;
}

enum hanse_status hanse_verifier_key_decode(struct hanse_bytes text, struct hanse_verifier_key *out,
                                            struct hanse_error *err)
{
    struct hanse_bytes name;
    struct hanse_bytes hex;
    struct hanse_bytes base64;
    uint8_t id[ID_BYTES];
    if (!split_text(text, &name, &hex, &base64))
        return hanse_fail_at(err, HANSE_MALFORMED, text.size, "verifier key lacks its two plus signs");
    if (!hanse_hex_decode(hex, id, sizeof id))
        return hanse_fail_at(err, HANSE_MALFORMED, name.size + 1,
                             "verifier key has no key id of %d hexadecimal digits", ID_HEX_DIGITS);
    HANSE_SCOPED_BUFFER struct hanse_buffer material;
    hanse_buffer_init(&material, HANSE_MAX_ORIGIN_BYTES);
    enum hanse_status status = hanse_base64_decode(base64, &material, err);
    struct hanse_verifier_key key;
    if (status == HANSE_OK)
        status = hanse_verifier_key_init(name, hanse_buffer_view(&material), &key, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_reader reader = hanse_reader_of(hanse_bytes_of(id, sizeof id));
    if (hanse_reader_u32_be(&reader) != key.id)
        return hanse_fail_at(err, HANSE_MALFORMED, name.size + 1,
                             "verifier key has the id of another name or key; its own is %08x", key.id);
    *out = key;
    return HANSE_OK;
}

enum hanse_status hanse_verifier_key_encode(const struct hanse_verifier_key *key, struct hanse_buffer *out,
                                            struct hanse_error *err)
{
    size_t before = out->size;
    enum hanse_status status = hanse_buffer_append_format(out, err, "%s+%08x+", key->name, key->id);
    if (status == HANSE_OK)
        status = hanse_base64_encode(hanse_bytes_of(key->material, sizeof key->material), out, err);
    if (status != HANSE_OK)
        out->size = before;
    return status;
}

enum hanse_key_type hanse_verifier_key_type(const struct hanse_verifier_key *key)
{
    return (enum hanse_key_type)key->material[0];
}

const uint8_t *hanse_verifier_key_public(const struct hanse_verifier_key *key)
{
    return key->material + 1;
}

enum hanse_status hanse_signer_init(struct hanse_bytes name, enum hanse_key_type type,
                                    const struct hanse_signing_key *signing_key, struct hanse_signer *out,
                                    struct hanse_error *err)
{
    uint8_t material[HANSE_KEY_MATERIAL_BYTES] = {(uint8_t)type};
    hanse_signing_key_public(signing_key, material + 1);
    struct hanse_verifier_key key;
    enum hanse_status status =
        hanse_verifier_key_init(name, hanse_bytes_of(material, sizeof material), &key, err);
    if (status == HANSE_OK)
        *out = (struct hanse_signer){.key = key, .signing_key = signing_key};
    return status;
}
