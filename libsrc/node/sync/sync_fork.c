/* SPDX-License-Identifier: Apache-2.0 */
#include "node/sync/sync_fork.h"

#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "log/fork_evidence.h"
#include "log/tile_hash.h"
#include "node/files/layout.h"
#include "node/sync/sync_entries.h"

/* The right edges of both trees and what lies between: at most two tiles a level. */
enum { MAX_TILES = 3 * HANSE_TILE_LEVELS, TILE_BYTES = HANSE_TILE_WIDTH * HANSE_DIGEST_BYTES };

struct sync_fork {
    struct hanse_error mismatch;
    struct {
        struct hanse_tile tile;
        uint8_t *content;
        size_t size;
    } tiles[MAX_TILES];
    size_t tile_count;
    struct hanse_tile wanted; /* that was asked for and is not here */
    bool is_wanted;
};

void sync_fork_release(struct sync_job *job)
{
    if (job->fork == NULL)
        return;
    for (size_t i = 0; i < job->fork->tile_count; i++)
        hanse_free(job->fork->tiles[i].content);
    hanse_free(job->fork);
    job->fork = NULL;
}

static enum hanse_status encode(const struct hanse_fork_evidence *evidence, struct hanse_buffer *out,
                                const struct hanse_path *path, struct hanse_error *err)
{
    enum hanse_status status = hanse_fork_evidence_encode(evidence, out, err);
    return status == HANSE_OK
               ? hanse_file_replace(path->text, hanse_buffer_view(out), HANSE_MODE_PRIVATE_FILE, err)
               : status;
}

/* Writes the evidence unless there is some already: one proof says it all, and a hostile server must not fill
 * the disk. */
static enum hanse_status keep(const struct sync_job *job, const struct hanse_fork_evidence *shown,
                              struct hanse_path *out_path, struct hanse_error *err)
{
    char hex[HANSE_ORIGIN_HEX_BYTES];
    struct hanse_path folder;
    HANSE_SCOPED_BUFFER struct hanse_buffer text;
    hanse_buffer_init(&text, HANSE_MAX_FORK_EVIDENCE_BYTES + (64u << 10));
    enum hanse_status status = hanse_layout_origin_hex(job->row.feed.origin, hex, err);
    if (status == HANSE_OK)
        status = hanse_layout_private(job->run->node->dir.text, "evidence", &folder, err);
    if (status == HANSE_OK)
        status = hanse_path_format(out_path, err, "%s/%s", folder.text, hex);
    if (status == HANSE_OK)
        status = hanse_file_make_dirs(folder.text, HANSE_MODE_PRIVATE_DIR, err);
    if (status != HANSE_OK || hanse_file_exists(out_path->text))
        return status;
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 2 * HANSE_MAX_FORK_EVIDENCE_BYTES);
    const struct hanse_feed_store store = {.dir = job->dir};
    struct hanse_fork_evidence evidence = *shown;
    /* Who judges it may know an older key only. */
    status = hanse_feed_store_read_keys(&store, job->state.frontier.size, &arena, &evidence.key_changes,
                                        &evidence.key_change_count, err);
    return status == HANSE_OK ? encode(&evidence, &text, out_path, err) : status;
}

static void end_forked(struct sync_job *job, uint64_t at, const struct hanse_fork_evidence *evidence)
{
    struct hanse_path path;
    struct hanse_error err;
    if (keep(job, evidence, &path, &err) == HANSE_OK)
        sync_job_end(job, HANSE_SYNC_FORK,
                     "the feed's key signed two histories that differ before entry %" PRIu64
                     ": tell its operator and its followers; the evidence is in \"private/evidence/%s\"",
                     at, strrchr(path.text, '/') + 1);
    else
        sync_job_end(job, HANSE_SYNC_FORK,
                     "the feed's key signed two histories that differ before entry %" PRIu64
                     ": tell its operator and its followers; the evidence could not be kept: %.120s",
                     at, err.message);
}

/* The target contradicts what is held. `held_first`: what is held here is the smaller one. */
static void end_forked_from_held(struct sync_job *job, bool held_first, const struct hanse_digest *root,
                                 const struct hanse_proof *proof)
{
    struct hanse_path path;
    struct hanse_error err;
    HANSE_SCOPED_BUFFER struct hanse_buffer held;
    hanse_buffer_init(&held, HANSE_MAX_NOTE_BYTES);
    enum hanse_status status = hanse_path_format(&path, &err, "%s/checkpoint", job->dir.text);
    if (status == HANSE_OK)
        status = hanse_file_read(path.text, HANSE_MAX_NOTE_BYTES, &held, &err);
    if (status != HANSE_OK) {
        sync_job_fail(job, &err);
        return;
    }
    struct hanse_bytes mine = hanse_buffer_view(&held);
    struct hanse_bytes theirs = hanse_buffer_view(&job->note);
    const struct hanse_fork_evidence evidence = {.smaller = held_first ? mine : theirs,
                                                 .larger = held_first ? theirs : mine,
                                                 .root = *root,
                                                 .proof = *proof};
    uint64_t held_size = job->state.frontier.size;
    end_forked(job, job->target.size < held_size ? job->target.size : held_size, &evidence);
}

void sync_fork_remember(struct sync_job *job)
{
    if (!job->is_signed || job->other_note.size > 0 ||
        hanse_buffer_append(&job->other_note, hanse_buffer_view(&job->note), NULL) != HANSE_OK)
        return;
    job->other_size = job->target.size;
    job->other_root = job->target.root;
}

bool sync_fork_between(struct sync_job *job)
{
    if (job->other_note.size == 0 || job->other_size != job->target.size ||
        hanse_digest_equal(&job->other_root, &job->target.root))
        return false;
    const struct hanse_fork_evidence evidence = {.smaller = hanse_buffer_view(&job->other_note),
                                                 .larger = hanse_buffer_view(&job->note),
                                                 .root = job->target.root};
    end_forked(job, job->target.size, &evidence);
    return true;
}

/* Root at `size` of the tree whose tiles `read` gives, and the proof that it is the beginning of the tree of
 * `full` and `full_root`. HANSE_MISMATCH: the tiles are not of that tree. */
static enum hanse_status prove(hanse_tile_read *read, void *context, uint64_t size, uint64_t full,
                               const struct hanse_digest *full_root, struct hanse_digest *out_root,
                               struct hanse_proof *out_proof, struct hanse_error *err)
{
    struct hanse_tile_hashes hashes = {.size = full, .read = read, .context = context};
    hanse_buffer_init(&hashes.tile, TILE_BYTES);
    enum hanse_status status = hanse_hasher_new(&hashes.hasher, err);
    if (status == HANSE_OK)
        status = hanse_proof_make_root(hashes.hasher, size, hanse_tile_hash_fetch, &hashes, out_root, err);
    if (status == HANSE_OK)
        status = hanse_proof_make_consistency(hashes.hasher, size, full, hanse_tile_hash_fetch, &hashes,
                                              out_proof, err);
    if (status == HANSE_OK)
        status =
            hanse_proof_verify_consistency(hashes.hasher, size, out_root, full, full_root, out_proof, err);
    hanse_hasher_free(hashes.hasher);
    hanse_buffer_release(&hashes.tile);
    return status;
}

bool sync_fork_held(struct sync_job *job)
{
    struct hanse_error err;
    struct hanse_digest root;
    struct hanse_digest held_root;
    struct hanse_proof proof = {.count = 0};
    struct hanse_feed_store store = {.dir = job->dir};
    uint64_t held = job->state.frontier.size;
    if (job->target.size == 0)
        return false;
    memcpy(held_root.bytes, job->row.feed.root, sizeof held_root.bytes);
    root = held_root;
    enum hanse_status status = HANSE_OK;
    if (job->target.size < held)
        status = prove(hanse_feed_store_read_tile, &store, job->target.size, held, &held_root, &root, &proof,
                       &err);
    bool forked = status == HANSE_OK && !hanse_digest_equal(&root, &job->target.root);
    if (status != HANSE_OK)
        sync_job_fail(job, &err);
    else if (forked)
        end_forked_from_held(job, false, &root, &proof);
    return status != HANSE_OK || forked;
}

static enum hanse_status read_their_tile(void *context, const struct hanse_tile *tile,
                                         struct hanse_buffer *out, struct hanse_error *err)
{
    struct sync_fork *fork = ((struct sync_job *)context)->fork;
    for (size_t i = 0; i < fork->tile_count; i++)
        if (fork->tiles[i].tile.level == tile->level && fork->tiles[i].tile.index == tile->index)
            return hanse_buffer_append(out, hanse_bytes_of(fork->tiles[i].content, fork->tiles[i].size), err);
    fork->wanted = *tile;
    fork->is_wanted = true;
    return hanse_fail(err, HANSE_NOT_FOUND, "tile is not here yet");
}

static void search(struct sync_job *job);

static void tile_done(void *context, const struct hanse_fetch_result *result)
{
    struct sync_job *job = context;
    struct sync_fork *fork = job->fork;
    sync_job_count(job, result);
    uint8_t *content = result->error.status == HANSE_OK ? hanse_alloc(job->body.size + 1) : NULL;
    if (content == NULL) {
        sync_job_fail(job, &fork->mismatch);
        return;
    }
    memcpy(content, job->body.data, job->body.size);
    fork->tiles[fork->tile_count].tile = fork->wanted;
    fork->tiles[fork->tile_count].content = content;
    fork->tiles[fork->tile_count].size = job->body.size;
    fork->tile_count++;
    search(job);
}

/* Goes on until no tile is wanted. */
static void search(struct sync_job *job)
{
    struct sync_fork *fork = job->fork;
    struct hanse_error err;
    struct hanse_digest root;
    struct hanse_proof proof;
    char name[HANSE_TILE_PATH_BYTES];
    fork->is_wanted = false;
    enum hanse_status status = prove(read_their_tile, job, job->state.frontier.size, job->target.size,
                                     &job->target.root, &root, &proof, &err);
    if (fork->is_wanted && fork->tile_count < MAX_TILES &&
        hanse_tile_path_encode(&fork->wanted, name, &err) == HANSE_OK)
        sync_job_request_small(job, name, TILE_BYTES, NULL, false, tile_done);
    else if (status == HANSE_OK && memcmp(root.bytes, job->row.feed.root, sizeof root.bytes) != 0)
        end_forked_from_held(job, true, &root, &proof);
    else
        sync_job_fail(job, &fork->mismatch);
}

void sync_fork_search(struct sync_job *job, const struct hanse_error *mismatch)
{
    sync_entries_drop(job);
    if (job->state.frontier.size > 0)
        job->fork = hanse_alloc_zeroed(1, sizeof *job->fork);
    if (job->fork == NULL) {
        sync_job_fail(job, mismatch);
        return;
    }
    job->fork->mismatch = *mismatch;
    search(job);
}
