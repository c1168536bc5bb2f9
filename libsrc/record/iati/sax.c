/* SPDX-License-Identifier: Apache-2.0 */
#include "record/iati/sax.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"

enum { PREFIX_BYTES = 64 };

struct parsing {
    struct hanse_iati_tree *tree;
    xmlParserCtxtPtr parser;
    struct hanse_error failure; /* status HANSE_OK while there is none */
    bool malformed;
};

static bool is_declared(const struct hanse_iati_element *element, const char *declaration, const char *uri)
{
    const struct hanse_iati_attribute *found = NULL;
    for (; element != NULL && found == NULL; element = element->parent)
        found = hanse_iati_attribute(element, declaration);
    return found != NULL && strcmp(found->value, uri) == 0;
}

static enum hanse_status declare(struct hanse_iati_tree *tree, const xmlChar *prefix, const xmlChar *uri,
                                 struct hanse_error *err)
{
    char declaration[PREFIX_BYTES + sizeof "xmlns:"];
    if (prefix == NULL || uri == NULL || strcmp((const char *)prefix, "xml") == 0)
        return HANSE_OK;
    (void)snprintf(declaration, sizeof declaration, "xmlns:%.*s", PREFIX_BYTES, (const char *)prefix);
    if (is_declared(tree->current, declaration, (const char *)uri))
        return HANSE_OK;
    enum hanse_status status = hanse_iati_tree_attribute(tree, "xmlns", (const char *)prefix,
                                                         hanse_bytes_of_text((const char *)uri), err);
    if (status == HANSE_OK)
        (void)hanse_iati_use_attribute(tree->current, declaration);
    return status;
}

enum hanse_status hanse_iati_sax_open(struct hanse_iati_tree *tree, const xmlChar *name,
                                      const xmlChar *prefix, const xmlChar *uri, uint64_t line, int count,
                                      const xmlChar *const *attributes, struct hanse_error *err)
{
    enum hanse_status status =
        hanse_iati_tree_open(tree, (const char *)prefix, (const char *)name, line, err);
    if (status == HANSE_OK)
        status = declare(tree, prefix, uri, err);
    for (int i = 0; status == HANSE_OK && i < count; i++) {
        const xmlChar *const *attribute = attributes + (ptrdiff_t)i * 5;
        status = declare(tree, attribute[1], attribute[2], err);
        if (status == HANSE_OK)
            status = hanse_iati_tree_attribute(
                tree, (const char *)attribute[1], (const char *)attribute[0],
                hanse_bytes_of(attribute[3], (size_t)(attribute[4] - attribute[3])), err);
    }
    return status;
}

static void judge(struct parsing *parsing, enum hanse_status status)
{
    if (status != HANSE_OK)
        xmlStopParser(parsing->parser);
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespace_count, const xmlChar **namespaces, int count, int defaulted,
                     const xmlChar **attributes)
{
    (void)namespace_count, (void)namespaces, (void)defaulted;
    struct parsing *parsing = context;
    if (parsing->failure.status == HANSE_OK)
        judge(parsing,
              hanse_iati_sax_open(parsing->tree, name, prefix, uri, 0, count, attributes, &parsing->failure));
}

static void on_text(void *context, const xmlChar *text, int size)
{
    struct parsing *parsing = context;
    if (parsing->failure.status == HANSE_OK && parsing->tree->current != NULL)
        judge(parsing,
              hanse_iati_tree_text(parsing->tree, hanse_bytes_of(text, (size_t)size), &parsing->failure));
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    (void)name, (void)prefix, (void)uri;
    struct parsing *parsing = context;
    if (parsing->failure.status == HANSE_OK)
        judge(parsing, hanse_iati_tree_close(parsing->tree, &parsing->failure));
}

static void on_doctype(void *context, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id)
{
    (void)name, (void)public_id, (void)system_id;
    struct parsing *parsing = context;
    parsing->malformed = true;
    xmlStopParser(parsing->parser);
}

bool hanse_iati_sax_is_fatal(const xmlError *error)
{
    bool of_encoder = error->domain == XML_FROM_I18N || error->domain == XML_FROM_IO;
    return of_encoder || (error->level == XML_ERR_FATAL && error->domain != XML_FROM_NAMESPACE);
}

struct hanse_iati_sax_errors hanse_iati_sax_catch(xmlStructuredErrorFunc report, void *context)
{
    struct hanse_iati_sax_errors errors = {xmlStructuredError, xmlStructuredErrorContext};
    xmlSetStructuredErrorFunc(context, report);
    return errors;
}

void hanse_iati_sax_leave(const struct hanse_iati_sax_errors *errors)
{
    xmlSetStructuredErrorFunc(errors->context_before, errors->report_before);
}

static void on_error(void *context, xmlErrorPtr error)
{
    struct parsing *parsing = context;
    if (hanse_iati_sax_is_fatal(error))
        parsing->malformed = true;
}

enum hanse_status hanse_iati_parse(struct hanse_bytes xml, struct hanse_iati_tree *tree,
                                   struct hanse_error *err)
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
    struct parsing parsing = {.tree = tree};
    hanse_iati_tree_reset(tree);
    parsing.parser = xmlCreatePushParserCtxt(&handler, &parsing, NULL, 0, NULL);
    if (parsing.parser == NULL)
        return hanse_fail_memory(err);
    (void)xmlCtxtUseOptions(parsing.parser, XML_PARSE_NONET);
    struct hanse_iati_sax_errors errors = hanse_iati_sax_catch(on_error, &parsing);
    (void)xmlParseChunk(parsing.parser, (const char *)xml.data, (int)xml.size, 1);
    hanse_iati_sax_leave(&errors);
    bool no_memory = parsing.parser->errNo == XML_ERR_NO_MEMORY;
    xmlFreeParserCtxt(parsing.parser);
    if (parsing.failure.status != HANSE_OK && err != NULL)
        *err = parsing.failure;
    if (parsing.failure.status != HANSE_OK)
        return parsing.failure.status;
    if (no_memory)
        return hanse_fail_memory(err);
    if (parsing.malformed || tree->root == NULL || tree->current != NULL)
        return hanse_fail(err, HANSE_MALFORMED, "XML is not well-formed");
    return HANSE_OK;
}
