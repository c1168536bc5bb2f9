/* SPDX-License-Identifier: Apache-2.0 */
/* Giving an own feed its next key: a publish whose only entry names it. */
#include <hanse/key.h>

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "node/feed_key.h"
#include "node/files/key_history.h"
#include "node/files/layout.h"
#include "node/publish/publishing.h"
#include "node/rotation.h"

enum { ARENA_BYTES = 1 << 20 };

struct rotating {
    struct hanse_publishing publishing;
    struct hanse_signing_key *next_key;
    struct hanse_signer next;
};

static void release(struct rotating *it)
{
    hanse_publishing_release(&it->publishing);
    hanse_signing_key_free(it->next_key);
}

/* What else the feed's newest KEY entry says stays as it is: its other keys are not changed by this. */
static enum hanse_status current_keys(const struct hanse_publishing *publishing, struct hanse_arena *arena,
                                      struct hanse_header *out, struct hanse_error *err)
{
    struct hanse_entry_reader *reader = NULL;
    const struct hanse_frame_entry *entry;
    struct hanse_digest leaf;
    *out = (struct hanse_header){.operation = HANSE_OPERATION_KEY};
    if (publishing->state.key_index == UINT64_MAX)
        return HANSE_OK;
    HANSE_SCOPED_STORE struct hanse_feed_store store;
    enum hanse_status status = hanse_feed_store_open(&store, publishing->dir.text, err);
    if (status == HANSE_OK)
        status = hanse_entry_reader_new(&store, &reader, err);
    if (status == HANSE_OK)
        status = hanse_entry_reader_get(reader, publishing->state.key_index, &entry, &leaf, err);
    if (status == HANSE_OK)
        status = hanse_header_decode(entry->header, arena, out, err);
    hanse_entry_reader_free(reader);
    return status;
}

static enum hanse_status append_key(struct rotating *it, struct hanse_error *err)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    struct hanse_header header;
    hanse_arena_init(&arena, ARENA_BYTES);
    enum hanse_status status = current_keys(&it->publishing, &arena, &header, err);
    if (status != HANSE_OK)
        return status;
    header.published_unix_s = hanse_clock_unix_s();
    header.verifier_key = hanse_bytes_of(it->next.key.material, HANSE_KEY_MATERIAL_BYTES);
    /* Only entry 0 names what came before the feed. */
    header.predecessor_origin = hanse_bytes_of(NULL, 0);
    header.predecessor_size = 0;
    header.predecessor_root = hanse_bytes_of(NULL, 0);
    return hanse_publishing_add(&it->publishing, &header, hanse_bytes_of(NULL, 0), err);
}

static enum hanse_status check(const struct rotating *it, const char *origin, struct hanse_error *err)
{
    unsigned changes = 0;
    const struct hanse_feed_store store = {.dir = it->publishing.dir};
    if (it->publishing.size == 0)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "feed \"%s\" has no entry yet that names its first key: publish first", origin);
    enum hanse_status status = hanse_publishing_check(&it->publishing, false, err);
    if (status == HANSE_OK)
        status = hanse_feed_store_count_keys(&store, it->publishing.size, &changes, err);
    if (status == HANSE_OK && changes == HANSE_MAX_KEY_CHAIN)
        status = hanse_fail(err, HANSE_LIMIT, "key of \"%s\" was changed %u times already", origin, changes);
    return status;
}

static enum hanse_status rotate(struct rotating *it, const char *origin, struct hanse_error *err)
{
    struct hanse_publishing *publishing = &it->publishing;
    enum hanse_status status =
        hanse_rotation_prepare(publishing->node, origin, &it->next_key, &it->next, err);
    publishing->next = &it->next;
    if (status == HANSE_OK)
        status = hanse_publishing_begin(publishing, err);
    if (status == HANSE_OK)
        status = append_key(it, err);
    if (status == HANSE_OK)
        status = hanse_publishing_commit(publishing, err);
    if (status != HANSE_OK)
        hanse_publishing_trim(publishing);
    return status;
}

static enum hanse_status tell(const struct rotating *it, const char *origin, uint64_t old_size, bool dry_run,
                              hanse_key_rotate_visit *visit, void *context, struct hanse_error *err)
{
    const struct hanse_publishing *publishing = &it->publishing;
    struct hanse_path retired;
    HANSE_SCOPED_BUFFER struct hanse_buffer old_key;
    HANSE_SCOPED_BUFFER struct hanse_buffer new_key;
    hanse_buffer_init(&old_key, HANSE_FEED_KEY_TEXT_BYTES);
    hanse_buffer_init(&new_key, HANSE_FEED_KEY_TEXT_BYTES);
    enum hanse_status status = hanse_feed_key_encode(origin, publishing->signer.key.material, &old_key, err);
    if (status == HANSE_OK && !dry_run)
        status = hanse_feed_key_encode(origin, it->next.key.material, &new_key, err);
    if (status == HANSE_OK)
        status = hanse_layout_retired_key(publishing->node->dir.text, origin, publishing->signer.key.id,
                                          &retired, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_key_rotation rotation = {.feed = origin,
                                          .old_key = (const char *)old_key.data,
                                          .new_key = dry_run ? NULL : (const char *)new_key.data,
                                          .retired_file = dry_run ? NULL : retired.text,
                                          .old_size = old_size,
                                          .new_size = old_size + 1};
    memcpy(rotation.root, publishing->root.bytes, sizeof rotation.root);
    visit(context, &rotation);
    return HANSE_OK;
}

enum hanse_status hanse_key_rotate(struct hanse_node *node, const struct hanse_key_rotate_options *options,
                                   hanse_key_rotate_visit *visit, void *context, struct hanse_error *err)
{
    if (node == NULL)
        return hanse_fail_null("node", err);
    if (options == NULL || options->version != 1)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "options of a key change need version 1");
    const char *origin = NULL;
    HANSE_SCOPED_FILE struct hanse_file lock = HANSE_FILE_CLOSED;
    enum hanse_status status = hanse_node_own_origin(node, options->origin, &origin, err);
    if (status == HANSE_OK)
        status = hanse_node_lock(node, &lock, err);
    if (status != HANSE_OK)
        return status;
    __attribute__((cleanup(release))) struct rotating it = {.next_key = NULL};
    status = hanse_publishing_init(&it.publishing, node, origin, err);
    uint64_t old_size = it.publishing.size;
    if (status == HANSE_OK)
        status = check(&it, origin, err);
    if (status == HANSE_OK && !options->dry_run)
        status = rotate(&it, origin, err);
    if (status != HANSE_OK || visit == NULL)
        return status;
    return tell(&it, origin, old_size, options->dry_run, visit, context, err);
}
