/* SPDX-License-Identifier: Apache-2.0 */
/* A sink that keeps what an importer hands over, and a source that gives a file in small pieces. */
#ifndef HANSE_TESTS_IMPORT_COLLECT_H
#define HANSE_TESTS_IMPORT_COLLECT_H

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "anomaly.h"

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/file.h"
#include "record/import.h"
#include "record/source.h"

enum { COLLECT_MAX = 256, COLLECT_TEXT = 256, COLLECT_FILE_BYTES = 64 << 20 };

struct collected_item {
    uint64_t line;
    uint64_t offset;
    char id[COLLECT_TEXT]; /* "" for NULL */
    char key[COLLECT_TEXT];
    struct hanse_error problem;
    char rule[COLLECT_TEXT];
    char path[COLLECT_TEXT];
    char message[COLLECT_TEXT];
};

struct collected {
    struct hanse_record *records[COLLECT_MAX];
    struct collected_item record_items[COLLECT_MAX];
    size_t record_count;
    struct collected_item invalid[COLLECT_MAX];
    size_t invalid_count;
    struct collected_item findings[COLLECT_MAX];
    size_t finding_count;
    size_t cancel_after; /* records; 0: never */
};

static inline void collect_item(struct collected_item *out, const struct hanse_import_item *item)
{
    *out = (struct collected_item){.line = item->line, .offset = item->offset};
    (void)snprintf(out->id, sizeof out->id, "%s", item->id != NULL ? item->id : "");
    (void)snprintf(out->key, sizeof out->key, "%s", item->key != NULL ? item->key : "");
}

static inline enum hanse_status collect_record(void *context, const struct hanse_import_item *item,
                                               struct hanse_record *record, struct hanse_error *err)
{
    struct collected *all = context;
    (void)err;
    assert_true(all->record_count < COLLECT_MAX);
    collect_item(&all->record_items[all->record_count], item);
    all->records[all->record_count++] = record;
    return all->record_count == all->cancel_after ? HANSE_CANCELLED : HANSE_OK;
}

static inline void collect_invalid(void *context, const struct hanse_import_item *item,
                                   const struct hanse_error *problem)
{
    struct collected *all = context;
    assert_true(all->invalid_count < COLLECT_MAX);
    collect_item(&all->invalid[all->invalid_count], item);
    all->invalid[all->invalid_count++].problem = *problem;
}

static inline void collect_finding(void *context, const struct hanse_import_item *item,
                                   const struct hanse_finding *finding)
{
    struct collected *all = context;
    assert_true(all->finding_count < COLLECT_MAX);
    /* The further mistakes of a row that is invalid are errors too. */
    assert_true(strcmp(finding->severity, "warning") == 0 || all->invalid_count > 0);
    assert_true(finding->remedy[0] != '\0');
    struct collected_item *out = &all->findings[all->finding_count++];
    collect_item(out, item);
    (void)snprintf(out->rule, sizeof out->rule, "%s", finding->rule);
    (void)snprintf(out->path, sizeof out->path, "%s", finding->path);
    (void)snprintf(out->message, sizeof out->message, "%s", finding->message);
}

static inline struct hanse_import_sink collect_sink(struct collected *all)
{
    return (struct hanse_import_sink){
        .context = all, .record = collect_record, .invalid = collect_invalid, .finding = collect_finding};
}

static inline void collect_release(struct collected *all)
{
    for (size_t i = 0; i < all->record_count; i++)
        hanse_record_free(all->records[i]);
    memset(all, 0, sizeof *all);
}

/* Gives at most `piece` bytes a call, so that tokens fall on every kind of border. */
struct piecewise {
    struct hanse_bytes left;
    size_t piece;
};

static inline enum hanse_status read_piece(void *context, uint8_t *out, size_t size, size_t *out_read,
                                           struct hanse_error *err)
{
    struct piecewise *source = context;
    struct hanse_bytes *left = &source->left;
    return hanse_source_of_bytes(left).read(left, out, size < source->piece ? size : source->piece, out_read,
                                            err);
}

static inline void assert_value(const struct hanse_record *record, const char *path, const char *expected)
{
    char *value = NULL;
    struct hanse_error err = {0};
    enum hanse_status status = hanse_record_get(record, path, &value, &err);
    if (status != HANSE_OK)
        fail_msg("%s: %s", path, err.message);
    if (strcmp(value, expected) != 0)
        fail_msg("%s is \"%s\", not \"%s\"", path, value, expected);
    hanse_free(value);
}

static inline void assert_unset(const struct hanse_record *record, const char *path)
{
    char *value = NULL;
    assert_int_equal(hanse_record_get(record, path, &value, NULL), HANSE_NOT_FOUND);
}

static inline void assert_count(const struct hanse_record *record, const char *path, size_t expected)
{
    size_t count = 0;
    assert_int_equal(hanse_record_count(record, path, &count, NULL), HANSE_OK);
    assert_int_equal(count, expected);
}

/* The file in memory; skips the test with a message where the path is outside of the project and missing. */
static inline struct hanse_bytes load(struct hanse_buffer *buffer, const char *path)
{
    hanse_buffer_init(buffer, COLLECT_FILE_BYTES);
    if (strncmp(path, "../", 3) == 0 && !hanse_file_exists(path)) {
        print_message("skipped: \"%s\" is not there\n", path);
        skip();
    }
    struct hanse_error err = {0};
    if (hanse_file_read(path, COLLECT_FILE_BYTES, buffer, &err) != HANSE_OK)
        fail_msg("%s", err.message);
    return hanse_buffer_view(buffer);
}

#endif
