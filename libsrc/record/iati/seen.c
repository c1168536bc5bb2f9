/* SPDX-License-Identifier: Apache-2.0 */
/* Open addressing over FNV-1a hashes. */
#include "record/iati/seen.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/limits.h"

enum { FIRST_CAPACITY = 1024, MAX_PROBES = 64 };

void hanse_iati_seen_init(struct hanse_iati_seen *seen)
{
    *seen = (struct hanse_iati_seen){0};
}

void hanse_iati_seen_release(struct hanse_iati_seen *seen)
{
    hanse_free(seen->slots);
    hanse_iati_seen_init(seen);
}

static uint64_t hash_of(const char *text)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *text != '\0'; text++)
        hash = (hash ^ (uint8_t)*text) * 0x100000001b3u;
    return hash != 0 ? hash : 1;
}

/* The slot that holds `hash` or the empty one where it belongs; `capacity` if it is too crowded there. */
static size_t slot_of(const uint64_t *slots, size_t capacity, uint64_t hash)
{
    size_t at = (size_t)hash & (capacity - 1);
    for (unsigned probes = 0; probes < MAX_PROBES; probes++) {
        if (slots[at] == 0 || slots[at] == hash)
            return at;
        at = (at + 1) & (capacity - 1);
    }
    return capacity;
}

static enum hanse_status grow(struct hanse_iati_seen *seen, struct hanse_error *err)
{
    size_t capacity = seen->capacity > 0 ? seen->capacity * 2 : FIRST_CAPACITY;
    uint64_t *slots = hanse_alloc_zeroed(capacity, sizeof *slots);
    if (slots == NULL)
        return hanse_fail_memory(err);
    for (size_t i = 0; i < seen->capacity; i++) {
        size_t at = seen->slots[i] != 0 ? slot_of(slots, capacity, seen->slots[i]) : capacity;
        if (at < capacity)
            slots[at] = seen->slots[i];
    }
    hanse_free(seen->slots);
    seen->slots = slots;
    seen->capacity = capacity;
    return HANSE_OK;
}

enum hanse_status hanse_iati_seen_add(struct hanse_iati_seen *seen, const char *identifier,
                                      bool *out_repeated, struct hanse_error *err)
{
    if (seen->count >= seen->capacity / 2 && seen->count < HANSE_MAX_IATI_IDENTIFIERS) {
        enum hanse_status status = grow(seen, err);
        if (status != HANSE_OK)
            return status;
    }
    uint64_t hash = hash_of(identifier);
    size_t at = slot_of(seen->slots, seen->capacity, hash);
    *out_repeated = at < seen->capacity && seen->slots[at] == hash;
    if (at < seen->capacity && seen->slots[at] == 0 && seen->count < HANSE_MAX_IATI_IDENTIFIERS) {
        seen->slots[at] = hash;
        seen->count++;
    }
    return HANSE_OK;
}
