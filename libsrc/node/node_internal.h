/* SPDX-License-Identifier: Apache-2.0 */
/* The open node, as the files of this folder share it. */
#ifndef HANSE_NODE_NODE_INTERNAL_H
#define HANSE_NODE_NODE_INTERNAL_H

#include <hanse/node.h>

#include "base/file.h"
#include "index/index.h"
#include "index/staging.h"
#include "log/verifier_key.h"
#include "node/files/feed_store.h"

enum { HANSE_MAX_OWN_FEEDS = 256, HANSE_LOCK_TIMEOUT_MS = 10000 };

struct hanse_node {
    struct hanse_path dir;
    char *own_origins[HANSE_MAX_OWN_FEEDS]; /* as configured; the first is served at "/" */
    size_t own_count;
    char *state_dir; /* as configured; NULL: the default */
    struct hanse_index *index;
    struct hanse_staging *staging;
    bool read_only; /* who runs this may read it, and not write it */
};

/* As hanse_node_open, for init: nothing says yet that the folder is a node. */
HANSE_MUST_CHECK enum hanse_status hanse_node_open_unfinished(const char *dir, struct hanse_node **out,
                                                              struct hanse_error *err);
/* The lock of writers: held until hanse_file_close(lock). Ends what a crashed writer left pending.
 * HANSE_LOCKED, HANSE_IO; HANSE_DENIED: the node may only be read. */
HANSE_MUST_CHECK enum hanse_status hanse_node_lock(struct hanse_node *node, struct hanse_file *lock,
                                                   struct hanse_error *err);
/* For who only reads and needs the files to stay as they are meanwhile: as before, but on a read-only node a
 * lock that readers share. */
HANSE_MUST_CHECK enum hanse_status hanse_node_lock_reading(struct hanse_node *node, struct hanse_file *lock,
                                                           struct hanse_error *err);
/* Folder of a feed. HANSE_LIMIT. */
HANSE_MUST_CHECK enum hanse_status hanse_node_feed_dir(const struct hanse_node *node, const char *origin,
                                                       struct hanse_path *out, struct hanse_error *err);
/* The own feeds of the configuration have their rows in the index; a lost index gets them back. Needs the
 * lock. Errors of the index and of the key files. */
HANSE_MUST_CHECK enum hanse_status hanse_node_restore_own_rows(struct hanse_node *node,
                                                               struct hanse_error *err);
bool hanse_node_owns(const struct hanse_node *node, const char *origin);

/* Where an error of a function below puts the feed's texts: index views die at the next call, so they are
 * copied. */
struct hanse_feed_row {
    struct hanse_index_feed feed; /* its texts point into the arena */
    struct hanse_arena arena;
    bool erases; /* an ERASE entry took effect while entries were indexed */
};
/* The feed of an origin or name, with its texts copied. HANSE_NOT_FOUND. Released after failure too. */
HANSE_MUST_CHECK enum hanse_status hanse_feed_row_get(struct hanse_node *node, const char *origin_or_name,
                                                      struct hanse_feed_row *out, struct hanse_error *err);
void hanse_feed_row_release(struct hanse_feed_row *row);
/* Copies a row that the index hands out. HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_feed_row_copy(const struct hanse_index_feed *feed,
                                                       struct hanse_feed_row *out, struct hanse_error *err);
#define HANSE_SCOPED_ROW __attribute__((cleanup(hanse_feed_row_release)))
/* What is verified of the feed: from the row, or the empty tree with its key. HANSE_MALFORMED. */
HANSE_MUST_CHECK enum hanse_status
hanse_feed_row_state(const struct hanse_feed_row *row, struct hanse_feed_state *out, struct hanse_error *err);

/* Called for each entry that the index is about to take; a status but HANSE_OK stops. NULL: no check. */
typedef enum hanse_status hanse_entry_check(void *context, const struct hanse_verified_entry *entry,
                                            struct hanse_error *err);
/* Replays a feed's files from the row's state to `size` and `root` into the index, inside the caller's
 * transaction, and moves the row on (not yet put). Errors of replay and hanse_verifier_end. */
HANSE_MUST_CHECK enum hanse_status
hanse_feed_index_entries(struct hanse_node *node, struct hanse_feed_row *row,
                         const struct hanse_feed_store *store, uint64_t size, const struct hanse_digest *root,
                         hanse_entry_check *check, void *context, struct hanse_feed_state *out_state,
                         struct hanse_error *err);
/* Puts a row whose entries are indexed up to the state. */
HANSE_MUST_CHECK enum hanse_status hanse_feed_row_put(struct hanse_node *node, struct hanse_feed_row *row,
                                                      const struct hanse_feed_state *state,
                                                      struct hanse_error *err);
/* Whether the note is a checkpoint of the origin and signed by the state's key (by both, right at a KEY
 * entry). HANSE_BAD_SIGNATURE, HANSE_MALFORMED. */
HANSE_MUST_CHECK enum hanse_status hanse_feed_state_judge(const struct hanse_feed_state *state,
                                                          const char *origin, struct hanse_bytes note,
                                                          struct hanse_error *err);
/* Brings the index up to the checkpoint in the feed's folder; rebuilds it where it contradicts the folder.
 * Takes no lock. Errors as above: the index is unchanged then. */
HANSE_MUST_CHECK enum hanse_status hanse_feed_catch_up(struct hanse_node *node, const char *origin,
                                                       struct hanse_error *err);
/* As before, but a damaged feed is left as it is (HANSE_OK): it is for `verify` to name, and must not keep
 * the others from use. */
HANSE_MUST_CHECK enum hanse_status hanse_feed_catch_up_if_sound(struct hanse_node *node, const char *origin,
                                                                struct hanse_error *err);

/* Key files: "PRIVATE+KEY+name+hex8+base64(type || seed)" as Go's sumdb/note writes them, mode 0600. */
HANSE_MUST_CHECK enum hanse_status hanse_key_file_write(const char *path, const struct hanse_signer *signer,
                                                        struct hanse_error *err);
/* *out_key is the caller's and is what *out_signer borrows. HANSE_NOT_FOUND, HANSE_MALFORMED, HANSE_IO. */
HANSE_MUST_CHECK enum hanse_status hanse_key_file_read(const char *path, struct hanse_signing_key **out_key,
                                                       struct hanse_signer *out_signer,
                                                       struct hanse_error *err);

/* The key that is there, or a new one for the origin, durable. Errors as above. */
HANSE_MUST_CHECK enum hanse_status hanse_key_file_provide(const char *path, const char *origin,
                                                          struct hanse_signing_key **out_key,
                                                          struct hanse_signer *out_signer,
                                                          struct hanse_error *err);

/* Ends a publish that a crash cut off after its checkpoint was signed; needs the lock. */
HANSE_MUST_CHECK enum hanse_status hanse_pending_finish(struct hanse_node *node, const char *origin,
                                                        struct hanse_error *err);

#endif
