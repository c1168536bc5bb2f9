/* SPDX-License-Identifier: Apache-2.0 */
/* Short ways to fill an index and to look at it. */
#ifndef HANSE_TESTS_INDEX_FIXTURE_H
#define HANSE_TESTS_INDEX_FIXTURE_H

#include <stdio.h>

#include "folder_fixture.h"
#include "index/index.h"

enum { PUT = 1, WITHDRAW = 2, ERASE = 3, VALID = 0, INVALID = 1, UNKNOWN = 2 };

struct id {
    uint8_t bytes[16];
};

/* A record id that begins with the byte and ends with it. */
static inline struct id id_of(uint8_t number)
{
    return (struct id){{number, 2, 3, 4, 5, 6, 0x70, 8, 0x80, 10, 11, 12, 13, 14, 15, number}};
}

static inline struct hanse_index *open_index(struct folder *folder)
{
    struct hanse_index *index = NULL;
    ASSERT_OK(folder, hanse_index_open(folder->path.text, &index, &folder->err));
    return index;
}

static inline int64_t add_feed(struct folder *folder, struct hanse_index *index, const char *origin,
                               const char *name, bool own)
{
    struct hanse_index_feed feed = {.origin = origin, .name = name, .own = own};
    ASSERT_OK(folder, hanse_index_feed_put(index, &feed, &folder->err));
    assert_true(feed.id > 0);
    return feed.id;
}

/* One revision of record `number`; a PUT has its payload and the kind 3. */
static inline void add(struct folder *folder, struct hanse_index *index, int64_t feed, uint64_t at,
                       uint32_t operation, uint32_t verdict, uint8_t number)
{
    struct id id = id_of(number);
    struct hanse_index_entry entry = {
        .index = at,
        .operation = operation,
        .verdict = verdict,
        .kind = operation == PUT ? 3 : 0,
        .published_unix_s = 1700000000 + at,
        .record_id = operation == PUT || operation == WITHDRAW ? id.bytes : NULL,
        .payload_state = operation == PUT ? HANSE_PAYLOAD_PRESENT : HANSE_PAYLOAD_NONE,
    };
    ASSERT_OK(folder, hanse_index_entry_add(index, feed, &entry, &folder->err));
}

/* What a visitor saw: a line for each record, "feed:number:revision:entry" and "-" if withdrawn. */
struct seen {
    char text[512];
};

static inline enum hanse_status see_record(void *context, const struct hanse_index_record *record,
                                           struct hanse_error *err)
{
    struct seen *seen = context;
    size_t used = strlen(seen->text);
    (void)err;
    (void)snprintf(seen->text + used, sizeof seen->text - used, "%lld:%u:%llu:%llu%s ",
                   (long long)record->feed_id, record->record_id[0], (unsigned long long)record->revision,
                   (unsigned long long)record->entry_index, record->withdrawn ? "-" : "");
    return HANSE_OK;
}

static inline void assert_listed(struct folder *folder, struct hanse_index *index,
                                 const struct hanse_index_filter *filter, const char *wanted)
{
    struct seen seen = {""};
    ASSERT_OK(folder, hanse_index_record_list(index, filter, see_record, &seen, &folder->err));
    assert_string_equal(seen.text, wanted);
}

static inline void assert_identified(struct folder *folder, struct hanse_index *index, int64_t feed,
                                     const char *value, const char *wanted)
{
    struct seen seen = {""};
    ASSERT_OK(folder, hanse_index_record_find_identifier(index, feed, "iati", value, see_record, &seen,
                                                         &folder->err));
    assert_string_equal(seen.text, wanted);
}

static inline void identify(struct folder *folder, struct hanse_index *index, int64_t feed, uint64_t at,
                            uint8_t number, const char *value)
{
    struct id id = id_of(number);
    ASSERT_OK(folder, hanse_index_identifier_add(index, feed, id.bytes, at, "iati", value, &folder->err));
}

#endif
