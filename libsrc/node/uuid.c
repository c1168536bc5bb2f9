/* SPDX-License-Identifier: Apache-2.0 */
#include "node/uuid.h"

#include <ctype.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "crypto/random.h"

enum hanse_status hanse_uuid_make(uint64_t unix_ms, uint8_t out[16], struct hanse_error *err)
{
    uint8_t uuid[16];
    enum hanse_status status = hanse_random_fill(uuid, sizeof uuid, err);
    if (status != HANSE_OK)
        return status;
    for (size_t i = 0; i < 6; i++)
        uuid[i] = (uint8_t)(unix_ms >> (8 * (5 - i)));
    uuid[6] = (uint8_t)(0x70 | (uuid[6] & 0x0f));
    uuid[8] = (uint8_t)(0x80 | (uuid[8] & 0x3f));
    memcpy(out, uuid, sizeof uuid);
    return HANSE_OK;
}

void hanse_uuid_encode(const uint8_t uuid[16], char out[HANSE_UUID_TEXT_BYTES])
{
    char hex[33];
    hanse_hex_encode(hanse_bytes_of(uuid, 16), hex);
    size_t at = 0;
    for (size_t i = 0; i < 32; i++) {
        if (i == 8 || i == 12 || i == 16 || i == 20)
            out[at++] = '-';
        out[at++] = hex[i];
    }
    out[at] = '\0';
}

bool hanse_uuid_decode(const char *text, uint8_t out[16])
{
    char hex[32];
    size_t digits = 0;
    bool hyphens = strlen(text) == 36;
    for (size_t i = 0; text[i] != '\0'; i++) {
        bool at_hyphen = hyphens && (i == 8 || i == 13 || i == 18 || i == 23);
        if (at_hyphen && text[i] == '-')
            continue;
        if (at_hyphen || digits == sizeof hex)
            return false;
        hex[digits++] = (char)tolower((unsigned char)text[i]);
    }
    return hanse_hex_decode(hanse_bytes_of(hex, digits), out, 16);
}
