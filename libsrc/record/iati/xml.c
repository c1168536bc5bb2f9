/* SPDX-License-Identifier: Apache-2.0 */
/* Written by hand: it is a page, and libxml2's writers each want a tree or a file of their own. */
#include "record/iati/xml.h"

#include <string.h>

#include "base/bytes.h"

/* Orders of iati-activities-schema.xsd and iati-common.xsd, version 2.03; what is filled from a record and
 * from what was kept, and so has to be put in order. */
static const char *const activity_order[] = {"iati-identifier",
                                             "reporting-org",
                                             "title",
                                             "description",
                                             "participating-org",
                                             "other-identifier",
                                             "activity-status",
                                             "activity-date",
                                             "contact-info",
                                             "activity-scope",
                                             "recipient-country",
                                             "recipient-region",
                                             "location",
                                             "sector",
                                             "tag",
                                             "country-budget-items",
                                             "humanitarian-scope",
                                             "policy-marker",
                                             "collaboration-type",
                                             "default-flow-type",
                                             "default-finance-type",
                                             "default-aid-type",
                                             "default-tied-status",
                                             "budget",
                                             "planned-disbursement",
                                             "capital-spend",
                                             "transaction",
                                             "document-link",
                                             "related-activity",
                                             "legacy-data",
                                             "conditions",
                                             "result",
                                             "crs-add",
                                             "fss",
                                             NULL};
static const char *const location_order[] = {
    "location-reach",       "location-id",         "name",  "description",
    "activity-description", "administrative",      "point", "exactness",
    "location-class",       "feature-designation", NULL};
static const char *const budget_order[] = {"period-start", "period-end", "value", NULL};
static const char *const transaction_order[] = {
    "transaction-type", "transaction-date",     "value",    "description",       "provider-org",
    "receiver-org",     "disbursement-channel", "sector",   "recipient-country", "recipient-region",
    "flow-type",        "finance-type",         "aid-type", "tied-status",       NULL};
static const char *const document_order[] = {"title",    "description",   "category",
                                             "language", "document-date", NULL};
static const char *const result_order[] = {"title",     "description", "document-link",
                                           "reference", "indicator",   NULL};
static const char *const indicator_order[] = {
    "title", "description", "document-link", "reference", "baseline", "period", NULL};
static const char *const baseline_order[] = {"location", "dimension", "document-link", "comment", NULL};
static const char *const period_order[] = {"period-start", "period-end", "target", "actual", NULL};
static const char *const value_order[] = {"location", "dimension", "comment", "document-link", NULL};

static const char *const *order_of(const char *name)
{
    static const struct {
        const char *name;
        const char *const *order;
    } orders[] = {
        {"iati-activity", activity_order}, {"location", location_order},
        {"budget", budget_order},          {"transaction", transaction_order},
        {"document-link", document_order}, {"result", result_order},
        {"indicator", indicator_order},    {"baseline", baseline_order},
        {"period", period_order},          {"target", value_order},
        {"actual", value_order},
    };
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++)
        if (strcmp(orders[i].name, name) == 0)
            return orders[i].order;
    return NULL;
}

static void append(struct hanse_iati_element *parent, struct hanse_iati_element *child)
{
    child->next = NULL;
    if (parent->last_child == NULL)
        parent->first_child = child;
    else
        parent->last_child->next = child;
    parent->last_child = child;
}

/* One pass over the children for each name: linear, as the names are few. */
static void sort_children(struct hanse_iati_element *element, const char *const *order)
{
    struct hanse_iati_element left = {.first_child = element->first_child};
    element->first_child = NULL;
    element->last_child = NULL;
    for (; *order != NULL; order++) {
        struct hanse_iati_element rest = {0};
        for (struct hanse_iati_element *child = left.first_child; child != NULL;) {
            struct hanse_iati_element *next = child->next;
            append(strcmp(child->name, *order) == 0 ? element : &rest, child);
            child = next;
        }
        left = rest;
    }
    for (struct hanse_iati_element *child = left.first_child; child != NULL;) {
        struct hanse_iati_element *next = child->next;
        append(element, child);
        child = next;
    }
}

/* Depth is bounded by the tree: HANSE_MAX_IATI_DEPTH. */
void hanse_iati_xml_sort(struct hanse_iati_element *element)
{
    const char *const *order = order_of(element->name);
    if (order != NULL)
        sort_children(element, order);
    for (struct hanse_iati_element *child = element->first_child; child != NULL; child = child->next)
        hanse_iati_xml_sort(child);
}

static enum hanse_status put(struct hanse_buffer *out, const char *text, struct hanse_error *err)
{
    return hanse_buffer_append_text(out, text, err);
}

/* What stands for a byte; NULL: itself. A line break in an attribute would come back as a space. */
static const char *escape_of(unsigned char byte, bool in_attribute)
{
    if (byte == '&')
        return "&amp;";
    if (byte == '<')
        return "&lt;";
    if (byte == '>')
        return "&gt;";
    if (byte == '"' && in_attribute)
        return "&quot;";
    if (byte == '\r')
        return "&#13;";
    if (in_attribute && (byte == '\n' || byte == '\t'))
        return byte == '\n' ? "&#10;" : "&#9;";
    return byte < ' ' && byte != '\n' && byte != '\t' ? "\xef\xbf\xbd" : NULL;
}

static enum hanse_status put_escaped(struct hanse_buffer *out, const char *text, bool in_attribute,
                                     struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    while (status == HANSE_OK && *text != '\0') {
        size_t plain = 0;
        while (text[plain] != '\0' && escape_of((unsigned char)text[plain], in_attribute) == NULL)
            plain++;
        status = hanse_buffer_append(out, hanse_bytes_of(text, plain), err);
        text += plain;
        if (status == HANSE_OK && *text != '\0')
            status = put(out, escape_of((unsigned char)*text++, in_attribute), err);
    }
    return status;
}

static enum hanse_status put_attributes(const struct hanse_iati_element *element, struct hanse_buffer *out,
                                        struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (const struct hanse_iati_attribute *a = element->attributes; status == HANSE_OK && a != NULL;
         a = a->next) {
        status = put(out, " ", err);
        if (status == HANSE_OK)
            status = put(out, a->name, err);
        if (status == HANSE_OK)
            status = put(out, "=\"", err);
        if (status == HANSE_OK)
            status = put_escaped(out, a->value, true, err);
        if (status == HANSE_OK)
            status = put(out, "\"", err);
    }
    return status;
}

static enum hanse_status indent(struct hanse_buffer *out, unsigned depth, struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (unsigned i = 0; status == HANSE_OK && i < depth; i++)
        status = put(out, "  ", err);
    return status;
}

static enum hanse_status put_content(const struct hanse_iati_element *element, unsigned depth,
                                     struct hanse_buffer *out, struct hanse_error *err)
{
    enum hanse_status status = put(out, ">", err);
    if (status == HANSE_OK)
        status = put_escaped(out, element->text, false, err);
    if (status == HANSE_OK && element->first_child != NULL)
        status = put(out, "\n", err);
    for (const struct hanse_iati_element *child = element->first_child; status == HANSE_OK && child != NULL;
         child = child->next)
        status = hanse_iati_xml_write(child, depth + 1, out, err);
    if (status == HANSE_OK && element->first_child != NULL)
        status = indent(out, depth, err);
    if (status == HANSE_OK)
        status = put(out, "</", err);
    if (status == HANSE_OK)
        status = put(out, element->name, err);
    return status == HANSE_OK ? put(out, ">\n", err) : status;
}

enum hanse_status hanse_iati_xml_write(const struct hanse_iati_element *element, unsigned depth,
                                       struct hanse_buffer *out, struct hanse_error *err)
{
    enum hanse_status status = indent(out, depth, err);
    if (status == HANSE_OK)
        status = put(out, "<", err);
    if (status == HANSE_OK)
        status = put(out, element->name, err);
    if (status == HANSE_OK)
        status = put_attributes(element, out, err);
    if (status != HANSE_OK)
        return status;
    if (element->first_child == NULL && element->text[0] == '\0')
        return put(out, "/>\n", err);
    return put_content(element, depth, out, err);
}
