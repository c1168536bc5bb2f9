/* SPDX-License-Identifier: Apache-2.0 */
#include "node/publish/import_source.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"
#include "node/publish/stage.h"
#include "node/reason.h"
#include "wire/header.h"

enum { ID_BYTES = 16, LEAST_WITHDRAWN = 3 };
#define MAX_IDS_BYTES ((size_t)HANSE_MAX_IMPORT_KEYS * 4 * ID_BYTES)

enum hanse_status hanse_import_source_scheme(const struct hanse_import_options *options,
                                             char out[HANSE_KEY_SCHEME_BYTES], struct hanse_error *err)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
    const char *name = options->from;
    if (name == NULL && options->complete)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "a complete import has no name of its source");
    if (options->max_withdraw > 0 && !options->complete)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "only a complete import withdraws records");
    if (name == NULL) {
        (void)snprintf(out, HANSE_KEY_SCHEME_BYTES, "LOCAL");
        return HANSE_OK;
    }
    size_t size = strlen(name);
    if (size == 0 || size > 64 || strspn(name, allowed) < size)
        return hanse_fail(
            err, HANSE_INVALID_ARGUMENT,
            "source \"%.80s\" is no name: use 1 to 64 letters, digits, points, hyphens and \"_\"", name);
    (void)snprintf(out, HANSE_KEY_SCHEME_BYTES, "SOURCE-%.64s", name);
    return HANSE_OK;
}

/* The record's first identifier as SCHEME:VALUE. */
static enum hanse_status first_identifier(const struct hanse_record *record, char **out,
                                          struct hanse_error *err)
{
    char *scheme = NULL;
    char *value = NULL;
    HANSE_SCOPED_BUFFER struct hanse_buffer text;
    hanse_buffer_init(&text, HANSE_MAX_RECORD_BYTES);
    enum hanse_status status = hanse_record_get(record, "header.identifiers[0].scheme", &scheme, err);
    if (status == HANSE_OK)
        status = hanse_record_get(record, "header.identifiers[0].value", &value, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_format(&text, err, "%s:%s", scheme, value);
    if (status == HANSE_OK)
        status = hanse_buffer_detach_text(&text, out, err);
    hanse_free(scheme);
    hanse_free(value);
    if (status == HANSE_NOT_FOUND)
        return hanse_fail(
            err, HANSE_INVALID_RECORD,
            "record has no identifier by which its source could know it again: name a key column");
    return status;
}

static enum hanse_status add_identifier(struct hanse_record *record, const char *scheme, const char *value,
                                        struct hanse_error *err)
{
    enum hanse_status status = hanse_record_set(record, "header.identifiers[+].scheme", scheme, err);
    return status == HANSE_OK ? hanse_record_set(record, "header.identifiers[-].value", value, err) : status;
}

enum hanse_status hanse_import_source_mark(const struct hanse_import_run *run, const char *key,
                                           struct hanse_record *record, char **out_value,
                                           struct hanse_error *err)
{
    char *value = NULL;
    char path[HANSE_KEY_SCHEME_BYTES + 40];
    *out_value = NULL;
    if (key == NULL && run->options->from == NULL)
        return HANSE_OK;
    /* What was exported from here bears the mark already. */
    (void)snprintf(path, sizeof path, "header.identifiers[scheme=%s].value", run->scheme);
    enum hanse_status status = key == NULL ? hanse_record_get(record, path, &value, err) : HANSE_NOT_FOUND;
    bool has_mark = status == HANSE_OK;
    if (status == HANSE_NOT_FOUND && key == NULL)
        status = first_identifier(record, &value, err);
    else if (status == HANSE_NOT_FOUND)
        status = (value = hanse_strdup(key)) != NULL ? HANSE_OK : hanse_fail_memory(err);
    if (status == HANSE_OK && !has_mark)
        status = add_identifier(record, run->scheme, value, err);
    if (status == HANSE_OK)
        *out_value = value;
    else
        hanse_free(value);
    return status;
}

/* What bears the mark of the source, as sorted ids. */
struct source_view {
    struct hanse_import_run *run;
    struct hanse_buffer published; /* and current */
    struct hanse_buffer staged;
    struct hanse_buffer withdraw; /* those of them that the input lacks, by what is to be done */
    struct hanse_buffer drop;
};

static enum hanse_status keep_published(void *context, const struct hanse_index_record *record,
                                        struct hanse_error *err)
{
    struct source_view *view = context;
    if (record->withdrawn)
        return HANSE_OK;
    return hanse_buffer_append(&view->published, hanse_bytes_of(record->record_id, ID_BYTES), err);
}

static enum hanse_status keep_staged(void *context, const uint8_t id[16], struct hanse_error *err)
{
    struct source_view *view = context;
    return hanse_buffer_append(&view->staged, hanse_bytes_of(id, ID_BYTES), err);
}

static int compare_ids(const void *a, const void *b)
{
    return memcmp(a, b, ID_BYTES);
}

static bool has_id(const struct hanse_buffer *ids, const uint8_t *id)
{
    return ids->size > 0 && bsearch(id, ids->data, ids->size / ID_BYTES, ID_BYTES, compare_ids) != NULL;
}

static enum hanse_status is_in_input(const struct source_view *view, const uint8_t *id, bool *out,
                                     struct hanse_error *err)
{
    return hanse_line_set_has(&view->run->staged, hanse_bytes_of(id, ID_BYTES), out, err);
}

/* A published record that the input lacks: withdrawn, unless somebody else has staged something of it. */
static enum hanse_status judge_published(struct source_view *view, const uint8_t *id, struct hanse_error *err)
{
    bool is_there = false;
    struct hanse_staged_change staged;
    enum hanse_status status = is_in_input(view, id, &is_there, err);
    if (status != HANSE_OK || is_there)
        return status;
    status = hanse_staging_get(view->run->node->staging, view->run->feed->feed.origin, id, &staged, err);
    if (status == HANSE_NOT_FOUND || (status == HANSE_OK && has_id(&view->staged, id)))
        return hanse_buffer_append(&view->withdraw, hanse_bytes_of(id, ID_BYTES), err);
    return status;
}

/* A staged change that the input lacks and that no published record bears. */
static enum hanse_status judge_staged(struct source_view *view, const uint8_t *id, struct hanse_error *err)
{
    bool is_there = false;
    enum hanse_status status = is_in_input(view, id, &is_there, err);
    if (status != HANSE_OK || is_there || has_id(&view->published, id))
        return status;
    return hanse_buffer_append(&view->drop, hanse_bytes_of(id, ID_BYTES), err);
}

typedef enum hanse_status id_use(struct source_view *view, const uint8_t *id, struct hanse_error *err);

static enum hanse_status each_id(struct source_view *view, const struct hanse_buffer *ids, id_use *use,
                                 struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (size_t at = 0; at < ids->size && status == HANSE_OK; at += ID_BYTES)
        status = use(view, ids->data + at, err);
    return status;
}

static enum hanse_status look(struct source_view *view, struct hanse_error *err)
{
    const struct hanse_import_run *run = view->run;
    const struct hanse_feed_row *feed = run->feed;
    enum hanse_status status = hanse_index_record_find_scheme(run->node->index, feed->feed.id, run->scheme,
                                                              keep_published, view, err);
    if (status == HANSE_OK)
        status = hanse_staging_find_scheme(run->node->staging, feed->feed.origin, run->scheme, keep_staged,
                                           view, err);
    if (status == HANSE_OK)
        status = each_id(view, &view->published, judge_published, err);
    return status == HANSE_OK ? each_id(view, &view->staged, judge_staged, err) : status;
}

static enum hanse_status count_new(struct source_view *view, const uint8_t *id, struct hanse_error *err)
{
    (void)err;
    view->run->result.withdrawn += !has_id(&view->published, id);
    return HANSE_OK;
}

/* An input that was cut short, or a query with a mistake, must not empty a feed. */
static enum hanse_status check_count(struct source_view *view, struct hanse_error *err)
{
    const struct hanse_import_options *options = view->run->options;
    uint64_t missing = (view->withdraw.size + view->drop.size) / ID_BYTES;
    uint64_t most = options->max_withdraw;
    view->run->result.withdrawn = view->published.size / ID_BYTES;
    (void)each_id(view, &view->staged, count_new, err);
    uint64_t all = view->run->result.withdrawn;
    view->run->result.withdrawn = missing;
    if (missing > 0 && view->run->result.read == 0 && most == 0)
        return hanse_fail(err, HANSE_LIMIT,
                          "input has no record: all %" PRIu64 " of the source \"%s\" would be withdrawn",
                          missing, options->from);
    if (most == 0)
        most = all / 10 > LEAST_WITHDRAWN ? all / 10 : LEAST_WITHDRAWN;
    if (missing <= most)
        return HANSE_OK;
    return hanse_fail(err, HANSE_LIMIT,
                      "source \"%s\" no longer has %" PRIu64 " of %" PRIu64 " records, and at most %" PRIu64
                      " may be withdrawn at once",
                      options->from, missing, all, most);
}

static enum hanse_status withdraw(struct source_view *view, const uint8_t *id, struct hanse_error *err)
{
    const struct hanse_import_run *run = view->run;
    struct hanse_index_record published;
    enum hanse_status status =
        hanse_index_record_get(run->node->index, run->feed->feed.id, id, &published, err);
    return status == HANSE_OK ? hanse_stage_withdrawal(run->node, run->feed, &published,
                                                       hanse_reason_number("no-longer"), err)
                              : status;
}

static enum hanse_status drop(struct source_view *view, const uint8_t *id, struct hanse_error *err)
{
    return hanse_staging_remove(view->run->node->staging, view->run->feed->feed.origin, id, err);
}

static void release_view(struct source_view *view)
{
    hanse_buffer_release(&view->published);
    hanse_buffer_release(&view->staged);
    hanse_buffer_release(&view->withdraw);
    hanse_buffer_release(&view->drop);
}

enum hanse_status hanse_import_source_complete(struct hanse_import_run *run, struct hanse_error *err)
{
    struct hanse_error own; /* look-ups that find nothing fill it although nothing failed */
    struct source_view view __attribute__((cleanup(release_view))) = {.run = run};
    hanse_buffer_init(&view.published, MAX_IDS_BYTES);
    hanse_buffer_init(&view.staged, MAX_IDS_BYTES);
    hanse_buffer_init(&view.withdraw, MAX_IDS_BYTES);
    hanse_buffer_init(&view.drop, MAX_IDS_BYTES);
    enum hanse_status status = look(&view, &own);
    if (status == HANSE_OK)
        status = check_count(&view, &own);
    if (status == HANSE_OK)
        status = each_id(&view, &view.withdraw, withdraw, &own);
    if (status == HANSE_OK)
        status = each_id(&view, &view.drop, drop, &own);
    if (status != HANSE_OK && err != NULL)
        *err = own;
    return status;
}
