/* SPDX-License-Identifier: Apache-2.0 */
#include "report/fact.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "record/rule.h"
#include "report/day.h"
#include "report/fact_table.h"

enum { RANK_REFERENCE = 1, RANK_FIRST, RANK_ENGLISH, RANK_ASKED, DECIMALS = 6, RATE_DECIMALS = 12 };

bool hanse_scaled_read(struct hanse_bytes text, int decimals, int64_t *out)
{
    size_t start = text.size > 0 && text.data[0] == '-' ? 1 : 0;
    bool is_fraction = false;
    bool is_number = false;
    int64_t value = 0;
    int missing = decimals;
    for (size_t i = start; i < text.size; i++) {
        bool is_point = text.data[i] == '.' && !is_fraction && is_number;
        bool is_digit = text.data[i] >= '0' && text.data[i] <= '9';
        if (!is_point && !is_digit)
            return false;
        is_fraction = is_fraction || is_point;
        is_number = true;
        if (is_point || (is_fraction && missing == 0))
            continue;
        missing -= is_fraction ? 1 : 0;
        if (__builtin_mul_overflow(value, (int64_t)10, &value) ||
            __builtin_add_overflow(value, (int64_t)(text.data[i] - '0'), &value))
            return false;
    }
    for (; missing > 0; missing--)
        if (__builtin_mul_overflow(value, (int64_t)10, &value))
            return false;
    if (is_number)
        *out = start > 0 ? -value : value;
    return is_number;
}

/* The entity of a Ref: by its id, else by what it is called. */
static uint32_t entity_of_ref(struct hanse_entities *entities, const struct hanse_part *ref)
{
    struct hanse_bytes id = hanse_rule_text(ref, "id");
    const struct hanse_part *called = hanse_rule_child(ref, "name", 0);
    struct hanse_bytes name = called != NULL ? hanse_rule_text(called, "text") : (struct hanse_bytes){0};
    uint32_t entity = 0;
    if (id.size > 0) {
        entity = hanse_entity_named(entities, id);
    } else if (name.size > 0) {
        char key[300];
        int size = snprintf(key, sizeof key, "name:%.*s", name.size < 280 ? (int)name.size : 280,
                            (const char *)name.data);
        entity = hanse_entity_named(entities, hanse_bytes_of(key, (size_t)size));
    }
    hanse_entity_label(entities, entity, name, RANK_REFERENCE);
    return entity;
}

static struct hanse_amount amount_of(const struct hanse_part *money)
{
    struct hanse_amount amount = {.units = hanse_rule_number(money, "units"),
                                  .nanos = hanse_rule_number(money, "nanos")};
    struct hanse_bytes currency = hanse_rule_text(money, "currency");
    if (currency.size == sizeof amount.currency - 1)
        memcpy(amount.currency, currency.data, currency.size);
    return amount;
}

static uint32_t *entity_slot(struct hanse_facet *facet, enum hanse_slot slot)
{
    uint32_t *const slots[] = {&facet->network, &facet->subject, &facet->other, &facet->third};
    return slots[slot];
}

static void take_message(struct hanse_entities *entities, struct hanse_facet *facet, enum hanse_slot slot,
                         const struct hanse_part *part)
{
    switch (slot) {
    case HANSE_SLOT_NETWORK:
    case HANSE_SLOT_SUBJECT:
    case HANSE_SLOT_OTHER:
    case HANSE_SLOT_THIRD:
        *entity_slot(facet, slot) = entity_of_ref(entities, part);
        break;
    case HANSE_SLOT_START:
        facet->start = hanse_day_of_digits(hanse_rule_day(part, false));
        break;
    case HANSE_SLOT_END:
        facet->end = hanse_day_of_digits(hanse_rule_day(part, true));
        break;
    case HANSE_SLOT_DATE:
        facet->date = hanse_day_of_digits(hanse_rule_day(part, false));
        break;
    case HANSE_SLOT_DUE:
        facet->due = hanse_day_of_digits(hanse_rule_day(part, true));
        break;
    case HANSE_SLOT_AMOUNT:
        facet->amount = amount_of(part);
        break;
    case HANSE_SLOT_SECOND:
        facet->second = amount_of(part);
        break;
    default:
        break;
    }
}

static void take_text(struct hanse_entities *entities, struct hanse_facet *facet, enum hanse_slot slot,
                      struct hanse_bytes text)
{
    if (slot == HANSE_SLOT_QUANTITY)
        facet->has_quantity = hanse_scaled_read(text, DECIMALS, &facet->quantity);
    else if (slot == HANSE_SLOT_NUMBER)
        (void)hanse_scaled_read(text, RATE_DECIMALS, &facet->number);
    else if (slot == HANSE_SLOT_CODE)
        facet->code = hanse_pool_text(entities->pool, text);
    else
        facet->text = hanse_pool_text(entities->pool, text);
}

/* A year alone, where a slot for days takes a number, is the number. */
static void take_number(struct hanse_facet *facet, enum hanse_slot slot, int64_t number)
{
    if (slot == HANSE_SLOT_NUMBER)
        facet->number = number;
    else if (slot == HANSE_SLOT_TYPE)
        facet->type = (uint32_t)number;
    else if (slot == HANSE_SLOT_STATUS)
        facet->status = (uint32_t)number;
    else if (slot == HANSE_SLOT_START)
        facet->start = (int32_t)number;
    else if (slot == HANSE_SLOT_END)
        facet->end = (int32_t)number;
}

/* Follows the names of a path; of a list on the way its first element. */
static void take_path(struct hanse_entities *entities, struct hanse_facet *facet,
                      const struct hanse_fact_row *row, const struct hanse_part *part)
{
    const char *path = row->path;
    char name[HANSE_FIELD_NAME_BYTES];
    while (part != NULL && *path != '\0') {
        size_t size = strcspn(path, ".");
        (void)snprintf(name, sizeof name, "%.*s", (int)size, path);
        path += path[size] == '.' ? size + 1 : size;
        const struct hanse_field *field = hanse_rule_field(part, name);
        struct hanse_value value;
        if (hanse_field_kind_of(field) == HANSE_FIELD_MESSAGE) {
            part = hanse_part_child(part, field, 0);
            continue;
        }
        if (!hanse_part_get(part, field, 0, &value))
            return;
        if (value.kind == HANSE_FIELD_STRING)
            take_text(entities, facet, row->slot, value.as.bytes);
        else
            take_number(facet, row->slot, hanse_rule_number(part, name));
        return;
    }
    if (part != NULL)
        take_message(entities, facet, row->slot, part);
}

static const struct hanse_fact_row *first_row(uint32_t kind)
{
    const struct hanse_fact_row *row = hanse_fact_rows;
    while (row->kind != 0 && row->kind != kind)
        row++;
    return row;
}

static size_t count_parts(const struct hanse_fact_row *row, const struct hanse_part *body)
{
    size_t count = 0;
    uint32_t tag = 0;
    for (uint32_t kind = row->kind; row->kind == kind && kind != 0; row++) {
        if (row->tag != 0 && row->tag != tag)
            count += hanse_rule_count(body, row->list);
        tag = row->tag;
    }
    return count;
}

static void read_parts(struct hanse_entities *entities, const struct hanse_fact_row *row,
                       const struct hanse_part *body, struct hanse_facet *parts)
{
    uint32_t kind = row->kind;
    while (row->kind == kind && row->tag == 0)
        row++;
    while (row->kind == kind) {
        const struct hanse_fact_row *first = row;
        size_t count = hanse_rule_count(body, first->list);
        for (size_t i = 0; i < count; i++, parts++) {
            *parts = (struct hanse_facet){.tag = first->tag, .code = "", .text = ""};
            for (row = first; row->kind == kind && row->tag == first->tag; row++)
                take_path(entities, parts, row, hanse_rule_child(body, row->list, i));
        }
        for (row = first; row->kind == kind && row->tag == first->tag;)
            row++;
    }
}

/* Somebody else keeps a register in which the organisation stands. */
static bool is_registered(const struct hanse_part *header)
{
    for (size_t i = 0; header != NULL && i < hanse_rule_count(header, "identifiers"); i++) {
        struct hanse_bytes scheme = hanse_rule_text(hanse_rule_child(header, "identifiers", i), "scheme");
        if (hanse_bytes_equal_text(scheme, "ORGID") || hanse_bytes_equal_text(scheme, "IATI-ORG") ||
            hanse_bytes_equal_text(scheme, "WIKIDATA"))
            return true;
    }
    return false;
}

/* Other names of the thing that a record is of. */
static void read_header(struct hanse_entities *entities, const struct hanse_part *header, uint32_t self)
{
    for (size_t i = 0; header != NULL && i < hanse_rule_count(header, "identifiers"); i++) {
        const struct hanse_part *identifier = hanse_rule_child(header, "identifiers", i);
        struct hanse_bytes scheme = hanse_rule_text(identifier, "scheme");
        struct hanse_bytes value = hanse_rule_text(identifier, "value");
        char code[600];
        int size = snprintf(code, sizeof code, "%.*s:%.*s", scheme.size < 64 ? (int)scheme.size : 64,
                            (const char *)scheme.data, value.size < 500 ? (int)value.size : 500,
                            (const char *)value.data);
        hanse_entity_unite(entities, self, hanse_entity_named(entities, hanse_bytes_of(code, (size_t)size)));
    }
    for (size_t i = 0; header != NULL && i < hanse_rule_count(header, "sameAs"); i++)
        hanse_entity_unite(entities, self, entity_of_ref(entities, hanse_rule_child(header, "sameAs", i)));
    for (size_t i = 0; header != NULL && i < hanse_rule_count(header, "supersededIds"); i++) {
        struct hanse_value value;
        if (hanse_part_get(header, hanse_rule_field(header, "supersededIds"), i, &value))
            hanse_entity_unite(entities, self, hanse_entity_named(entities, value.as.bytes));
    }
}

/* A city, an organisation or a network gives itself its names, in some languages. */
static void read_names(struct hanse_entities *entities, const struct hanse_part *body, uint32_t kind,
                       uint32_t self, const char *language)
{
    for (size_t i = 0; i < hanse_rule_count(body, "name"); i++) {
        const struct hanse_part *name = hanse_rule_child(body, "name", i);
        struct hanse_bytes of = hanse_rule_text(name, "language");
        uint32_t rank = hanse_bytes_equal_text(of, language) ? RANK_ASKED
                        : hanse_bytes_equal_text(of, "en")   ? RANK_ENGLISH
                                                             : RANK_FIRST;
        hanse_entity_label(entities, self, hanse_rule_text(name, "text"), rank);
    }
    struct hanse_entity *item = &entities->items[hanse_entity_root(entities, self)];
    item->is_city = item->is_city || kind == HANSE_KIND_LOCAL_GOVERNMENT;
    struct hanse_bytes country = {0};
    if (kind != HANSE_KIND_NETWORK)
        country = hanse_rule_text(body, "country");
    if (country.size == sizeof item->country - 1)
        memcpy(item->country, country.data, country.size);
}

void hanse_fact_read(struct hanse_entities *entities, const struct hanse_report_input *input,
                     const char *language, struct hanse_fact *out)
{
    uint32_t kind = input->record->kind;
    const struct hanse_part *root = hanse_message_root(input->record->message);
    const struct hanse_field *field = hanse_schema_find_number(hanse_part_schema(root), kind);
    const struct hanse_part *body = hanse_part_child(root, field, 0);
    uint32_t self = hanse_entity_named(entities, hanse_bytes_of_text(input->id));
    *out = (struct hanse_fact){.id = entities->items[self].name,
                               .kind = kind,
                               .self = self,
                               .publisher = hanse_entity_named(entities, hanse_bytes_of_text(input->origin)),
                               .published = hanse_day_of_unix(input->first_published_unix_s),
                               .published_s = input->published_unix_s,
                               .audience = input->audience,
                               .main = {.code = "", .text = ""}};
    read_header(entities, hanse_rule_child(root, "header", 0), self);
    out->is_sound = is_registered(hanse_rule_child(root, "header", 0));
    if (kind == HANSE_KIND_LOCAL_GOVERNMENT || kind == HANSE_KIND_ORGANISATION || kind == HANSE_KIND_NETWORK)
        read_names(entities, body, kind, self, language);
    const struct hanse_fact_row *row = first_row(kind);
    size_t count = count_parts(row, body);
    struct hanse_facet *parts = count > 0 ? hanse_pool_alloc(entities->pool, count, sizeof *parts) : NULL;
    for (const struct hanse_fact_row *own = row; own->kind == kind && own->tag == 0; own++)
        take_path(entities, &out->main, own, body);
    if (parts == NULL)
        return;
    read_parts(entities, row, body, parts);
    out->parts = parts;
    out->part_count = count;
}
