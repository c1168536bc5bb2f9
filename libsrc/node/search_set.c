/* SPDX-License-Identifier: Apache-2.0 */
#include "node/search_set.h"

#include <inttypes.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "node/files/layout.h"

/* Below `TIDY_DOCUMENTS` it is not worth it. */
enum { TIDY_DOCUMENTS = 1000 };

static const char ending[] = ".sqlite";

static enum hanse_status set_dir(struct hanse_node *node, struct hanse_path *out, struct hanse_error *err)
{
    return hanse_layout_private(node->dir.text, "search", out, err);
}

enum hanse_status hanse_search_set_lock(struct hanse_node *node, struct hanse_file *lock,
                                        struct hanse_error *err)
{
    struct hanse_path dir;
    struct hanse_path path;
    *lock = HANSE_FILE_CLOSED;
    enum hanse_status status = set_dir(node, &dir, err);
    if (status == HANSE_OK)
        status = hanse_file_make_dirs(dir.text, HANSE_MODE_PRIVATE_DIR, err);
    if (status == HANSE_OK)
        status = hanse_path_format(&path, err, "%s/lock", dir.text);
    return status == HANSE_OK ? hanse_file_lock(lock, path.text, HANSE_LOCK_TIMEOUT_MS, err) : status;
}

static enum hanse_status shard_path(const struct hanse_search_set *set, uint64_t number,
                                    struct hanse_path *out, struct hanse_error *err)
{
    return hanse_path_format(out, err, "%s/%" PRIu64 "%s", set->dir.text, number, ending);
}

/* The file and what SQLite keeps beside it. */
static enum hanse_status remove_files(const struct hanse_search_set *set, uint64_t number,
                                      struct hanse_error *err)
{
    static const char *const besides[] = {"-wal", "-shm", ""};
    struct hanse_path path;
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < sizeof besides / sizeof besides[0] && status == HANSE_OK; i++) {
        status =
            hanse_path_format(&path, err, "%s/%" PRIu64 "%s%s", set->dir.text, number, ending, besides[i]);
        if (status == HANSE_OK && hanse_file_exists(path.text))
            status = hanse_file_remove(path.text, err);
    }
    return status;
}

static void insert_shard(struct hanse_search_set *set, size_t at, uint64_t number, struct hanse_shard *shard)
{
    memmove(set->numbers + at + 1, set->numbers + at, (set->count - at) * sizeof set->numbers[0]);
    memmove(set->shards + at + 1, set->shards + at, (set->count - at) * sizeof(struct hanse_shard *));
    set->numbers[at] = number;
    set->shards[at] = shard;
    set->count++;
}

static void take_out(struct hanse_search_set *set, size_t at)
{
    hanse_shard_close(set->shards[at]);
    set->count--;
    memmove(set->numbers + at, set->numbers + at + 1, (set->count - at) * sizeof set->numbers[0]);
    memmove(set->shards + at, set->shards + at + 1, (set->count - at) * sizeof(struct hanse_shard *));
}

enum hanse_status hanse_search_set_remove(struct hanse_search_set *set, size_t at, struct hanse_error *err)
{
    uint64_t number = set->numbers[at];
    take_out(set, at);
    return remove_files(set, number, err);
}

static bool is_shard_name(const char *name, uint64_t *out_number)
{
    size_t size = strlen(name);
    size_t digits = size > sizeof ending - 1 ? size - (sizeof ending - 1) : 0;
    return digits > 0 && strcmp(name + digits, ending) == 0 &&
           hanse_decimal_decode(hanse_bytes_of(name, digits), out_number);
}

/* What cannot be used is as good as lost: the gap is filled again. */
static enum hanse_status open_shard(void *context, const char *name, bool is_dir, struct hanse_error *err)
{
    struct hanse_search_set *set = context;
    struct hanse_shard *shard = NULL;
    struct hanse_path path;
    uint64_t number;
    if (is_dir || !is_shard_name(name, &number))
        return HANSE_OK;
    if (set->count == HANSE_MAX_SHARDS)
        return hanse_fail(err, HANSE_LIMIT, "more than %u search files in \"%s\"", HANSE_MAX_SHARDS,
                          set->dir.text);
    enum hanse_status status = shard_path(set, number, &path, err);
    if (status == HANSE_OK)
        status = hanse_shard_open(path.text, NULL, &shard, err);
    bool foreign =
        status == HANSE_OK && memcmp(hanse_shard_state_of(shard)->token, set->token, sizeof set->token) != 0;
    if (status != HANSE_MALFORMED && !foreign) {
        size_t at = set->count;
        while (status == HANSE_OK && at > 0 && set->numbers[at - 1] > number)
            at--;
        if (status == HANSE_OK)
            insert_shard(set, at, number, shard);
        return status;
    }
    hanse_shard_close(shard);
    return set->read_only ? HANSE_OK : remove_files(set, number, err);
}

enum hanse_status hanse_search_set_open(struct hanse_node *node, bool writable, struct hanse_search_set *out,
                                        struct hanse_error *err)
{
    out->count = 0;
    out->read_only = !writable;
    out->most_documents = HANSE_SHARD_DOCUMENTS;
    enum hanse_status status = set_dir(node, &out->dir, err);
    if (status == HANSE_OK)
        status = hanse_index_token(node->index, out->token, err);
    return status == HANSE_OK ? hanse_file_list(out->dir.text, open_shard, out, err) : status;
}

void hanse_search_set_close(struct hanse_search_set *set)
{
    while (set->count > 0)
        take_out(set, set->count - 1);
}

/* A shard from `first` to `beyond`, or open at its end (NULL). */
static enum hanse_status make_shard(struct hanse_search_set *set, size_t at, uint64_t number,
                                    struct hanse_shard_place first, const struct hanse_shard_place *beyond,
                                    struct hanse_error *err)
{
    struct hanse_shard_state state = {.first = first, .next = first, .sealed = beyond != NULL};
    struct hanse_shard *shard = NULL;
    struct hanse_path path;
    if (set->count == HANSE_MAX_SHARDS)
        return hanse_fail(err, HANSE_LIMIT, "more than %u search files in \"%s\"", HANSE_MAX_SHARDS,
                          set->dir.text);
    memcpy(state.token, set->token, sizeof state.token);
    if (beyond != NULL)
        state.beyond = *beyond;
    enum hanse_status status = shard_path(set, number, &path, err);
    if (status == HANSE_OK)
        status = hanse_shard_open(path.text, &state, &shard, err);
    if (status == HANSE_OK)
        insert_shard(set, at, number, shard);
    return status;
}

static bool is_done(const struct hanse_shard_state *state)
{
    return state->sealed && hanse_shard_place_compare(state->next, state->beyond) >= 0;
}

/* Makes the intervals follow each other: of two that overlap the earlier goes, unless it begins first; what
 * lies behind an open one goes; a gap gets a shard. *out_again: something was changed. */
static enum hanse_status close_gap(struct hanse_search_set *set, size_t at, struct hanse_shard_place expected,
                                   bool *out_again, struct hanse_error *err)
{
    struct hanse_shard_place first = hanse_shard_state_of(set->shards[at])->first;
    bool open_before = at > 0 && !hanse_shard_state_of(set->shards[at - 1])->sealed;
    int order = hanse_shard_place_compare(first, expected);
    *out_again = open_before || order != 0;
    if (!*out_again)
        return HANSE_OK;
    uint64_t before = at > 0 ? set->numbers[at - 1] : 0;
    bool has_room = set->numbers[at] - before > 1;
    if (!open_before && order > 0 && has_room)
        return make_shard(set, at, before + 1, expected, &first, err);
    bool earlier_goes =
        at > 0 && hanse_shard_place_compare(first, hanse_shard_state_of(set->shards[at - 1])->first) <= 0;
    return hanse_search_set_remove(set, earlier_goes ? at - 1 : at, err);
}

enum hanse_status hanse_search_set_next(struct hanse_search_set *set, size_t *out, struct hanse_error *err)
{
    struct hanse_shard_place expected = {0};
    size_t found = SIZE_MAX;
    for (size_t at = 0; at < set->count; at++) {
        bool again = false;
        enum hanse_status status = close_gap(set, at, expected, &again, err);
        if (status != HANSE_OK)
            return status;
        if (again)
            return hanse_search_set_next(set, out, err);
        const struct hanse_shard_state *state = hanse_shard_state_of(set->shards[at]);
        if (found == SIZE_MAX && !is_done(state))
            found = at;
        expected = state->beyond;
    }
    bool last_open = set->count > 0 && !hanse_shard_state_of(set->shards[set->count - 1])->sealed;
    *out = found != SIZE_MAX ? found : set->count;
    if (last_open || found != SIZE_MAX)
        return HANSE_OK;
    uint64_t number = set->count > 0 ? set->numbers[set->count - 1] + 1 : 1;
    return make_shard(set, set->count, number, expected, NULL, err);
}

bool hanse_search_set_is_current(const struct hanse_search_set *set, uint64_t last)
{
    struct hanse_shard_place expected = {0};
    for (size_t i = 0; i < set->count; i++) {
        const struct hanse_shard_state *state = hanse_shard_state_of(set->shards[i]);
        if (hanse_shard_place_compare(state->first, expected) != 0)
            return false;
        if (i + 1 == set->count)
            return !state->sealed && state->next.sequence > last;
        if (!is_done(state))
            return false;
        expected = state->beyond;
    }
    return false;
}

static enum hanse_status empty(struct hanse_shard *shard, struct hanse_shard_place first,
                               struct hanse_error *err)
{
    struct hanse_shard_state state = *hanse_shard_state_of(shard);
    state.first = first;
    return hanse_shard_empty(shard, &state, err);
}

enum hanse_status hanse_search_set_tidy(struct hanse_search_set *set, struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < set->count && status == HANSE_OK; i++) {
        const struct hanse_shard_state *state = hanse_shard_state_of(set->shards[i]);
        if (state->documents >= TIDY_DOCUMENTS && state->live < state->documents / 2)
            status = empty(set->shards[i], state->first, err);
    }
    for (size_t i = 0; i + 2 < set->count && status == HANSE_OK; i++) {
        const struct hanse_shard_state *one = hanse_shard_state_of(set->shards[i]);
        const struct hanse_shard_state *other = hanse_shard_state_of(set->shards[i + 1]);
        if (!is_done(one) || !is_done(other) || one->live + other->live > set->most_documents / 2)
            continue;
        status = empty(set->shards[i + 1], one->first, err);
        if (status == HANSE_OK)
            status = hanse_search_set_remove(set, i, err);
    }
    return status;
}

static enum hanse_status forget_in(struct hanse_shard *shard, int64_t feed_id,
                                   const struct hanse_index_range *ranges, size_t count,
                                   struct hanse_error *err)
{
    bool holds = false;
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < count && status == HANSE_OK && !holds; i++)
        status = hanse_shard_holds(shard, feed_id, ranges[i].first, ranges[i].first + ranges[i].count, &holds,
                                   err);
    return status == HANSE_OK && holds ? empty(shard, hanse_shard_state_of(shard)->first, err) : status;
}

enum hanse_status hanse_search_forget(struct hanse_node *node, int64_t feed_id,
                                      const struct hanse_index_range *ranges, size_t count,
                                      struct hanse_error *err)
{
    struct hanse_path dir;
    enum hanse_status status = set_dir(node, &dir, err);
    if (status != HANSE_OK || !hanse_file_exists(dir.text))
        return status;
    HANSE_SCOPED_FILE struct hanse_file lock = HANSE_FILE_CLOSED;
    HANSE_SCOPED_SEARCH_SET struct hanse_search_set set = {.count = 0};
    status = hanse_search_set_lock(node, &lock, err);
    if (status == HANSE_OK)
        status = hanse_search_set_open(node, true, &set, err);
    for (size_t i = 0; i < set.count && status == HANSE_OK; i++) {
        status = forget_in(set.shards[i], feed_id, ranges, count, err);
        if (status == HANSE_MALFORMED) /* damaged: its words must go all the same */
            status = hanse_search_set_remove(&set, i--, err);
    }
    return status;
}
