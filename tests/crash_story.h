/* SPDX-License-Identifier: Apache-2.0 */
/* Work on a node, written down by crash_disk.h, and what has to be true of the node after a crash at any
 * point of it, or when any of its operations fails. Included by one test program, before any other header. */
#ifndef HANSE_TESTS_CRASH_STORY_H
#define HANSE_TESTS_CRASH_STORY_H

#include "crash_disk.h"

#include <hanse/change.h>
#include <hanse/key.h>
#include <hanse/sync.h>
#include <hanse/verify.h>

#include "base/bytes.h"
#include "base/text.h"
#include "feed/entry.h"
#include "node/files/layout.h"
#include "node/node_internal.h"
#include "node/outside_state.h"
#include "wire/header.h"

#define STORY_UNUSED __attribute__((unused))
#define ORIGIN "city.example/hanse"
enum { MAX_CHANGES = 700, MAX_NOTES = 16, WHY_BYTES = 1024 };

/* A change that was staged, and after which operation the caller was told so. */
struct change {
    uint8_t commitment[32];
    int told_at;
};

/* One operation with its crashes. */
struct story {
    const char *name;
    struct disk_trace trace;
    int done_at; /* the operation had returned */
    struct change changes[MAX_CHANGES];
    size_t change_count;
    bool is_init;
    bool is_mirror;
    bool is_large;                  /* each try takes long: of what fails, some reads only */
    enum hanse_status (*run)(void); /* opens the node, does the work, closes it */
    bool (*judge)(const struct story *story, int count); /* NULL: as of a city or a mirror */
    struct disk_image follower_before; /* a node that follows the city and knows it before the operation */
    struct disk_image follower_after;
};

static char base[64];
static char world[80];
static char city[96];
static char follower[80];
static char why[WHY_BYTES];
static struct hanse_error err;
static unsigned long points_tried, points_same, failures_tried, reads_tried;
static bool only_first_note; /* the work is done anew: what an earlier run signed is not of this world */
static int work_done_at;     /* set by a run: the work had returned, closing followed */

#define NEED(condition, ...)                                                                                 \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            (void)snprintf(why, sizeof why, __VA_ARGS__);                                                    \
            return false;                                                                                    \
        }                                                                                                    \
    } while (0)
#define NEED_OK(call)                                                                                        \
    NEED((call) == HANSE_OK, "%s: %s (%s)", #call, err.message, hanse_status_name(err.status))
#define MUST(call)                                                                                           \
    do {                                                                                                     \
        if ((call) != HANSE_OK)                                                                              \
            fail_msg("%s: %s", #call, err.message);                                                          \
    } while (0)

/* --- what nodes do here --- */

static char letters_of(uint64_t number)
{
    return "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ .,"[number & 63];
}

/* An organisation whose name has about `bytes` bytes that do not compress well. */
STORY_UNUSED static struct hanse_record *make_record(unsigned number, size_t bytes)
{
    static char json[(1u << 20) + 1024];
    int length = snprintf(json, sizeof json,
                          "{\"header\":{\"identifiers\":[{\"scheme\":\"ORGID\",\"value\":\"XX-%u\"}]},"
                          "\"organisation\":{\"orgType\":{\"scheme\":\"IATI-ORGTYPE\",\"code\":\"22\"},"
                          "\"country\":\"JP\",\"kind\":\"ORGANISATION_KIND_NETWORK_SECRETARIAT\","
                          "\"name\":[{\"language\":\"en\",\"text\":\"N%u ",
                          number, number);
    uint64_t random = number;
    for (size_t i = 0; i < bytes; i++) {
        if (i % 8 == 0)
            random = disk_random(random + i);
        json[length++] = letters_of(random >> (6 * (i % 8)));
    }
    length += snprintf(json + length, sizeof json - (size_t)length, "\"}]}}");
    struct hanse_record *record = NULL;
    MUST(hanse_record_from_json(hanse_bytes_of(json, (size_t)length), &record, &err));
    return record;
}

STORY_UNUSED static bool stage(struct hanse_node *node, unsigned number, size_t bytes)
{
    struct hanse_record *record = make_record(number, bytes);
    enum hanse_stage_outcome outcome;
    enum hanse_status status = hanse_stage_put(node, NULL, NULL, record, &outcome, NULL, &err);
    hanse_record_free(record);
    return status == HANSE_OK;
}

STORY_UNUSED static enum hanse_status publish(struct hanse_node *node)
{
    struct hanse_publish_options options = {.version = 1};
    struct hanse_publish_result result;
    return hanse_publish(node, &options, &result, &err);
}

STORY_UNUSED static void keep_result(void *context, const struct hanse_sync_result *result)
{
    *(enum hanse_sync_outcome *)context = result->outcome;
    (void)snprintf(err.message, sizeof err.message, "%.300s", result->message);
}

STORY_UNUSED static enum hanse_sync_outcome sync_all(struct hanse_node *node)
{
    enum hanse_sync_outcome outcome = HANSE_SYNC_FAILED;
    struct hanse_sync_options options = {.version = 1, .visit = keep_result, .context = &outcome};
    return hanse_sync(node, &options, &err) == HANSE_OK ? outcome : HANSE_SYNC_FAILED;
}

STORY_UNUSED static enum hanse_status verify(struct hanse_node *node)
{
    struct hanse_verify_options options = {.version = 1};
    return hanse_verify_node(node, NULL, &options, &err);
}

/* What a node holds of the feed: what is published, by leaf and commitment, and what is staged. */
struct holdings {
    uint8_t commitments[MAX_CHANGES][32];
    size_t count;
    size_t published;
    struct hanse_digest leaves[MAX_CHANGES];
    uint64_t size;
    struct hanse_digest root;
};

STORY_UNUSED static enum hanse_status hold_staged(void *context, const struct hanse_staged_change *change,
                                                  struct hanse_error *error)
{
    struct holdings *held = context;
    struct hanse_buffer payload __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&payload, 2u << 20);
    struct hanse_digest digest;
    enum hanse_status status =
        hanse_payload_encode(change->salt, change->record, change->audience, &payload, error);
    if (status == HANSE_OK)
        status = hanse_digest_compute(hanse_buffer_view(&payload), &digest, error);
    if (status == HANSE_OK && held->count < MAX_CHANGES)
        memcpy(held->commitments[held->count++], digest.bytes, 32);
    return status;
}

STORY_UNUSED static bool hold(struct hanse_node *node, struct holdings *held)
{
    struct hanse_path dir;
    struct hanse_entry_reader *reader = NULL;
    HANSE_SCOPED_STORE struct hanse_feed_store store;
    *held = (struct holdings){0};
    NEED_OK(hanse_node_feed_dir(node, ORIGIN, &dir, &err));
    NEED_OK(hanse_feed_store_open(&store, dir.text, &err));
    NEED_OK(hanse_entry_reader_new(&store, &reader, &err));
    for (uint64_t i = 0; i < store.size && i < MAX_CHANGES; i++) {
        const struct hanse_frame_entry *entry;
        NEED_OK(hanse_entry_reader_get(reader, i, &entry, &held->leaves[i], &err));
        if (entry->payload.size > 0)
            memcpy(held->commitments[held->count++], entry->commitment, 32);
    }
    hanse_entry_reader_free(reader);
    held->published = held->count;
    held->size = store.size;
    held->root = store.root;
    NEED_OK(hanse_staging_list(node->staging, ORIGIN, hold_staged, held, &err));
    return true;
}

STORY_UNUSED static size_t count_of(const struct holdings *held, const uint8_t commitment[32])
{
    size_t count = 0;
    for (size_t i = 0; i < held->count; i++)
        count += memcmp(held->commitments[i], commitment, 32) == 0;
    return count;
}

/* Everything held, acknowledged from the start. */
STORY_UNUSED static void remember_changes(struct story *story, const char *dir, int told_at)
{
    static struct holdings held;
    struct hanse_node *node = NULL;
    MUST(hanse_node_open(dir, &node, &err));
    if (!hold(node, &held))
        fail_msg("%s", why);
    hanse_node_close(node);
    story->change_count = held.count;
    for (size_t i = 0; i < held.count; i++) {
        memcpy(story->changes[i].commitment, held.commitments[i], 32);
        story->changes[i].told_at = told_at;
    }
}

/* --- judging what a crash left --- */

/* A signed checkpoint that somebody may have seen, or that the node is bound to. */
struct seen_note {
    uint64_t size;
    struct hanse_digest root;
};

STORY_UNUSED static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    size_t end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

STORY_UNUSED static bool read_note(struct hanse_bytes text, struct seen_note *out)
{
    struct hanse_note note;
    struct hanse_checkpoint checkpoint;
    if (hanse_note_decode(text, &note, NULL) != HANSE_OK ||
        hanse_checkpoint_decode(note.text, &checkpoint, NULL) != HANSE_OK)
        return false;
    *out = (struct seen_note){.size = checkpoint.size, .root = checkpoint.root};
    return true;
}

/* The content that an object has after `count` operations. */
STORY_UNUSED static struct hanse_bytes content_at(struct disk_image *kept, int object)
{
    return hanse_bytes_of(kept->contents[object].data, kept->contents[object].size);
}

/* Checkpoints that were in public/ at any time before the crash, and those in pending/ that were durable. */
STORY_UNUSED static size_t list_notes(const struct story *story, int count, struct seen_note notes[MAX_NOTES])
{
    size_t found = 0;
    struct disk_image kept = disk_after_crash(&story->trace, count, DISK_KEPT, 0);
    for (size_t i = 0; i < story->trace.before.name_count; i++) {
        const struct disk_name *name = &story->trace.before.names[i];
        if (ends_with(name->path, "/checkpoint") &&
            read_note(hanse_bytes_of(story->trace.before.contents[name->object].data,
                                     story->trace.before.contents[name->object].size),
                      &notes[found]))
            found++;
    }
    for (int i = 0; i < count && !only_first_note; i++) {
        const struct disk_op *op = &story->trace.ops[i];
        bool of_folder = op->object < 0;
        if (op->kind != DISK_RENAME || of_folder || found == MAX_NOTES)
            continue;
        struct hanse_bytes text = content_at(&kept, op->object);
        bool pending = strstr(op->to, "/pending/") != NULL && op->durable_at < count;
        if (pending)
            text = hanse_bytes_slice(text, hanse_bytes_find(text, 0, '\n') + 1, text.size);
        /* A mirror may lag: what its own readers saw of it last comes again. */
        bool shown = ends_with(op->to, "/checkpoint") && (!story->is_mirror || op->durable_at < count);
        if ((pending || shown) && read_note(text, &notes[found]))
            found++;
    }
    disk_image_free(&kept);
    return found;
}

STORY_UNUSED static bool is_prefix(const struct seen_note *note, const struct holdings *held)
{
    NEED(note->size <= held->size, "a checkpoint of %u entries was seen, now there are %u",
         (unsigned)note->size, (unsigned)held->size);
    struct hanse_frontier frontier = {0};
    struct hanse_hasher *hasher = NULL;
    struct hanse_digest root = hanse_merkle_empty_root();
    NEED_OK(hanse_hasher_new(&hasher, &err));
    for (uint64_t i = 0; i < note->size; i++)
        NEED_OK(hanse_frontier_append(&frontier, hasher, &held->leaves[i], &err));
    if (note->size > 0)
        hanse_frontier_root(&frontier, hasher, &root);
    hanse_hasher_free(hasher);
    NEED(hanse_digest_equal(&root, &note->root), "two roots for size %u: the feed forked",
         (unsigned)note->size);
    return true;
}

STORY_UNUSED static bool judge_changes(const struct story *story, int count, const struct holdings *held,
                                       size_t more)
{
    size_t known = 0;
    for (size_t i = 0; i < story->change_count; i++) {
        size_t times = count_of(held, story->changes[i].commitment);
        known += times;
        NEED(times <= 1, "change %zu is there %zu times", i, times);
        NEED(times == 1 || story->changes[i].told_at > count, "change %zu was acknowledged and is lost", i);
    }
    NEED(known + more == held->count, "%zu changes are there that nobody made", held->count - known - more);
    return true;
}

STORY_UNUSED static bool judge_notes(const struct story *story, int count, const struct holdings *held)
{
    struct seen_note notes[MAX_NOTES];
    size_t note_count = list_notes(story, count, notes);
    for (size_t i = 0; i < note_count; i++)
        if (!is_prefix(&notes[i], held))
            return false;
    return true;
}

/* A backup of before the crash must be known for one: what is signed stands outside of the node too. */
STORY_UNUSED static bool judge_outside(struct hanse_node *node, const struct holdings *held)
{
    struct hanse_outside_state outside = {0};
    HANSE_SCOPED_ROW struct hanse_feed_row row;
    NEED_OK(hanse_feed_row_get(node, ORIGIN, &row, &err));
    if (held->size == 0)
        return true;
    NEED_OK(hanse_outside_state_read(node, ORIGIN, row.feed.key, &outside, &err));
    NEED(outside.size == held->size && hanse_digest_equal(&outside.root, &held->root),
         "outside of the node %u entries are known, inside %u", (unsigned)outside.size, (unsigned)held->size);
    return true;
}

STORY_UNUSED static bool folder_is_empty(const char *name)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", city, name);
    DIR *dir = opendir(path);
    size_t count = 0;
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;)
        count += entry->d_name[0] != '.' && !ends_with(entry->d_name, ".tmp");
    if (dir != NULL)
        closedir(dir);
    return count == 0;
}

/* Who followed the feed before and at the crash goes on with it. */
STORY_UNUSED static bool judge_follower(const struct story *story, int count)
{
    struct seen_note notes[MAX_NOTES];
    struct hanse_node *node = NULL;
    size_t note_count = list_notes(story, count, notes);
    bool saw = note_count > 1;
    if (story->follower_after.name_count == 0)
        return true;
    const struct disk_image *image = saw ? &story->follower_after : &story->follower_before;
    disk_image_write((struct disk_image *)(uintptr_t)image, follower);
    NEED_OK(hanse_node_open(follower, &node, &err));
    enum hanse_sync_outcome outcome = sync_all(node);
    NEED(outcome == HANSE_SYNC_UPDATED, "a follower (%s) says %s: %s",
         saw ? "who saw the new checkpoint" : "who saw the old checkpoint", hanse_sync_outcome_name(outcome),
         err.message);
    NEED_OK(verify(node));
    hanse_node_close(node);
    return true;
}

STORY_UNUSED static bool init_city(void)
{
    struct hanse_init_options options = {
        .version = HANSE_INIT_OPTIONS_VERSION, .origin = ORIGIN, .title = "City", .language = "en"};
    return hanse_node_init(city, &options, &err) == HANSE_OK;
}

/* What an init was meant to make is there, or can be made by repeating it. */
STORY_UNUSED static bool judge_init(const struct story *story, int count)
{
    struct hanse_node *node = NULL;
    uint64_t staged = 0;
    enum hanse_status status = hanse_node_open(city, &node, &err);
    NEED(status == HANSE_OK || count < story->done_at, "init had returned: %s", err.message);
    if (status == HANSE_NOT_FOUND) {
        NEED(init_city(), "a repeated init fails: %s", err.message);
        status = hanse_node_open(city, &node, &err);
    }
    NEED(status == HANSE_OK, "open: %s", err.message);
    NEED_OK(hanse_stage_count(node, NULL, &staged, &err));
    NEED(staged == 1, "%u profiles are staged", (unsigned)staged);
    hanse_node_close(node);
    return true;
}

STORY_UNUSED static bool judge_city(const struct story *story, int count, size_t more)
{
    static struct holdings held;
    struct hanse_node *node = NULL;
    NEED_OK(hanse_node_open(city, &node, &err));
    NEED_OK(verify(node));
    if (!hold(node, &held) || !judge_changes(story, count, &held, more) || !judge_notes(story, count, &held))
        return false;
    NEED(folder_is_empty("private/pending"), "open left a pending publish");
    if (!judge_outside(node, &held))
        return false;
    NEED(stage(node, 7777, 40), "stage after the crash: %s", err.message);
    NEED_OK(publish(node));
    NEED_OK(verify(node));
    if (!hold(node, &held) || !judge_changes(story, count, &held, more + 1) ||
        !judge_notes(story, count, &held))
        return false;
    NEED(held.published == held.count, "%zu changes are still staged after publish",
         held.count - held.published);
    hanse_node_close(node);
    return judge_follower(story, count);
}

STORY_UNUSED static bool judge_mirror(const struct story *story, int count)
{
    static struct holdings held;
    struct hanse_node *node = NULL;
    NEED_OK(hanse_node_open(city, &node, &err));
    NEED_OK(verify(node));
    if (!hold(node, &held) || !judge_notes(story, count, &held))
        return false;
    enum hanse_sync_outcome outcome = sync_all(node);
    NEED(outcome == HANSE_SYNC_UPDATED || outcome == HANSE_SYNC_CURRENT, "sync after the crash: %s: %s",
         hanse_sync_outcome_name(outcome), err.message);
    NEED_OK(verify(node));
    if (!hold(node, &held))
        return false;
    for (size_t i = 0; i < story->change_count; i++)
        NEED(count_of(&held, story->changes[i].commitment) == 1, "change %zu is there %zu times", i,
             count_of(&held, story->changes[i].commitment));
    hanse_node_close(node);
    return true;
}

STORY_UNUSED static bool judge(const struct story *story, int count)
{
    if (story->judge != NULL)
        return story->judge(story, count);
    if (story->is_mirror)
        return judge_mirror(story, count);
    if (!story->is_init)
        return judge_city(story, count, 0);
    return judge_init(story, count) && judge_city(story, count, story->change_count == 0 ? 1 : 0);
}

/* --- trying the points --- */

STORY_UNUSED static int stride_of(int usual)
{
    const char *text = getenv("HANSE_CRASH_STRIDE");
    int stride = text != NULL ? atoi(text) : usual;
    return stride > 0 ? stride : 1;
}

/* The checkpoint that the failed work may have shown stays true. */
STORY_UNUSED static bool judge_shown(const struct story *story, const struct seen_note *shown)
{
    static struct holdings held;
    struct hanse_node *node = NULL;
    if (story->is_init || story->judge != NULL)
        return true;
    NEED_OK(hanse_node_open(city, &node, &err));
    bool good = hold(node, &held) && is_prefix(shown, &held);
    hanse_node_close(node);
    return good;
}

STORY_UNUSED static bool read_shown(const struct story *story, struct seen_note *out)
{
    char path[256];
    struct hanse_buffer text __attribute__((cleanup(hanse_buffer_release)));
    struct hanse_digest digest;
    char hex[65];
    hanse_buffer_init(&text, 65536);
    if (story->is_mirror && hanse_digest_compute(hanse_bytes_of_text(ORIGIN), &digest, NULL) == HANSE_OK)
        hanse_hex_encode(hanse_digest_view(&digest), hex);
    (void)snprintf(path, sizeof path, "%s/public/%s%scheckpoint", city, story->is_mirror ? hex : "",
                   story->is_mirror ? "/" : "");
    *out = (struct seen_note){.root = hanse_merkle_empty_root()};
    return hanse_file_read(path, 60000, &text, NULL) == HANSE_OK && read_note(hanse_buffer_view(&text), out);
}

/* The system's words or SQLite's. */
STORY_UNUSED static bool says_what(const char *message)
{
    static const char *const words[] = {"Input/output error", "disk I/O error", "No space left on device",
                                        "disk is full",       "unable to open", "Too many op"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strstr(message, words[i]) != NULL)
            return true;
    return false;
}

/* Runs the work on the story's disk with what is set to fail; false: with `why` in words. */
STORY_UNUSED static bool fail_once(struct story *story, long fail_at, enum hanse_status *out_status,
                                   bool *out_hit)
{
    struct seen_note shown;
    disk_image_write(&story->trace.before, world);
    (void)snprintf(disk.root, sizeof disk.root, "%s", world);
    disk.seen = 0;
    disk.fail_at = fail_at;
    err = (struct hanse_error){0};
    enum disk_reads reads = disk.reads;
    enum hanse_status status = *out_status = story->run();
    *out_hit = disk.seen > fail_at;
    disk.fail_at = -1;
    disk.reads = DISK_READS_WELL;
    disk.root[0] = '\0';
    bool good = status == HANSE_OK || (*out_hit && status == HANSE_IO && says_what(err.message));
    (void)snprintf(why, sizeof why, "the message does not say what failed");
    bool was_shown = read_shown(story, &shown);
    only_first_note = true;
    good = good && judge(story, status == HANSE_OK ? story->done_at : 0);
    only_first_note = false;
    disk.reads = reads;
    return good && (!was_shown || judge_shown(story, &shown));
}

/* Lets the Nth operation on the disk fail, for every N, in a process that lives on. */
STORY_UNUSED static void fail_everywhere(struct story *story, enum disk_reads reads, int error_number)
{
    unsigned long failed = 0, tried = 0;
    int step = getenv("HANSE_CRASH_STRIDE") != NULL ? stride_of(1) : 3;
    step = story->is_large ? 300 * step : step;
    bool hit = true;
    disk.fail_errno = error_number;
    disk.reads = reads;
    for (long n = 0; hit; n += step) {
        enum hanse_status status;
        bool good = fail_once(story, n, &status, &hit);
        tried += hit;
        failed += !good;
        if (!good && failed <= 5)
            print_message("  %s: %s %ld fails with %s (%s: %s): %s\n", story->name,
                          reads == DISK_READS_FAIL ? "read" : "operation", n, strerror(error_number),
                          hanse_status_name(status), err.message, why);
    }
    disk.reads = DISK_READS_WELL;
    *(reads == DISK_READS_FAIL ? &reads_tried : &failures_tried) += tried;
    print_message("%s: %lu %s failed with %s, %lu of them badly\n", story->name, tried,
                  reads == DISK_READS_FAIL ? "reads" : "operations", strerror(error_number), failed);
    assert_int_equal(failed, 0);
}

/* The system may give less than was asked for, each time: nobody notices. */
STORY_UNUSED static void read_in_pieces(struct story *story)
{
    enum hanse_status status;
    bool hit;
    disk.reads = DISK_READS_SHORT;
    bool good = fail_once(story, -1, &status, &hit);
    disk.reads = DISK_READS_WELL;
    if (status != HANSE_OK || !good)
        fail_msg("%s: short reads: %s: %s: %s", story->name, hanse_status_name(status), err.message, why);
}

struct seen_states {
    uint64_t *hashes;
    size_t count;
};

STORY_UNUSED static bool is_new(struct seen_states *states, uint64_t hash)
{
    for (size_t i = 0; i < states->count; i++)
        if (states->hashes[i] == hash)
            return false;
    states->hashes = disk_room(states->hashes, states->count, sizeof *states->hashes);
    states->hashes[states->count++] = hash;
    return true;
}

/* What is expected of a state besides its bytes. */
static uint64_t expectation(const struct story *story, int count)
{
    struct seen_note notes[MAX_NOTES];
    uint64_t told = list_notes(story, count, notes);
    for (size_t i = 0; i < story->change_count; i++)
        told = told * 2 + (story->changes[i].told_at <= count);
    return told * 2 + (count >= story->done_at);
}

STORY_UNUSED static void tell_ops(const struct story *story, int count)
{
    for (int i = 0; i < count; i++) {
        const struct disk_op *op = &story->trace.ops[i];
        print_message("    %4d kind %d object %d %s %s %llu+%zu durable at %d\n", i, (int)op->kind,
                      op->object, op->path != NULL ? op->path : "", op->to != NULL ? op->to : "",
                      (unsigned long long)op->offset, op->size, op->durable_at);
    }
}

STORY_UNUSED static void crash_everywhere(struct story *story, int usual_stride)
{
    struct seen_states states = {0};
    unsigned long tried = 0, same = 0, failed = 0;
    int stride = stride_of(usual_stride);
    const char *only = getenv("HANSE_CRASH_POINT");
    disk.root[0] = '\0';
    if (only != NULL)
        tell_ops(story, (int)story->trace.op_count);
    for (int count = 0; count <= (int)story->trace.op_count; count++) {
        for (int variant = 0; variant < DISK_VARIANTS; variant++) {
            if ((count * DISK_VARIANTS + variant) % stride != 0 && count != story->done_at)
                continue;
            if (only != NULL && count * DISK_VARIANTS + variant != atoi(only))
                continue;
            struct disk_image image =
                disk_after_crash(&story->trace, count, (enum disk_variant)variant, (uint64_t)count);
            if (!is_new(&states, disk_image_hash(&image) ^ disk_random(expectation(story, count)))) {
                same++;
            } else {
                disk_image_write(&image, world);
                tried++;
                if (!judge(story, count)) {
                    failed++;
                    if (failed <= 5) {
                        print_message("  %s: crash after operation %d of %zu, %s (point %d): %s\n",
                                      story->name, count, story->trace.op_count, disk_variant_names[variant],
                                      count * DISK_VARIANTS + variant, why);
                        if (only != NULL)
                            tell_ops(story, count);
                    }
                }
            }
            disk_image_free(&image);
        }
    }
    free(states.hashes);
    points_tried += tried;
    points_same += same;
    print_message("%s: %zu operations, %lu crash points tried (%lu left the same folder), %lu failed\n",
                  story->name, story->trace.op_count, tried, same, failed);
    if (story->run != NULL && only == NULL) {
        for (size_t i = 0; i < 3 && !story->is_large; i++)
            fail_everywhere(story, DISK_READS_WELL, (const int[]){EIO, ENOSPC, EMFILE}[i]);
        fail_everywhere(story, DISK_READS_FAIL, EIO);
        read_in_pieces(story);
    }
    disk_trace_free(&story->trace);
    disk_image_free(&story->follower_before);
    disk_image_free(&story->follower_after);
    assert_int_equal(failed, 0);
}

STORY_UNUSED static void tell_points(void)
{
    print_message(
        "crash points tried: %lu, and %lu more that left a folder tried already; %lu failing operations, "
        "%lu failing reads\n",
        points_tried, points_same, failures_tried, reads_tried);
}

/* --- making worlds --- */

STORY_UNUSED static enum hanse_status run_sync(void)
{
    struct hanse_node *node = NULL;
    enum hanse_status status = hanse_node_open(city, &node, &err);
    if (status == HANSE_OK && sync_all(node) != HANSE_SYNC_UPDATED)
        status = HANSE_IO;
    work_done_at = disk_mark();
    hanse_node_close(node);
    return status;
}

/* Runs the work once and writes it down. */
STORY_UNUSED static void record_run(struct story *story)
{
    disk_record(world);
    MUST(story->run());
    story->done_at = work_done_at;
    story->trace = disk_stop();
}

STORY_UNUSED static int set_up(void **state)
{
    (void)state;
    strcpy(base, access("/dev/shm", W_OK) == 0 ? "/dev/shm/hanse-test-crash-XXXXXX"
                                               : "/tmp/hanse-test-crash-XXXXXX");
    assert_non_null(mkdtemp(base));
    (void)snprintf(world, sizeof world, "%s/world", base);
    (void)snprintf(city, sizeof city, "%s/city", world);
    (void)snprintf(follower, sizeof follower, "%s/follower", base);
    char state_home[96];
    (void)snprintf(state_home, sizeof state_home, "%s/state/home", world);
    assert_int_equal(setenv("XDG_STATE_HOME", state_home, 1), 0);
    assert_int_equal(syscall(SYS_mkdir, world, 0755), 0);
    return 0;
}

STORY_UNUSED static int tear_down(void **state)
{
    (void)state;
    disk.root[0] = '\0';
    disk_remove_tree(base);
    return 0;
}

/* A node that follows the city's folder as it is, and has synced with it. */
STORY_UNUSED static struct disk_image make_follower(const char *dir, bool synced)
{
    struct hanse_node *node = NULL;
    struct hanse_node *source = NULL;
    char url[256];
    char *key = NULL;
    struct hanse_init_options options = {.version = HANSE_INIT_OPTIONS_VERSION,
                                         .origin = "office.example/hanse"};
    disk_remove_tree(follower);
    MUST(hanse_node_init(follower, &options, &err));
    MUST(hanse_node_open(follower, &node, &err));
    MUST(hanse_node_open(dir, &source, &err));
    MUST(hanse_node_verifier_key(source, ORIGIN, &key, &err));
    hanse_node_close(source);
    (void)snprintf(url, sizeof url, "file://%s/public", dir);
    struct hanse_follow_options follow = {.version = 1, .url = url, .verifier_key = key};
    MUST(hanse_feed_follow(node, &follow, &err));
    if (synced) {
        enum hanse_sync_outcome outcome = sync_all(node);
        assert_true(outcome == HANSE_SYNC_UPDATED || outcome == HANSE_SYNC_CURRENT);
    }
    hanse_node_close(node);
    hanse_free(key);
    return disk_image_read(follower);
}

/* A city with so many records published and so many staged, of such sizes. */
STORY_UNUSED static void make_city(unsigned published, unsigned staged, size_t bytes)
{
    struct hanse_node *node = NULL;
    disk.root[0] = '\0';
    disk_remove_tree(world);
    assert_int_equal(syscall(SYS_mkdir, world, 0755), 0);
    assert_true(init_city());
    MUST(hanse_node_open(city, &node, &err));
    for (unsigned i = 0; i < published + staged; i++) {
        if (!stage(node, i, bytes))
            fail_msg("stage: %s", err.message);
        if (i + 1 == published)
            MUST(publish(node));
    }
    hanse_node_close(node);
}

/* Two states of a city: `old` with so many records, `new` with more. */
STORY_UNUSED static void make_versions(unsigned published, unsigned more, size_t bytes, char old[96],
                                       char new[96])
{
    struct hanse_node *node = NULL;
    (void)snprintf(old, 96, "%s/old", base);
    (void)snprintf(new, 96, "%s/new", base);
    make_city(published, 0, bytes);
    struct disk_image image = disk_image_read(city);
    disk_image_write(&image, old);
    disk_image_free(&image);
    MUST(hanse_node_open(city, &node, &err));
    for (unsigned i = 0; i < more; i++)
        assert_true(stage(node, 1000 + i, bytes));
    MUST(publish(node));
    hanse_node_close(node);
    image = disk_image_read(city);
    disk_image_write(&image, new);
    disk_image_free(&image);
}

#endif
