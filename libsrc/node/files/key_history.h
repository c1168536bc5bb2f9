/* SPDX-License-Identifier: Apache-2.0 */
/* The KEY entries of a feed as its entries gave them, and whether the key change files say the same
 * (docs/protocol.md, "Keys"). */
#ifndef HANSE_NODE_FILES_KEY_HISTORY_H
#define HANSE_NODE_FILES_KEY_HISTORY_H

#include "feed/key_chain.h"
#include "feed/verifier.h"
#include "node/files/feed_store.h"

struct hanse_key_moment {
    uint64_t index;
    struct hanse_digest leaf;
    uint8_t key[33]; /* that the entry names */
    bool has_root;   /* the root of the tree that ends with the entry is known */
    struct hanse_digest root;
};
/* All zeroes is the empty history. */
struct hanse_key_history {
    struct hanse_key_moment *items;
    size_t count;
    size_t capacity;
};
void hanse_key_history_release(struct hanse_key_history *history);
/* Takes the entry if it is a valid KEY entry. HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_key_history_add(struct hanse_key_history *history,
                                                         const struct hanse_verified_entry *entry,
                                                         struct hanse_error *err);
/* The tree of `size` has this root: kept if the last KEY entry ends it. */
void hanse_key_history_set_root(struct hanse_key_history *history, uint64_t size,
                                const struct hanse_digest *root);
/* The key that a chain of all key changes begins with: that of entry 0, or the known one where entry 0 names
 * none. */
const uint8_t *hanse_key_history_start(const struct hanse_key_history *history, const uint8_t known_key[33]);
/* First moment that has a key change file: entry 0 has none. */
size_t hanse_key_history_first_change(const struct hanse_key_history *history);

/* Whether a file is the key change of a moment; the chain moves on. HANSE_BAD_SIGNATURE: it breaks a rule of
 * key changes; HANSE_MISMATCH: it is another tree's; HANSE_NO_MEMORY, HANSE_CRYPTO. */
HANSE_MUST_CHECK enum hanse_status hanse_key_moment_check(const struct hanse_key_moment *moment,
                                                          struct hanse_key_chain *chain,
                                                          struct hanse_bytes file, struct hanse_error *err);
/* Whether the store has the key change of each moment. HANSE_TRUNCATED: one is not there; errors as above. */
HANSE_MUST_CHECK enum hanse_status hanse_key_history_verify(const struct hanse_key_history *history,
                                                            const char *origin, const uint8_t known_key[33],
                                                            const struct hanse_feed_store *store,
                                                            struct hanse_error *err);
/* Whether the store's checkpoint is signed by the known key, or by one that its key changes lead to from
 * there. HANSE_BAD_SIGNATURE, HANSE_NO_MEMORY, HANSE_CRYPTO, HANSE_IO. */
HANSE_MUST_CHECK enum hanse_status hanse_feed_store_judge(const struct hanse_feed_store *store,
                                                          const char *origin, const uint8_t known_key[33],
                                                          struct hanse_error *err);
/* Clears `out` and reads hanse/key/<ordinal> of the store into it. HANSE_NOT_FOUND; HANSE_BAD_SIGNATURE: it
 * is too long; HANSE_IO, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_feed_store_read_key(const struct hanse_feed_store *store,
                                                             unsigned ordinal, struct hanse_buffer *out,
                                                             struct hanse_error *err);
/* Number of key changes in the store whose KEY entry lies below `size`. HANSE_MALFORMED, HANSE_IO,
 * HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_feed_store_count_keys(const struct hanse_feed_store *store,
                                                               uint64_t size, unsigned *out,
                                                               struct hanse_error *err);
/* Those key changes, copied into the arena. Errors as above; HANSE_LIMIT: they do not fit into it. */
HANSE_MUST_CHECK enum hanse_status hanse_feed_store_read_keys(const struct hanse_feed_store *store,
                                                              uint64_t size, struct hanse_arena *arena,
                                                              const struct hanse_bytes **out,
                                                              size_t *out_count, struct hanse_error *err);

#endif
