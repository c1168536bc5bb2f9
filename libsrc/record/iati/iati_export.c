/* SPDX-License-Identifier: Apache-2.0 */
/* One project after the other as IATI, each read again to see what was lost. */
#include <hanse/iati_export.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "record/iati/dump.h"
#include "record/iati/reader.h"
#include "record/iati/rest.h"
#include "record/iati/sax.h"
#include "record/iati/tables.h"
#include "record/iati/xml.h"
#include "record/record.h"
#include "record/rule.h"

#define CONTACTS "iati-activity/contact-info"

struct hanse_iati_export {
    struct hanse_arena arena; /* of the options' texts */
    struct hanse_iati_export_options options;
    struct hanse_iati_tree tree;
    struct hanse_iati_tree rest;
    struct hanse_buffer xml;
    struct hanse_loss_report losses;
};

static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<iati-activities version=\"2.03\">\n";
static const char tail[] = "</iati-activities>\n";

const char *hanse_iati_export_head(void)
{
    return head;
}

const char *hanse_iati_export_tail(void)
{
    return tail;
}

static bool copy_text(struct hanse_arena *arena, const char **text)
{
    if (*text == NULL)
        return true;
    *text = hanse_arena_copy(arena, hanse_bytes_of_text(*text));
    return *text != NULL;
}

enum hanse_status hanse_iati_export_new(const struct hanse_iati_export_options *options,
                                        struct hanse_iati_export **out, struct hanse_error *err)
{
    if (out == NULL)
        return hanse_fail_null("out", err);
    if (options == NULL || options->version != 1)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "options of an export need version 1");
    struct hanse_iati_export *it = hanse_alloc(sizeof *it);
    if (it == NULL)
        return hanse_fail_memory(err);
    *it = (struct hanse_iati_export){.options = *options};
    hanse_arena_init(&it->arena, HANSE_MAX_RECORD_BYTES);
    hanse_iati_tree_init(&it->tree);
    hanse_iati_tree_init(&it->rest);
    hanse_buffer_init(&it->xml, HANSE_MAX_IATI_ACTIVITY_BYTES + sizeof head + sizeof tail);
    hanse_loss_report_init(&it->losses);
    if (!copy_text(&it->arena, &it->options.reporter_ref) ||
        !copy_text(&it->arena, &it->options.reporter_type) ||
        !copy_text(&it->arena, &it->options.reporter_name) ||
        !copy_text(&it->arena, &it->options.reporter_language)) {
        hanse_iati_export_free(it);
        return hanse_fail_memory(err);
    }
    *out = it;
    return HANSE_OK;
}

void hanse_iati_export_free(struct hanse_iati_export *it)
{
    if (it == NULL)
        return;
    hanse_arena_release(&it->arena);
    hanse_iati_tree_release(&it->tree);
    hanse_iati_tree_release(&it->rest);
    hanse_buffer_release(&it->xml);
    hanse_loss_report_release(&it->losses);
    hanse_free(it);
}

/* What an import kept; a payload that is none is as if it were not there, and so a loss. HANSE_NO_MEMORY. */
static enum hanse_status read_rest(struct hanse_iati_export *it, const struct hanse_part *root,
                                   struct hanse_error *err)
{
    struct hanse_error problem;
    enum hanse_status status = HANSE_OK;
    hanse_iati_tree_reset(&it->rest);
    for (size_t i = 0; it->rest.root == NULL && i < hanse_rule_count(root, "extensions"); i++) {
        const struct hanse_part *extension = hanse_rule_child(root, "extensions", i);
        if (!hanse_bytes_equal_text(hanse_rule_text(extension, "scheme"), "IATI-2.03") ||
            !hanse_bytes_equal_text(hanse_rule_text(extension, "path"), "iati-activity"))
            continue;
        status = hanse_iati_parse(hanse_rule_text(extension, "payload"), &it->rest, &problem);
        if (status == HANSE_NO_MEMORY)
            return hanse_fail_memory(err);
        if (status != HANSE_OK || strcmp(it->rest.root->name, "iati-activity") != 0)
            hanse_iati_tree_reset(&it->rest);
    }
    return HANSE_OK;
}

/* The identifier of the activity: the primary one of its scheme, else the first. */
static struct hanse_bytes activity_id(const struct hanse_part *header)
{
    struct hanse_bytes found = {0};
    for (size_t i = 0; header != NULL && i < hanse_rule_count(header, "identifiers"); i++) {
        const struct hanse_part *identifier = hanse_rule_child(header, "identifiers", i);
        bool is_primary = hanse_rule_count(identifier, "primary") > 0;
        if (hanse_bytes_equal_text(hanse_rule_text(identifier, "scheme"), "IATI-ACT") &&
            (found.size == 0 || is_primary))
            found = hanse_rule_text(identifier, "value");
    }
    return found;
}

static enum hanse_status dump_text(struct hanse_iati_dumper *dumper, const char *name,
                                   struct hanse_bytes text)
{
    enum hanse_status status = hanse_iati_dump_open(dumper, name);
    if (status == HANSE_OK)
        status = hanse_iati_tree_text(dumper->tree, text, dumper->err);
    return status == HANSE_OK ? hanse_iati_dump_close(dumper) : status;
}

static struct hanse_bytes option(const char *text)
{
    return text != NULL ? hanse_bytes_of_text(text) : (struct hanse_bytes){0};
}

static enum hanse_status dump_default_reporter(const struct hanse_iati_export_options *options,
                                               struct hanse_iati_dumper *dumper)
{
    enum hanse_status status = hanse_iati_dump_attribute(dumper, "ref", option(options->reporter_ref));
    if (status == HANSE_OK)
        status = hanse_iati_dump_attribute(dumper, "type", option(options->reporter_type));
    if (status != HANSE_OK || options->reporter_name == NULL)
        return status;
    status = hanse_iati_dump_open(dumper, "narrative");
    if (status == HANSE_OK)
        status = hanse_iati_dump_attribute(dumper, "xml:lang", option(options->reporter_language));
    if (status == HANSE_OK)
        status = hanse_iati_tree_text(dumper->tree, option(options->reporter_name), dumper->err);
    return status == HANSE_OK ? hanse_iati_dump_close(dumper) : status;
}

/* Who published it: the first source that names somebody, else what the caller says. */
static enum hanse_status dump_reporter(const struct hanse_iati_export_options *options,
                                       struct hanse_iati_dumper *dumper, const struct hanse_part *header)
{
    const struct hanse_part *source = NULL;
    for (size_t i = 0; source == NULL && i < hanse_rule_count(header, "provenance"); i++)
        if (hanse_rule_count(hanse_rule_child(header, "provenance", i), "publisher") > 0)
            source = hanse_rule_child(header, "provenance", i);
    if (source == NULL && options->reporter_ref == NULL)
        return HANSE_OK;
    enum hanse_status status = hanse_iati_dump_open(dumper, "reporting-org");
    if (status == HANSE_OK)
        status = source != NULL ? hanse_iati_dump(dumper, source, hanse_iati_publisher_rules)
                                : dump_default_reporter(options, dumper);
    if (status == HANSE_OK && source != NULL &&
        hanse_iati_attribute(dumper->tree->current, "secondary-reporter") == NULL)
        status = hanse_iati_dump_attribute(dumper, "secondary-reporter", hanse_bytes_of_text("0"));
    return status == HANSE_OK ? hanse_iati_dump_close(dumper) : status;
}

static enum hanse_status dump_other(struct hanse_iati_dumper *dumper, struct hanse_bytes ref,
                                    struct hanse_bytes type)
{
    enum hanse_status status = hanse_iati_dump_open(dumper, "other-identifier");
    if (status == HANSE_OK)
        status = hanse_iati_dump_attribute(dumper, "ref", ref);
    if (status == HANSE_OK)
        status = hanse_iati_dump_attribute(dumper, "type", type);
    return status == HANSE_OK ? hanse_iati_dump_close(dumper) : status;
}

/* Those of IATI's types, then the earlier names of the activity. */
static enum hanse_status dump_other_identifiers(struct hanse_iati_dumper *dumper,
                                                const struct hanse_part *header)
{
    static const char other[] = "IATI-OTHER";
    static const char earlier[] = "IATI-ACT:";
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; status == HANSE_OK && i < hanse_rule_count(header, "identifiers"); i++) {
        const struct hanse_part *identifier = hanse_rule_child(header, "identifiers", i);
        struct hanse_bytes scheme = hanse_rule_text(identifier, "scheme");
        if (hanse_bytes_equal_text(hanse_bytes_slice(scheme, 0, sizeof other - 1), other))
            status = dump_other(dumper, hanse_rule_text(identifier, "value"),
                                hanse_bytes_slice(scheme, sizeof other, scheme.size));
    }
    const struct hanse_field *field = hanse_rule_field(header, "superseded_ids");
    struct hanse_value value;
    for (size_t i = 0; status == HANSE_OK && hanse_part_get(header, field, i, &value); i++)
        if (hanse_bytes_equal_text(hanse_bytes_slice(value.as.bytes, 0, sizeof earlier - 1), earlier))
            status =
                dump_other(dumper, hanse_bytes_slice(value.as.bytes, sizeof earlier - 1, value.as.bytes.size),
                           hanse_bytes_of_text("A3"));
    return status;
}

static enum hanse_status dump_activity(struct hanse_iati_export *it, struct hanse_iati_dumper *dumper,
                                       const struct hanse_part *root)
{
    const struct hanse_part *header = hanse_rule_child(root, "header", 0);
    int64_t updated = hanse_rule_number(header, "updated_unix_s");
    char time[21] = "";
    if (updated > 0)
        hanse_time_encode((uint64_t)updated, time);
    enum hanse_status status = hanse_iati_dump_open(dumper, "iati-activity");
    if (status == HANSE_OK)
        status = hanse_iati_dump_attribute(dumper, "last-updated-datetime", hanse_bytes_of_text(time));
    if (status == HANSE_OK)
        status = dump_text(dumper, "iati-identifier", activity_id(header));
    if (status == HANSE_OK)
        status = dump_reporter(&it->options, dumper, header);
    if (status == HANSE_OK)
        status = dump_other_identifiers(dumper, header);
    if (status == HANSE_OK)
        status = hanse_iati_dump(dumper, hanse_rule_child(root, "project", 0), hanse_iati_project_rules);
    return status == HANSE_OK ? hanse_iati_dump_close(dumper) : status;
}

/* A file of one activity. */
static enum hanse_status write_file(struct hanse_iati_export *it, struct hanse_error *err)
{
    hanse_buffer_clear(&it->xml);
    enum hanse_status status = hanse_buffer_append_text(&it->xml, head, err);
    if (status == HANSE_OK)
        status = hanse_iati_xml_write(it->tree.root, 1, &it->xml, err);
    return status == HANSE_OK ? hanse_buffer_append_text(&it->xml, tail, err) : status;
}

struct again {
    struct hanse_record *record;
    struct hanse_error problem;
};

static enum hanse_status take_again(void *context, const struct hanse_import_item *item,
                                    struct hanse_record *record, struct hanse_error *err)
{
    struct again *again = context;
    (void)item, (void)err;
    hanse_record_free(again->record);
    again->record = record;
    return HANSE_OK;
}

static void refuse_again(void *context, const struct hanse_import_item *item,
                         const struct hanse_error *problem)
{
    struct again *again = context;
    (void)item;
    again->problem = *problem;
}

static bool begins(const char *path, const char *with)
{
    return strncmp(path, with, strlen(with)) == 0;
}

/* The languages of a record repeat those of its texts, in an order of their own; the edition of IATI that it
 * came from is not the one that it goes out as; extensions are counted where they are put back. */
static bool is_no_loss(const char *path)
{
    return begins(path, "header.languages") || begins(path, "extensions") ||
           (begins(path, "header.provenance[") && strstr(path, "].sourceScheme") != NULL);
}

static enum hanse_status lose(void *context, const struct hanse_difference *difference,
                              struct hanse_error *err)
{
    struct hanse_loss_report *losses = context;
    char path[HANSE_MAX_LOSS_PATH_BYTES + 2];
    size_t size = 0;
    bool inside = false;
    if (difference->old_value == NULL || is_no_loss(difference->path))
        return HANSE_OK;
    for (const char *at = difference->path; *at != '\0' && size + 1 < sizeof path; at++) {
        inside = inside || *at == '[';
        if (!inside)
            path[size++] = *at;
        inside = inside && *at != ']';
    }
    path[size] = '\0';
    return hanse_loss_report_add(losses, path, 1, err);
}

/* What an importer makes of the file, against the record. */
static enum hanse_status compare(struct hanse_iati_export *it, const struct hanse_record *record,
                                 struct hanse_error *err)
{
    struct again again = {0};
    struct hanse_import_sink sink = {.context = &again, .record = take_again, .invalid = refuse_again};
    struct hanse_bytes left = hanse_buffer_view(&it->xml);
    struct hanse_error problem;
    __attribute__((cleanup(hanse_loss_report_release))) struct hanse_loss_report ignored;
    hanse_loss_report_init(&ignored);
    enum hanse_status status = hanse_iati_read(hanse_source_of_bytes(&left), &sink, &ignored, &problem);
    if (status == HANSE_NO_MEMORY)
        status = hanse_fail_memory(err);
    else if (status != HANSE_OK || again.record == NULL)
        status = hanse_fail(err, HANSE_INVALID_RECORD, "project cannot be written as IATI: %s",
                            status != HANSE_OK ? problem.message : again.problem.message);
    else
        status = hanse_record_diff(record, again.record, lose, &it->losses, err);
    hanse_record_free(again.record);
    return status;
}

/* Puts back what was kept; what has no place any more, and extensions of other formats, are losses. */
static enum hanse_status merge(struct hanse_iati_export *it, size_t extensions, struct hanse_error *err)
{
    struct hanse_iati_element *rest = it->rest.root;
    size_t lost = extensions - (rest != NULL ? 1 : 0);
    enum hanse_status status = HANSE_OK;
    if (rest != NULL && hanse_iati_attribute(rest, "hanse:left-out") != NULL)
        status = hanse_loss_report_add(&it->losses, CONTACTS, 1, err);
    if (rest != NULL)
        lost += hanse_iati_rest_merge(it->tree.root, rest);
    return status == HANSE_OK && lost > 0 ? hanse_loss_report_add(&it->losses, "extensions", lost, err)
                                          : status;
}

static enum hanse_status write_activity(struct hanse_iati_export *it, const struct hanse_part *root,
                                        struct hanse_error *err)
{
    enum hanse_status status = read_rest(it, root, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_iati_element *rest = it->rest.root;
    struct hanse_iati_dumper dumper = {.tree = &it->tree, .err = err};
    if (rest != NULL)
        dumper.language = hanse_iati_use_attribute(rest, "xml:lang");
    hanse_iati_tree_reset(&it->tree);
    status = dump_activity(it, &dumper, root);
    if (status == HANSE_OK)
        status = merge(it, hanse_rule_count(root, "extensions"), err);
    if (status == HANSE_OK) {
        hanse_iati_xml_sort(it->tree.root);
        status = write_file(it, err);
    }
    return status;
}

enum hanse_status hanse_iati_export_add(struct hanse_iati_export *it, struct hanse_record *record,
                                        struct hanse_bytes *out, struct hanse_error *err)
{
    if (it == NULL || record == NULL || out == NULL)
        return hanse_fail_null("it, record or out", err);
    const struct hanse_part *root = hanse_message_root(record->message);
    if (hanse_rule_count(root, "project") == 0)
        return hanse_fail(err, HANSE_UNSUPPORTED, "record is no project: IATI has activities only");
    if (activity_id(hanse_rule_child(root, "header", 0)).size == 0)
        return hanse_fail(err, HANSE_INVALID_RECORD,
                          "project has no IATI identifier: add one of scheme \"IATI-ACT\" to "
                          "header.identifiers");
    enum hanse_status status = write_activity(it, root, err);
    if (status == HANSE_OK)
        status = compare(it, record, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_bytes file = hanse_buffer_view(&it->xml);
    *out = hanse_bytes_slice(file, sizeof head - 1, file.size - (sizeof head - 1) - (sizeof tail - 1));
    return HANSE_OK;
}

void hanse_iati_export_losses(const struct hanse_iati_export *it, hanse_loss_visit *visit, void *context)
{
    for (size_t i = 0; i < it->losses.count; i++)
        visit(context, it->losses.items[i].path, it->losses.items[i].count);
    if (it->losses.other > 0)
        visit(context, "other", it->losses.other);
}
