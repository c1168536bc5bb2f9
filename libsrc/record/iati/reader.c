/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds libxml2's push parser and builds one activity at a time from its events. Events are used rather than
 * libxml2's own tree, since the limits of an activity must hold while it is being read, not afterwards. */
#include "record/iati/reader.h"

#include <inttypes.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"
#include "record/iati/map.h"
#include "record/iati/rest.h"
#include "record/iati/sax.h"
#include "record/iati/seen.h"
#include "record/iati/value.h"

enum { CHUNK_BYTES = 32768, ROOT_DEPTH = 1, ACTIVITY_DEPTH = 2, NO_LINE = 0 };

struct reader {
    const struct hanse_import_sink *sink;
    struct hanse_loss_report *losses;
    xmlParserCtxtPtr parser;
    struct hanse_iati_tree tree;
    struct hanse_iati_seen seen;
    unsigned depth;                /* open elements of the file */
    bool root_ended;               /* the file's one root element was read to its end */
    bool in_activity;              /* inside an iati-activity */
    bool skipping;                 /* and it is over a limit: `problem` says which */
    uint64_t fed;                  /* bytes given to the parser */
    uint64_t mark;                 /* of them, when the last activity began or ended */
    struct hanse_import_item item; /* the activity being read */
    struct hanse_error problem;
    char source_scheme[sizeof "IATI-2.03"];
    char language[HANSE_IATI_LANGUAGE_BYTES]; /* of the root; "" if it states none */
    struct hanse_error failure;               /* ends the import; status HANSE_OK while there is none */
    struct hanse_error malformed;             /* the first fatal error of libxml2 */
    int parser_code;                          /* its number; 0 while there is none */
};

static uint64_t line_of(const struct reader *reader)
{
    int line = xmlSAX2GetLineNumber(reader->parser);
    return line > 0 ? (uint64_t)line : NO_LINE;
}

static uint64_t offset_of(const struct reader *reader)
{
    long offset = xmlByteConsumed(reader->parser);
    return offset >= 0 ? (uint64_t)offset : HANSE_NO_OFFSET;
}

/* Ends the import from inside an event; `failure` is set. */
static void stop(struct reader *reader)
{
    xmlStopParser(reader->parser);
}

static void stop_here(struct reader *reader, enum hanse_status status, const char *message)
{
    if (reader->failure.status != HANSE_OK)
        return;
    (void)hanse_fail_at(&reader->failure, status, offset_of(reader), "%s: line %" PRIu64, message,
                        line_of(reader));
    stop(reader);
}

/* An error of one activity skips it, lack of memory ends the import. */
static void judge(struct reader *reader, enum hanse_status status)
{
    if (status == HANSE_OK)
        return;
    if (status == HANSE_NO_MEMORY) {
        reader->failure = reader->problem;
        stop(reader);
        return;
    }
    reader->skipping = true;
    hanse_iati_tree_reset(&reader->tree);
}

/* Attributes of SAX2 come in fives: name, prefix, namespace, first byte, byte past the last. */
static struct hanse_bytes attribute_value(const xmlChar *const *attribute)
{
    return hanse_bytes_of(attribute[3], (size_t)(attribute[4] - attribute[3]));
}

static void lose(struct reader *reader, const char *parent, const char *separator, const xmlChar *prefix,
                 const xmlChar *name)
{
    char path[HANSE_MAX_LOSS_PATH_BYTES + 2];
    (void)snprintf(path, sizeof path, "%s%s%s%s%s", parent, separator,
                   prefix != NULL ? (const char *)prefix : "", prefix != NULL ? ":" : "", (const char *)name);
    if (hanse_loss_report_add(reader->losses, path, 1, &reader->failure) != HANSE_OK)
        stop(reader);
}

static void read_version(struct reader *reader, struct hanse_bytes version)
{
    static const char *const known[] = {"2.01", "2.02", "2.03"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (hanse_bytes_equal_text(version, known[i]))
            (void)snprintf(reader->source_scheme, sizeof reader->source_scheme, "IATI-%s", known[i]);
    if (reader->source_scheme[0] == '\0') {
        char message[96];
        (void)snprintf(message, sizeof message, "IATI version \"%.*s\" is not 2.01, 2.02 or 2.03",
                       (int)(version.size < 16 ? version.size : 16), (const char *)version.data);
        stop_here(reader, HANSE_UNSUPPORTED, message);
    }
}

static void read_root_language(struct reader *reader, struct hanse_bytes value)
{
    char text[HANSE_IATI_LANGUAGE_BYTES] = "";
    if (value.size < sizeof text && value.size > 0)
        memcpy(text, value.data, value.size);
    if (!hanse_iati_language_parse(text, reader->language))
        reader->language[0] = '\0';
}

static void read_root(struct reader *reader, const xmlChar *name, int count, const xmlChar *const *attributes)
{
    if (strcmp((const char *)name, "iati-activities") != 0) {
        char message[160];
        (void)snprintf(message, sizeof message, "root element \"%.64s\" is not iati-activities",
                       (const char *)name);
        stop_here(reader, HANSE_UNSUPPORTED, message);
        return;
    }
    for (int i = 0; i < count && reader->failure.status == HANSE_OK; i++) {
        const xmlChar *const *attribute = attributes + (ptrdiff_t)i * 5;
        const char *prefix = (const char *)attribute[1];
        if (prefix == NULL && strcmp((const char *)attribute[0], "version") == 0)
            read_version(reader, attribute_value(attribute));
        else if (prefix != NULL && strcmp(prefix, "xml") == 0)
            read_root_language(reader, attribute_value(attribute));
        else
            lose(reader, "iati-activities", "/@", attribute[1], attribute[0]);
    }
    if (reader->source_scheme[0] == '\0' && reader->failure.status == HANSE_OK)
        stop_here(reader, HANSE_UNSUPPORTED, "iati-activities states no version");
}

static void begin_activity(struct reader *reader)
{
    reader->in_activity = true;
    reader->skipping = false;
    reader->mark = reader->fed;
    reader->item = (struct hanse_import_item){.line = line_of(reader), .offset = HANSE_NO_OFFSET};
    hanse_iati_tree_reset(&reader->tree);
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespace_count, const xmlChar **namespaces, int count, int defaulted,
                     const xmlChar **attributes)
{
    (void)namespace_count, (void)namespaces, (void)defaulted;
    struct reader *reader = context;
    if (reader->failure.status != HANSE_OK)
        return;
    reader->depth++;
    if (reader->depth == ROOT_DEPTH) {
        read_root(reader, name, count, attributes);
        return;
    }
    if (reader->depth == ACTIVITY_DEPTH) {
        if (prefix == NULL && strcmp((const char *)name, "iati-activity") == 0)
            begin_activity(reader);
        else
            lose(reader, "iati-activities", "/", prefix, name);
    }
    if (reader->in_activity && !reader->skipping)
        judge(reader, hanse_iati_sax_open(&reader->tree, name, prefix, uri, line_of(reader), count,
                                          attributes, &reader->problem));
}

static void on_text(void *context, const xmlChar *text, int size)
{
    struct reader *reader = context;
    if (reader->failure.status == HANSE_OK && reader->in_activity && !reader->skipping)
        judge(reader,
              hanse_iati_tree_text(&reader->tree, hanse_bytes_of(text, (size_t)size), &reader->problem));
}

static void report_repeated(const struct reader *reader)
{
    if (reader->sink->finding == NULL)
        return;
    struct hanse_finding finding = {
        .severity = "warning",
        .rule = "iati-identifier-repeated",
        .path = "iati-activity/iati-identifier",
        .message = "another activity before it in this file has the same identifier",
        .remedy = "give each activity an identifier of its own, or remove one of the two",
    };
    reader->sink->finding(reader->sink->context, &reader->item, &finding);
}

static void report_invalid(const struct reader *reader)
{
    if (reader->sink->invalid != NULL)
        reader->sink->invalid(reader->sink->context, &reader->item, &reader->problem);
}

static void hand_over(struct reader *reader)
{
    struct hanse_iati_element *identifier = hanse_iati_child(reader->tree.root, "iati-identifier");
    if (identifier != NULL && identifier->text[0] != '\0')
        reader->item.id = identifier->text;
    struct hanse_iati_scope scope = {
        .source_scheme = reader->source_scheme,
        .language = reader->language[0] != '\0' ? reader->language : NULL,
        .sink = reader->sink,
        .item = &reader->item,
    };
    struct hanse_record *record = NULL;
    enum hanse_status status = hanse_iati_map(reader->tree.root, &scope, &record, &reader->problem);
    if (status == HANSE_NO_MEMORY)
        reader->failure = reader->problem;
    else if (status != HANSE_OK)
        report_invalid(reader);
    if (status != HANSE_OK)
        return;
    bool repeated = false;
    status = hanse_iati_rest_keep(reader->tree.root, &scope, record, reader->losses, &reader->failure);
    if (status == HANSE_OK)
        status = hanse_iati_seen_add(&reader->seen, reader->item.id, &repeated, &reader->failure);
    if (status != HANSE_OK) {
        hanse_record_free(record);
        return;
    }
    if (repeated)
        report_repeated(reader);
    status = reader->sink->record(reader->sink->context, &reader->item, record, &reader->failure);
    if (status != HANSE_OK) /* a sink that fills no error still ends the import */
        reader->failure.status = status;
}

static void end_activity(struct reader *reader)
{
    reader->in_activity = false;
    reader->mark = reader->fed;
    if (reader->skipping)
        report_invalid(reader);
    else
        hand_over(reader);
    if (reader->failure.status != HANSE_OK)
        stop(reader);
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    (void)name, (void)prefix, (void)uri;
    struct reader *reader = context;
    if (reader->failure.status != HANSE_OK)
        return;
    if (reader->in_activity && !reader->skipping)
        judge(reader, hanse_iati_tree_close(&reader->tree, &reader->problem));
    if (reader->in_activity && reader->depth == ACTIVITY_DEPTH && reader->failure.status == HANSE_OK)
        end_activity(reader);
    reader->depth--;
    reader->root_ended = reader->depth == 0;
}

static void on_doctype(void *context, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id)
{
    (void)name, (void)public_id, (void)system_id;
    stop_here(context, HANSE_MALFORMED,
              "DOCTYPE is refused: IATI has none, and it can declare entities that blow up or read files");
}

static void on_error(void *context, xmlErrorPtr error)
{
    struct reader *reader = context;
    bool of_encoder = error->domain == XML_FROM_I18N || error->domain == XML_FROM_IO;
    if (!hanse_iati_sax_is_fatal(error) || reader->parser_code != 0)
        return;
    reader->parser_code = error->code;
    const char *message = error->message != NULL ? error->message : "";
    (void)hanse_fail_library(&reader->malformed, HANSE_MALFORMED, error->code,
                             "XML is not well-formed: \"%.*s\": line %d", (int)strcspn(message, "\n"),
                             message, error->line);
    /* While an encoder works its buffer must not be asked for. */
    reader->malformed.offset = of_encoder ? HANSE_NO_OFFSET : offset_of(reader);
}

static enum hanse_status make_parser(struct reader *reader, struct hanse_error *err)
{
    xmlSAXHandler handler = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .cdataBlock = on_text,
        .internalSubset = on_doctype,
        .serror = on_error,
    };
    reader->parser = xmlCreatePushParserCtxt(&handler, reader, NULL, 0, NULL);
    if (reader->parser == NULL)
        return hanse_fail_memory(err);
    (void)xmlCtxtUseOptions(reader->parser, XML_PARSE_NONET);
    return HANSE_OK;
}

/* What the last call of the parser led to. */
static enum hanse_status judge_parser(const struct reader *reader, bool at_end, struct hanse_error *err)
{
    if (reader->failure.status != HANSE_OK) {
        if (err != NULL)
            *err = reader->failure;
        return reader->failure.status;
    }
    if (reader->parser_code == 0 && (!at_end || reader->root_ended))
        return HANSE_OK;
    if (reader->parser_code == XML_ERR_NO_MEMORY)
        return hanse_fail_memory(err);
    if (at_end && reader->fed == 0)
        return hanse_fail_at(err, HANSE_MALFORMED, 0, "input is empty: iati-activities is missing");
    if (at_end && reader->depth > 0)
        return hanse_fail_at(err, HANSE_TRUNCATED, reader->fed, "XML ends inside %s: line %" PRIu64,
                             reader->in_activity ? "an iati-activity" : "iati-activities", line_of(reader));
    if (reader->parser_code == 0)
        return hanse_fail_at(err, HANSE_MALFORMED, reader->fed, "XML has no root element that can be read");
    if (err != NULL)
        *err = reader->malformed;
    return HANSE_MALFORMED;
}

static enum hanse_status check_size(struct reader *reader, struct hanse_error *err)
{
    if (reader->fed - reader->mark <= HANSE_MAX_IATI_ACTIVITY_BYTES || reader->skipping)
        return HANSE_OK;
    if (!reader->in_activity)
        return hanse_fail_at(err, HANSE_LIMIT, reader->fed,
                             "more than %u MiB without an iati-activity: line %" PRIu64,
                             HANSE_MAX_IATI_ACTIVITY_BYTES >> 20, line_of(reader));
    judge(reader, hanse_fail(&reader->problem, HANSE_LIMIT, "activity has more than %u MiB of XML",
                             HANSE_MAX_IATI_ACTIVITY_BYTES >> 20));
    return HANSE_OK;
}

static enum hanse_status run(struct reader *reader, struct hanse_source source, struct hanse_error *err)
{
    uint8_t chunk[CHUNK_BYTES];
    enum hanse_status status = HANSE_OK;
    while (status == HANSE_OK) {
        size_t size = 0;
        status = source.read(source.context, chunk, sizeof chunk, &size, err);
        if (status != HANSE_OK)
            return status;
        reader->fed += size;
        (void)xmlParseChunk(reader->parser, (const char *)chunk, (int)size, size == 0);
        status = judge_parser(reader, size == 0, err);
        if (size == 0)
            return status;
        if (status == HANSE_OK)
            status = check_size(reader, err);
    }
    return status;
}

enum hanse_status hanse_iati_read(struct hanse_source source, const struct hanse_import_sink *sink,
                                  struct hanse_loss_report *losses, struct hanse_error *err)
{
    struct reader reader = {.sink = sink, .losses = losses};
    hanse_iati_tree_init(&reader.tree);
    hanse_iati_seen_init(&reader.seen);
    enum hanse_status status = make_parser(&reader, err);
    if (status == HANSE_OK) {
        struct hanse_iati_sax_errors errors = hanse_iati_sax_catch(on_error, &reader);
        status = run(&reader, source, err);
        hanse_iati_sax_leave(&errors);
    }
    xmlFreeParserCtxt(reader.parser);
    hanse_iati_seen_release(&reader.seen);
    hanse_iati_tree_release(&reader.tree);
    return status;
}
