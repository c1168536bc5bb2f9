/* SPDX-License-Identifier: Apache-2.0 */
/* The whole feeds of tests/vectors through checkpoint, key chain, manifest and verifier: the same outcome,
 * counts and verdicts as they say. What only a complete check of a folder sees (tiles, bundles, key files,
 * blocks of the manifest) is not judged here. */
#include "vector_support.h"

#include "feed/key_chain.h"
#include "feed/verifier.h"
#include "log/checkpoint.h"
#include "wire/manifest.h"

enum { MOST_ENTRIES = 512, MOST_RANGES = 16, PIECE_BYTES = 97 };

/* What the verifier handed over. */
struct seen {
    struct {
        enum hanse_verdict verdict;
        bool is_put;
        bool is_public;
        bool absent;
    } entries[MOST_ENTRIES];
    size_t count;
    struct hanse_index_range erased[MOST_RANGES];
    size_t erased_count;
    uint64_t payloads;
};

static enum hanse_status see(void *context, const struct hanse_verified_frame *frame, struct hanse_error *err)
{
    (void)err;
    struct seen *seen = context;
    for (size_t i = 0; i < frame->entry_count; i++) {
        const struct hanse_verified_entry *entry = &frame->entries[i];
        assert_int_equal(entry->index, seen->count);
        assert_true(seen->count < MOST_ENTRIES);
        assert_true((entry->reason == NULL) == (entry->verdict == HANSE_ENTRY_VALID));
        seen->entries[seen->count].verdict = entry->verdict;
        seen->entries[seen->count].is_put = entry->header->operation == HANSE_OPERATION_PUT;
        seen->entries[seen->count].is_public = entry->header->audience == HANSE_AUDIENCE_PUBLIC;
        seen->entries[seen->count].absent = entry->absent;
        seen->count++;
        seen->payloads += !entry->absent && entry->payload.size > 0;
        for (size_t k = 0; k < entry->header->erased_count && entry->verdict == HANSE_ENTRY_VALID; k++) {
            assert_true(seen->erased_count < MOST_RANGES);
            seen->erased[seen->erased_count++] = entry->header->erased[k];
        }
    }
    return HANSE_OK;
}

struct feed {
    const json_t *vector;
    json_t *files;
    struct hanse_verifier_key known;
    struct hanse_note note;
    struct hanse_checkpoint checkpoint;
    struct seen seen;
};

static bool file_of(const struct feed *feed, const char *path, struct hanse_bytes *out)
{
    const json_t *file = json_object_get(feed->files, path);
    if (!json_is_string(file))
        return false;
    *out = bytes_of_text(json_string_value(file));
    return true;
}

/* OK: this key signed the checkpoint of this feed. */
static enum hanse_status open_with(struct feed *feed, const uint8_t material[33], struct hanse_error *why)
{
    struct hanse_bytes origin = hanse_bytes_of_text(feed->known.name);
    struct hanse_verifier_key key;
    assert_int_equal(
        hanse_verifier_key_init(origin, hanse_bytes_of(material, HANSE_KEY_MATERIAL_BYTES), &key, NULL),
        HANSE_OK);
    struct hanse_note_check check = {.key = &key, .required = true};
    return hanse_checkpoint_open(&feed->note, origin, &check, 1, &feed->checkpoint, why);
}

static enum hanse_status open_checkpoint(struct feed *feed, struct hanse_bytes bytes, struct hanse_error *why)
{
    enum hanse_status status = hanse_note_decode(bytes, &feed->note, why);
    if (status != HANSE_OK)
        return status;
    struct hanse_key_chain chain;
    hanse_key_chain_init(&chain, feed->known.name, feed->known.material);
    status = open_with(feed, chain.key, why);
    for (int ordinal = 1; status == HANSE_BAD_SIGNATURE; ordinal++) {
        char path[32];
        struct hanse_bytes link;
        (void)snprintf(path, sizeof path, "hanse/key/%d", ordinal);
        if (!file_of(feed, path, &link))
            return status;
        if (hanse_key_chain_extend(&chain, link, why) != HANSE_OK)
            return HANSE_BAD_SIGNATURE;
        status = open_with(feed, chain.key, why);
    }
    return status;
}

static enum hanse_status feed_segment(struct hanse_verifier *verifier, struct hanse_bytes file, bool *done,
                                      struct hanse_error *why)
{
    hanse_verifier_start_file(verifier);
    for (size_t at = 0; at < file.size && !*done; at += PIECE_BYTES) {
        enum hanse_status status =
            hanse_verifier_feed(verifier, hanse_bytes_slice(file, at, PIECE_BYTES), done, why);
        if (status != HANSE_OK)
            return status;
    }
    return HANSE_OK;
}

static enum hanse_status read_segments(struct feed *feed, struct hanse_verifier *verifier,
                                       struct hanse_feed_state *state, struct hanse_error *why)
{
    struct hanse_bytes bytes;
    struct hanse_manifest manifest;
    if (!file_of(feed, "hanse/manifest", &bytes))
        return hanse_fail(why, HANSE_TRUNCATED, "manifest is missing");
    enum hanse_status status = hanse_manifest_decode(bytes, &vector_arena, &manifest, why);
    bool done = false;
    for (size_t i = 0; status == HANSE_OK && i < manifest.segment_count && !done; i++) {
        char path[64];
        (void)snprintf(path, sizeof path, "hanse/public/%llu-%016llx",
                       (unsigned long long)manifest.segments[i].first_index,
                       (unsigned long long)manifest.segments[i].generation);
        if (!file_of(feed, path, &bytes))
            return hanse_fail(why, HANSE_TRUNCATED, "segment is missing");
        status = feed_segment(verifier, bytes, &done, why);
    }
    return status == HANSE_OK ? hanse_verifier_end(verifier, state, why) : status;
}

static enum hanse_status read_entries(struct feed *feed, struct hanse_feed_state *state,
                                      struct hanse_error *why)
{
    struct hanse_verifier *verifier;
    hanse_feed_state_init(state, feed->known.material);
    enum hanse_status status =
        hanse_verifier_new(feed->known.name, state, feed->checkpoint.size, feed->checkpoint.root.bytes, see,
                           &feed->seen, &verifier, why);
    assert_int_equal(status, HANSE_OK);
    status = read_segments(feed, verifier, state, why);
    hanse_verifier_free(verifier);
    return status;
}

static enum hanse_status check_newest_key(struct feed *feed, const struct hanse_feed_state *state,
                                          struct hanse_error *why)
{
    enum hanse_status status = open_with(feed, state->key, why);
    bool both =
        state->key_index > 0 && state->key_index < UINT64_MAX && state->key_index + 1 == state->frontier.size;
    return status == HANSE_OK && both ? open_with(feed, state->previous_key, why) : status;
}

static bool is_erased(const struct seen *seen, uint64_t index)
{
    for (size_t i = 0; i < seen->erased_count; i++)
        if (index >= seen->erased[i].first && index - seen->erased[i].first < seen->erased[i].count)
            return true;
    return false;
}

static bool same_missing(const json_t *vector, const uint64_t *missing, size_t count)
{
    const json_t *list = json_object_get(vector, "missing");
    if (list == NULL)
        return true;
    if (json_array_size(list) != count)
        return false;
    for (size_t i = 0; i < count; i++)
        if ((uint64_t)json_integer_value(json_array_get(list, i)) != missing[i])
            return false;
    return true;
}

static bool same_marks(const json_t *vector, const struct seen *seen)
{
    const json_t *marks = json_object_get(vector, "marks");
    size_t mark = 0;
    for (size_t i = 0; i < seen->count && marks != NULL; i++) {
        if (seen->entries[i].verdict == HANSE_ENTRY_VALID)
            continue;
        const json_t *expected = json_array_get(marks, mark++);
        const char *verdict = seen->entries[i].verdict == HANSE_ENTRY_INVALID ? "INVALID" : "UNKNOWN";
        if (number_member(expected, "index") != i || strcmp(text_of(expected, "verdict"), verdict) != 0)
            return false;
    }
    return mark == json_array_size(marks);
}

static bool same_count(const json_t *expect, const char *name, uint64_t count, struct hanse_error *why)
{
    if (json_object_get(expect, name) == NULL || number_member(expect, name) == count)
        return true;
    return DIFFERS(why, "%s is %llu", name, (unsigned long long)count);
}

/* Counts and marks as the vector says; *out_missing: something is absent that nothing accounts for. */
static bool account(const json_t *vector, const struct seen *seen, bool *out_missing, struct hanse_error *why)
{
    uint64_t verdicts[3] = {0};
    uint64_t withheld = 0;
    uint64_t erased = 0;
    uint64_t missing[MOST_ENTRIES];
    size_t missing_count = 0;
    for (size_t i = 0; i < seen->count; i++) {
        verdicts[seen->entries[i].verdict]++;
        if (!seen->entries[i].absent || !seen->entries[i].is_put ||
            seen->entries[i].verdict != HANSE_ENTRY_VALID)
            continue;
        if (is_erased(seen, i))
            erased++;
        else if (!seen->entries[i].is_public)
            withheld++;
        else
            missing[missing_count++] = i;
    }
    *out_missing = missing_count > 0;
    const json_t *expect = json_object_get(vector, "expect");
    if (!same_missing(vector, missing, missing_count) || !same_marks(vector, seen))
        return DIFFERS(why, "other entries are missing or marked");
    return same_count(expect, "entries", seen->count, why) &&
           same_count(expect, "payloads", seen->payloads, why) &&
           same_count(expect, "withheld", withheld, why) && same_count(expect, "erased", erased, why) &&
           same_count(expect, "invalid", verdicts[HANSE_ENTRY_INVALID], why) &&
           same_count(expect, "unknown", verdicts[HANSE_ENTRY_UNKNOWN], why);
}

/* The outcome as docs/protocol.md names it; NULL: counts or marks are other ones. */
static const char *outcome_of(struct feed *feed, struct hanse_error *why)
{
    struct hanse_bytes bytes;
    struct hanse_feed_state state;
    if (!file_of(feed, "checkpoint", &bytes))
        return "unreachable";
    if (open_checkpoint(feed, bytes, why) != HANSE_OK)
        return "bad-signature";
    enum hanse_status status = read_entries(feed, &state, why);
    if (status == HANSE_TRUNCATED)
        return "truncated";
    if (status != HANSE_OK)
        return "mismatch";
    if (check_newest_key(feed, &state, why) != HANSE_OK)
        return "bad-signature";
    bool missing;
    if (!account(feed->vector, &feed->seen, &missing, why))
        return NULL;
    return missing ? "incomplete" : "ok";
}

static json_t *all_feeds;

/* The files of the feed: those of its base with its own over them. */
static json_t *files_of(const json_t *vector)
{
    json_t *files = json_object();
    const char *base = text_of(vector, "base");
    size_t index;
    const json_t *other;
    json_array_foreach(all_feeds, index, other)
    {
        if (base != NULL && strcmp(text_of(other, "name"), base) == 0) {
            json_t *inherited = files_of(other);
            assert_int_equal(json_object_update(files, inherited), 0);
            json_decref(inherited);
        }
    }
    assert_int_equal(json_object_update(files, json_object_get(vector, "files")), 0);
    return files;
}

static bool is_of_folder(const char *rule)
{
    static const char *const rules[] = {"feed.tile", "feed.bundle", "feed.key-", "segment.blocks",
                                        "segment.end"};
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (strncmp(rule, rules[i], strlen(rules[i])) == 0)
            return true;
    return false;
}

static bool check_feed(const json_t *vector, struct hanse_error *why)
{
    const json_t *expect = json_object_get(vector, "expect");
    if (is_of_folder(text_of(expect, "rule")))
        return true;
    struct feed *feed = hanse_arena_alloc(&vector_arena, sizeof *feed);
    assert_non_null(feed);
    *feed = (struct feed){.vector = vector, .known = key_of(text_of(vector, "key"))};
    feed->files = files_of(vector);
    const char *outcome = outcome_of(feed, why);
    json_decref(feed->files);
    if (outcome != NULL && strcmp(outcome, text_of(expect, "result")) == 0)
        return true;
    if (outcome != NULL)
        return hanse_fail_within(why, HANSE_MISMATCH, "%s", outcome), false;
    return false;
}

static void feeds_agree(void **state)
{
    (void)state;
    all_feeds = load_vectors("feeds");
    check_vectors("feeds", check_feed);
    json_decref(all_feeds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(feeds_agree)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
