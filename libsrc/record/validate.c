/* SPDX-License-Identifier: Apache-2.0 */
/* Walks a record and asks every rule of every part. Allocates nothing; recursion is as deep as records are
 * nested. */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "record/record.h"
#include "record/rule_code.h"

enum { FINDING_PATH_BYTES = 512, KNOWN_TYPES = 16 };

/* A part on the way from the root, and the element of the part above that it is. */
struct spot {
    const struct spot *above; /* NULL for the root */
    const struct hanse_field *field;
    size_t element;
};

struct known_type {
    const struct hanse_schema *schema;
    const struct hanse_rule_group *group; /* NULL: no rule is for it */
};

struct validation {
    hanse_finding_report *report;
    void *context;
    struct hanse_error *err;
    bool failed;
    bool is_imported; /* from another publisher */
    struct known_type known[KNOWN_TYPES];
    size_t known_count;
};

static void append_step(char *path, const struct hanse_field *field, size_t element, bool is_element)
{
    char name[HANSE_FIELD_NAME_BYTES];
    (void)hanse_field_json_name(field, name);
    size_t used = strlen(path);
    int written = snprintf(path + used, FINDING_PATH_BYTES - used, "%s%s", used > 0 ? "." : "", name);
    if (is_element && written > 0 && used + (size_t)written < FINDING_PATH_BYTES)
        (void)snprintf(path + used + written, FINDING_PATH_BYTES - used - (size_t)written, "[%zu]", element);
}

static void write_path(const struct spot *spot, char *path)
{
    if (spot->above == NULL) {
        path[0] = '\0';
        return;
    }
    write_path(spot->above, path);
    append_step(path, spot->field, spot->element, hanse_field_is_repeated(spot->field));
}

static void report(struct validation *validation, const struct hanse_rule *rule,
                   const struct hanse_part *part, const char *path)
{
    char remedy[HANSE_RULE_REMEDY_BYTES];
    bool is_warning = rule->is_warning || (validation->is_imported && hanse_rule_is_of_codes(rule));
    struct hanse_finding finding = {
        .severity = is_warning ? "warning" : "error",
        .rule = rule->id,
        .path = path,
        .message = rule->message,
        .remedy = hanse_rule_code_remedy(rule, part, remedy),
    };
    if (!is_warning && !validation->failed) {
        validation->failed = true;
        (void)hanse_fail(validation->err, HANSE_INVALID_RECORD, "record breaks rule \"%s\" at \"%s\": %s; %s",
                         rule->id, path, rule->message, finding.remedy);
    }
    if (validation->report != NULL)
        validation->report(validation->context, &finding);
}

static void ask_values(struct validation *validation, const struct hanse_rule *rule, const struct spot *spot,
                       const struct hanse_part *part, const struct hanse_field *field)
{
    for (size_t i = 0; i < hanse_part_count(part, field); i++) {
        struct hanse_value value;
        if (!hanse_part_get(part, field, i, &value) || rule->value(&value))
            continue;
        char path[FINDING_PATH_BYTES];
        write_path(spot, path);
        append_step(path, field, i, hanse_field_is_repeated(field));
        report(validation, rule, part, path);
    }
}

static void ask(struct validation *validation, const struct hanse_rule *rule, const struct spot *spot,
                const struct hanse_part *part)
{
    const struct hanse_field *field = hanse_rule_field(part, rule->field);
    if (rule->value != NULL) {
        ask_values(validation, rule, spot, part, field);
        return;
    }
    bool holds = rule->part != NULL ? rule->part(part) : hanse_part_count(part, field) > 0;
    if (holds)
        return;
    char path[FINDING_PATH_BYTES];
    write_path(spot, path);
    append_step(path, field, 0, false);
    report(validation, rule, part, path);
}

static const struct hanse_rule_group *find_group(const char *type)
{
    for (size_t i = 0; hanse_rule_tables[i] != NULL; i++)
        for (const struct hanse_rule_group *group = hanse_rule_tables[i]; group->type != NULL; group++)
            if (strcmp(group->type, type) == 0)
                return group;
    return NULL;
}

/* A record repeats few types many times, and the tables are long. */
static const struct hanse_rule_group *group_of(struct validation *validation,
                                               const struct hanse_schema *schema)
{
    for (size_t i = 0; i < validation->known_count; i++)
        if (validation->known[i].schema == schema)
            return validation->known[i].group;
    const struct hanse_rule_group *group = find_group(hanse_schema_name(schema));
    if (validation->known_count < KNOWN_TYPES)
        validation->known[validation->known_count++] = (struct known_type){schema, group};
    return group;
}

static void judge(struct validation *validation, const struct spot *spot, const struct hanse_part *part)
{
    const struct hanse_schema *schema = hanse_part_schema(part);
    const struct hanse_rule_group *group = group_of(validation, schema);
    for (size_t i = 0; group != NULL && i < group->count; i++)
        ask(validation, &group->rules[i], spot, part);
    for (size_t i = 0; i < hanse_schema_field_count(schema); i++) {
        const struct hanse_field *field = hanse_schema_field(schema, i);
        if (hanse_field_message(field) == NULL)
            continue;
        for (size_t k = 0; k < hanse_part_count(part, field); k++) {
            struct spot below = {.above = spot, .field = field, .element = k};
            judge(validation, &below, hanse_part_child(part, field, k));
        }
    }
}

static bool is_imported(const struct hanse_part *root)
{
    enum { METHOD_IMPORT = 2 };
    const struct hanse_part *header = hanse_rule_child(root, "header", 0);
    for (size_t i = 0; header != NULL && i < hanse_rule_count(header, "provenance"); i++)
        if (hanse_rule_number(hanse_rule_child(header, "provenance", i), "method") == METHOD_IMPORT)
            return true;
    return false;
}

enum hanse_status hanse_record_validate(const struct hanse_record *record,
                                        hanse_finding_report *report_finding, void *context,
                                        struct hanse_error *err)
{
    if (record == NULL)
        return hanse_fail_null("record", err);
    struct validation validation = {.report = report_finding, .context = context, .err = err};
    struct spot root = {0};
    validation.is_imported = is_imported(hanse_message_root(record->message));
    judge(&validation, &root, hanse_message_root(record->message));
    return validation.failed ? HANSE_INVALID_RECORD : HANSE_OK;
}
