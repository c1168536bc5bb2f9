/* SPDX-License-Identifier: Apache-2.0 */
/* Open addressing over the first half of SHA-256: nobody can make keys that are taken for each other. */
#include "record/line_set.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/limits.h"
#include "crypto/digest.h"

enum { FIRST_CAPACITY = 1024, KEY_BYTES = 16 };

struct hanse_line_set_slot {
    uint8_t key[KEY_BYTES];
    uint64_t line; /* 0: empty */
};

void hanse_line_set_init(struct hanse_line_set *set)
{
    *set = (struct hanse_line_set){0};
}

void hanse_line_set_release(struct hanse_line_set *set)
{
    hanse_free(set->slots);
    hanse_line_set_init(set);
}

/* Where the key is, or the empty slot where it belongs. There always is one: half of them stay empty. */
static struct hanse_line_set_slot *slot_of(struct hanse_line_set_slot *slots, size_t capacity,
                                           const uint8_t *key)
{
    size_t at = 0;
    memcpy(&at, key, sizeof at);
    for (at &= capacity - 1; slots[at].line != 0 && memcmp(slots[at].key, key, KEY_BYTES) != 0;)
        at = (at + 1) & (capacity - 1);
    return &slots[at];
}

static enum hanse_status grow(struct hanse_line_set *set, struct hanse_error *err)
{
    size_t capacity = set->capacity > 0 ? set->capacity * 2 : FIRST_CAPACITY;
    struct hanse_line_set_slot *slots = hanse_alloc_zeroed(capacity, sizeof *slots);
    if (slots == NULL)
        return hanse_fail_memory(err);
    for (size_t i = 0; i < set->capacity; i++)
        if (set->slots[i].line != 0)
            *slot_of(slots, capacity, set->slots[i].key) = set->slots[i];
    hanse_free(set->slots);
    set->slots = slots;
    set->capacity = capacity;
    return HANSE_OK;
}

enum hanse_status hanse_line_set_add(struct hanse_line_set *set, struct hanse_bytes key, uint64_t line,
                                     uint64_t *out_earlier, struct hanse_error *err)
{
    struct hanse_digest digest;
    enum hanse_status status = hanse_digest_compute(key, &digest, err);
    if (status == HANSE_OK && set->count >= set->capacity / 2)
        status = grow(set, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_line_set_slot *slot = slot_of(set->slots, set->capacity, digest.bytes);
    *out_earlier = slot->line;
    if (slot->line != 0)
        return HANSE_OK;
    if (set->count == HANSE_MAX_IMPORT_KEYS)
        return hanse_fail(err, HANSE_LIMIT, "input has more than %u records with a key",
                          HANSE_MAX_IMPORT_KEYS);
    memcpy(slot->key, digest.bytes, KEY_BYTES);
    slot->line = line;
    set->count++;
    return HANSE_OK;
}

enum hanse_status hanse_line_set_has(const struct hanse_line_set *set, struct hanse_bytes key, bool *out,
                                     struct hanse_error *err)
{
    struct hanse_digest digest;
    enum hanse_status status = hanse_digest_compute(key, &digest, err);
    if (status == HANSE_OK)
        *out = set->capacity > 0 && slot_of(set->slots, set->capacity, digest.bytes)->line != 0;
    return status;
}
