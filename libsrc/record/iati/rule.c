/* SPDX-License-Identifier: Apache-2.0 */
/* Applying tables of rules: finding the value in the tree, setting the field in the record. */
#include "record/iati/rule.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

enum { XML_PATH_BYTES = 512, NAME_BYTES = 64, SHOWN_VALUE_BYTES = 80, NUMBER_DIGITS = 9 };

size_t hanse_iati_enter(struct hanse_iati_mapper *mapper, const char *field)
{
    size_t before = mapper->path_size;
    int wrote =
        snprintf(mapper->path + before, sizeof mapper->path - before, "%s%s", before > 0 ? "." : "", field);
    assert(wrote > 0 && (size_t)wrote < sizeof mapper->path - before); /* the tables bound it */
    mapper->path_size = before + (size_t)wrote;
    return before;
}

void hanse_iati_leave(struct hanse_iati_mapper *mapper, size_t path_size)
{
    mapper->path_size = path_size;
    mapper->path[path_size] = '\0';
}

enum hanse_status hanse_iati_bad_value(struct hanse_iati_mapper *mapper,
                                       const struct hanse_iati_element *element, const char *attribute,
                                       const char *value, const char *expected)
{
    char path[XML_PATH_BYTES];
    hanse_iati_path(element, attribute, path, sizeof path);
    return hanse_fail(mapper->err, HANSE_MALFORMED, "\"%.*s\" is no %s: %s at line %" PRIu64,
                      SHOWN_VALUE_BYTES, value, expected, path, element->line);
}

void hanse_iati_warn(const struct hanse_iati_mapper *mapper, const struct hanse_iati_element *element,
                     const char *attribute, const char *rule, const char *message, const char *remedy)
{
    const struct hanse_import_sink *sink = mapper->scope->sink;
    if (sink->finding == NULL)
        return;
    char path[XML_PATH_BYTES];
    hanse_iati_path(element, attribute, path, sizeof path);
    struct hanse_finding finding = {"warning", rule, path, message, remedy};
    sink->finding(sink->context, mapper->scope->item, &finding);
}

enum hanse_status hanse_iati_set(struct hanse_iati_mapper *mapper, const struct hanse_iati_element *element,
                                 const char *field, const char *value)
{
    struct hanse_error problem;
    size_t before = hanse_iati_enter(mapper, field);
    enum hanse_status status = hanse_record_set(mapper->record, mapper->path, value, &problem);
    hanse_iati_leave(mapper, before);
    if (status == HANSE_OK)
        return HANSE_OK;
    if (status == HANSE_NO_MEMORY)
        return hanse_fail_memory(mapper->err);
    /* The record refuses the value, so it is the file that is wrong, whatever the record calls it. */
    return hanse_fail(mapper->err, status == HANSE_LIMIT ? HANSE_LIMIT : HANSE_MALFORMED, "%s: line %" PRIu64,
                      problem.message, element->line);
}

enum hanse_status hanse_iati_apply_rules(struct hanse_iati_mapper *mapper, struct hanse_iati_element *element,
                                         const struct hanse_iati_rule *rules)
{
    enum hanse_status status = HANSE_OK;
    for (const struct hanse_iati_rule *rule = rules; status == HANSE_OK && rule->apply != NULL; rule++)
        status = rule->apply(mapper, element, rule);
    return status;
}

/* Where a rule's `from` leads: the element, the attribute of it (NULL: its text), the value (NULL: none). */
struct source {
    struct hanse_iati_element *element;
    const char *attribute;
    const char *value;
};

static struct source follow(struct hanse_iati_element *element, const char *from)
{
    const char *attribute = strchr(from, '@');
    size_t size = strcspn(from, "/@");
    struct source source = {.element = element, .attribute = attribute != NULL ? attribute + 1 : NULL};
    if (size > 0 && strcmp(from, ".") != 0) {
        char name[NAME_BYTES];
        (void)snprintf(name, sizeof name, "%.*s", (int)size, from);
        source.element = hanse_iati_child(element, name);
    }
    if (source.element != NULL)
        source.value = source.attribute != NULL ? hanse_iati_use_attribute(source.element, source.attribute)
                                                : hanse_iati_use_text(source.element);
    return source;
}

enum hanse_status hanse_iati_put_string(struct hanse_iati_mapper *mapper, struct hanse_iati_element *element,
                                        const struct hanse_iati_rule *rule)
{
    struct source source = follow(element, rule->from);
    return source.value != NULL ? hanse_iati_set(mapper, source.element, rule->to, source.value) : HANSE_OK;
}

enum hanse_status hanse_iati_put_number(struct hanse_iati_mapper *mapper, struct hanse_iati_element *element,
                                        const struct hanse_iati_rule *rule)
{
    struct source source = follow(element, rule->from);
    if (source.value == NULL)
        return HANSE_OK;
    /* Digits only: the record would take the name of an enum value too. */
    size_t digits = strspn(source.value, "0123456789");
    if (source.value[digits] != '\0' || digits > NUMBER_DIGITS)
        return hanse_iati_bad_value(mapper, source.element, source.attribute, source.value, "code");
    return hanse_iati_set(mapper, source.element, rule->to, source.value);
}

enum hanse_status hanse_iati_put_boolean(struct hanse_iati_mapper *mapper, struct hanse_iati_element *element,
                                         const struct hanse_iati_rule *rule)
{
    struct source source = follow(element, rule->from);
    bool yes;
    if (source.value == NULL)
        return HANSE_OK;
    if (!hanse_iati_boolean_parse(source.value, &yes))
        return hanse_iati_bad_value(mapper, source.element, source.attribute, source.value,
                                    "boolean (0 or 1)");
    return hanse_iati_set(mapper, source.element, rule->to, yes ? "true" : "false");
}

enum hanse_status hanse_iati_set_date(struct hanse_iati_mapper *mapper,
                                      const struct hanse_iati_element *element, const char *field,
                                      const char *attribute, const char *value)
{
    struct hanse_iati_date date;
    if (!hanse_iati_date_parse(value, &date))
        return hanse_iati_bad_value(mapper, element, attribute, value, "date (YYYY-MM-DD)");
    const struct {
        const char *name;
        unsigned value;
    } parts[] = {{"year", date.year}, {"month", date.month}, {"day", date.day}};
    size_t before = hanse_iati_enter(mapper, field);
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; status == HANSE_OK && i < sizeof parts / sizeof *parts; i++) {
        char number[16];
        (void)snprintf(number, sizeof number, "%u", parts[i].value);
        status = hanse_iati_set(mapper, element, parts[i].name, number);
    }
    hanse_iati_leave(mapper, before);
    return status;
}

enum hanse_status hanse_iati_put_date(struct hanse_iati_mapper *mapper, struct hanse_iati_element *element,
                                      const struct hanse_iati_rule *rule)
{
    struct source source = follow(element, rule->from);
    if (source.value == NULL)
        return HANSE_OK;
    return hanse_iati_set_date(mapper, source.element, rule->to, source.attribute, source.value);
}

enum hanse_status hanse_iati_put_time(struct hanse_iati_mapper *mapper, struct hanse_iati_element *element,
                                      const struct hanse_iati_rule *rule)
{
    struct source source = follow(element, rule->from);
    uint64_t unix_s;
    if (source.value == NULL)
        return HANSE_OK;
    if (!hanse_iati_time_parse(source.value, &unix_s))
        return hanse_iati_bad_value(mapper, source.element, source.attribute, source.value,
                                    "time (YYYY-MM-DDThh:mm:ssZ)");
    char number[24];
    (void)snprintf(number, sizeof number, "%" PRIu64, unix_s);
    return hanse_iati_set(mapper, source.element, rule->to, number);
}

enum hanse_status hanse_iati_put_reference(struct hanse_iati_mapper *mapper,
                                           struct hanse_iati_element *element,
                                           const struct hanse_iati_rule *rule)
{
    struct source source = follow(element, rule->from);
    if (source.value == NULL)
        return HANSE_OK;
    char reference[1024];
    int wrote = snprintf(reference, sizeof reference, "%s%s", rule->text, source.value);
    if (wrote < 0 || (size_t)wrote >= sizeof reference)
        return hanse_iati_bad_value(mapper, source.element, source.attribute, source.value,
                                    "reference of at most 1000 bytes");
    return hanse_iati_set(mapper, source.element, rule->to, reference);
}

enum hanse_status hanse_iati_put_code(struct hanse_iati_mapper *mapper, struct hanse_iati_element *element,
                                      const struct hanse_iati_rule *rule)
{
    struct source source = follow(element, rule->from);
    if (source.value == NULL)
        return HANSE_OK;
    size_t before = hanse_iati_enter(mapper, rule->to);
    enum hanse_status status = hanse_iati_set(mapper, source.element, "scheme", rule->text);
    if (status == HANSE_OK)
        status = hanse_iati_set(mapper, source.element, "code", source.value);
    hanse_iati_leave(mapper, before);
    return status;
}

enum hanse_status hanse_iati_append(struct hanse_iati_mapper *mapper,
                                    const struct hanse_iati_element *element, const char *field,
                                    size_t *out_path_size)
{
    char step[NAME_BYTES];
    (void)snprintf(step, sizeof step, "%s[+]", field);
    size_t before = hanse_iati_enter(mapper, step);
    struct hanse_error problem;
    enum hanse_status status = hanse_record_add(mapper->record, mapper->path, &problem);
    hanse_iati_leave(mapper, before);
    if (status != HANSE_OK)
        return status == HANSE_NO_MEMORY
                   ? hanse_fail_memory(mapper->err)
                   : hanse_fail(mapper->err, status, "%s: line %" PRIu64, problem.message, element->line);
    (void)snprintf(step, sizeof step, "%s[-]", field);
    *out_path_size = hanse_iati_enter(mapper, step);
    return HANSE_OK;
}

enum hanse_status hanse_iati_put_each(struct hanse_iati_mapper *mapper, struct hanse_iati_element *element,
                                      const struct hanse_iati_rule *rule)
{
    enum hanse_status status = HANSE_OK;
    struct hanse_iati_element *child = hanse_iati_child(element, rule->from);
    for (; status == HANSE_OK && child != NULL; child = hanse_iati_sibling(child, rule->from)) {
        size_t before;
        child->used = child->text[0] == '\0'; /* text that no rule asks for is a loss */
        status = hanse_iati_append(mapper, child, rule->to, &before);
        if (status == HANSE_OK) {
            status = hanse_iati_apply_rules(mapper, child, rule->rules);
            hanse_iati_leave(mapper, before);
        }
    }
    return status;
}

enum hanse_status hanse_iati_put_one(struct hanse_iati_mapper *mapper, struct hanse_iati_element *element,
                                     const struct hanse_iati_rule *rule)
{
    struct hanse_iati_element *child = hanse_iati_child(element, rule->from);
    if (child == NULL)
        return HANSE_OK;
    child->used = child->text[0] == '\0';
    size_t before = rule->to[0] != '\0' ? hanse_iati_enter(mapper, rule->to) : mapper->path_size;
    enum hanse_status status = hanse_iati_apply_rules(mapper, child, rule->rules);
    hanse_iati_leave(mapper, before);
    return status;
}
