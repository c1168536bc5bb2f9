/* SPDX-License-Identifier: Apache-2.0 */
#include "node/pending.h"

#include <inttypes.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "node/files/layout.h"
#include "node/outside_state.h"
#include "node/rotation.h"

enum hanse_status hanse_pending_write(struct hanse_node *node, const char *origin, uint64_t staged_upto,
                                      struct hanse_bytes note, struct hanse_error *err)
{
    struct hanse_path path;
    struct hanse_buffer text __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&text, HANSE_MAX_NOTE_BYTES + 64);
    enum hanse_status status = hanse_layout_pending(node->dir.text, origin, &path, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_format(&text, err, "%" PRIu64 "\n", staged_upto);
    if (status == HANSE_OK)
        status = hanse_buffer_append(&text, note, err);
    return status == HANSE_OK
               ? hanse_file_replace(path.text, hanse_buffer_view(&text), HANSE_MODE_PRIVATE_FILE, err)
               : status;
}

/* Notes outside of the node what is about to be shown: the crash may have come before that. */
static enum hanse_status note_outside(struct hanse_node *node, const char *origin,
                                      const struct hanse_checkpoint *pending, struct hanse_error *err)
{
    HANSE_SCOPED_ROW struct hanse_feed_row row;
    struct hanse_outside_state state = {.size = pending->size, .root = pending->root};
    enum hanse_status status = hanse_feed_row_get(node, origin, &row, err);
    return status == HANSE_OK ? hanse_outside_state_raise(node, origin, row.feed.key, &state, err) : status;
}

/* Puts the note into public/ unless it is there already. It never takes the place of a later one or of
 * another root for its size. */
static enum hanse_status show_checkpoint(struct hanse_node *node, const char *origin, struct hanse_bytes note,
                                         struct hanse_error *err)
{
    struct hanse_path dir;
    struct hanse_path path;
    struct hanse_note parsed;
    struct hanse_checkpoint pending;
    enum hanse_status status = hanse_node_feed_dir(node, origin, &dir, err);
    if (status == HANSE_OK)
        status = hanse_path_format(&path, err, "%s/checkpoint", dir.text);
    if (status != HANSE_OK)
        return status;
    HANSE_SCOPED_STORE struct hanse_feed_store store;
    status = hanse_feed_store_open(&store, dir.text, err);
    if (status == HANSE_OK && hanse_bytes_equal(hanse_buffer_view(&store.checkpoint), note))
        return HANSE_OK;
    if (status == HANSE_OK)
        status = hanse_note_decode(note, &parsed, err);
    if (status == HANSE_OK)
        status = hanse_checkpoint_decode(parsed.text, &pending, err);
    if (status == HANSE_OK && pending.size <= store.size)
        status = hanse_fail(err, HANSE_MISMATCH,
                            "pending publish of \"%s\" ends at entry %" PRIu64 ", its feed at %" PRIu64
                            ": the node was put together from two backups",
                            origin, pending.size, store.size);
    if (status == HANSE_OK)
        status = note_outside(node, origin, &pending, err);
    return status == HANSE_OK ? hanse_file_replace(path.text, note, HANSE_MODE_PUBLIC_FILE, err) : status;
}

enum hanse_status hanse_pending_finish(struct hanse_node *node, const char *origin, struct hanse_error *err)
{
    struct hanse_path path;
    struct hanse_buffer text __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&text, HANSE_MAX_NOTE_BYTES + 64);
    enum hanse_status status = hanse_layout_pending(node->dir.text, origin, &path, err);
    if (status != HANSE_OK || !hanse_file_exists(path.text))
        return status;
    status = hanse_file_read(path.text, HANSE_MAX_NOTE_BYTES + 32, &text, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_bytes all = hanse_buffer_view(&text);
    size_t end = hanse_bytes_find(all, 0, '\n');
    uint64_t staged_upto;
    if (!hanse_decimal_decode(hanse_bytes_slice(all, 0, end), &staged_upto))
        return hanse_fail(err, HANSE_MALFORMED, "pending publish \"%s\" is not readable", path.text);
    struct hanse_bytes note = hanse_bytes_slice(all, end + 1, all.size);
    bool rotates = false;
    status = hanse_rotation_is_pending(node, origin, note, &rotates, err);
    if (status == HANSE_OK && rotates)
        status = hanse_rotation_announce(node, origin, note, err);
    if (status == HANSE_OK)
        status = show_checkpoint(node, origin, note, err);
    if (status == HANSE_OK)
        status = hanse_feed_catch_up(node, origin, err);
    if (status == HANSE_OK && rotates)
        status = hanse_rotation_install(node, origin, err);
    if (status == HANSE_OK)
        status = hanse_staging_remove_published(node->staging, origin, staged_upto, err);
    if (status == HANSE_OK)
        status = hanse_file_remove(path.text, err);
    /* Were it to come back, it would drop changes that staging, made anew, gave the same numbers. */
    if (status == HANSE_OK)
        status = hanse_layout_private(node->dir.text, "pending", &path, err);
    return status == HANSE_OK ? hanse_file_sync_dir(path.text, err) : status;
}
