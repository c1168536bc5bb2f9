/* SPDX-License-Identifier: Apache-2.0 */
#include "record/iati/rest.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"
#include "record/iati/losses.h"
#include "record/iati/xml.h"
#include "record/personal.h"
#include "record/record.h"

#define AT "hanse:at"
#define LEFT_OUT "hanse:left-out"
#define CONTACTS "contact-info"

enum { PLACE_BYTES = 48, HEADROOM_BYTES = 1024, NAMES = 64 };

struct keeping {
    struct hanse_iati_tree tree; /* what is kept */
    struct hanse_loss_report *losses;
    bool keeps_anything;
    struct hanse_error *err;
};

static bool is_declaration(const struct hanse_iati_attribute *attribute)
{
    return strncmp(attribute->name, "xmlns:", sizeof "xmlns:" - 1) == 0;
}

static bool is_contact(const struct hanse_iati_element *element)
{
    return strcmp(element->name, CONTACTS) == 0 && element->parent != NULL && element->parent->parent == NULL;
}

static bool any_used(const struct hanse_iati_element *element)
{
    if (element->used)
        return true;
    for (const struct hanse_iati_attribute *a = element->attributes; a != NULL; a = a->next)
        if (a->used && !is_declaration(a))
            return true;
    for (const struct hanse_iati_element *child = element->first_child; child != NULL; child = child->next)
        if (any_used(child))
            return true;
    return false;
}

static bool has_rest(const struct hanse_iati_element *element)
{
    if (!element->used && element->text[0] != '\0')
        return true;
    for (const struct hanse_iati_attribute *a = element->attributes; a != NULL; a = a->next)
        if (!a->used)
            return true;
    for (const struct hanse_iati_element *child = element->first_child; child != NULL; child = child->next)
        if (!is_contact(child) && (!any_used(child) || has_rest(child)))
            return true;
    return false;
}

/* Earlier names of an activity are written behind its other identifiers. */
static bool is_earlier_name(const struct hanse_iati_element *element)
{
    const struct hanse_iati_attribute *type = hanse_iati_attribute(element, "type");
    return strcmp(element->name, "other-identifier") == 0 && type != NULL && strcmp(type->value, "A3") == 0;
}

/* The children of one element by name, so that each is found without walking past all before it. */
struct name {
    const char *name;
    bool is_earlier_name;
    size_t count;   /* of the children that have fields */
    size_t reached; /* of them */
    struct hanse_iati_element *at;
};
struct names {
    struct name all[NAMES];
    size_t count;
};

/* NULL: there are more names than IATI has. */
static struct name *find_name(struct names *names, const char *name, bool is_earlier)
{
    for (size_t i = 0; i < names->count; i++)
        if (names->all[i].is_earlier_name == is_earlier && strcmp(names->all[i].name, name) == 0)
            return &names->all[i];
    if (names->count == NAMES)
        return NULL;
    names->all[names->count] = (struct name){.name = name, .is_earlier_name = is_earlier};
    return &names->all[names->count++];
}

static void count_used(const struct hanse_iati_element *element, struct names *names)
{
    names->count = 0;
    for (const struct hanse_iati_element *child = element->first_child; child != NULL; child = child->next) {
        struct name *name = any_used(child) ? find_name(names, child->name, is_earlier_name(child)) : NULL;
        if (name != NULL)
            name->count++;
    }
}

/* Which one it is of the elements of its name that have fields, in the order in which they are written;
 * called for each of them in turn. False: it cannot be told. */
static bool place_of(const struct hanse_iati_element *element, struct names *names, char out[PLACE_BYTES])
{
    struct name *own = find_name(names, element->name, is_earlier_name(element));
    struct name *other = find_name(names, element->name, !is_earlier_name(element));
    if (own == NULL || other == NULL)
        return false;
    size_t before = own->is_earlier_name ? other->count : 0;
    (void)snprintf(out, PLACE_BYTES, "%zu/%zu", before + ++own->reached, own->count + other->count);
    return true;
}

static enum hanse_status lose(struct keeping *keeping, const struct hanse_iati_element *element,
                              const char *attribute)
{
    char path[HANSE_MAX_LOSS_PATH_BYTES + 2];
    hanse_iati_path(element, attribute, path, sizeof path);
    return hanse_loss_report_add(keeping->losses, path, 1, keeping->err);
}

static enum hanse_status keep_attribute(struct keeping *keeping, const struct hanse_iati_element *element,
                                        const struct hanse_iati_attribute *attribute)
{
    struct hanse_bytes seen;
    if (hanse_personal_find_email(attribute->value, &seen))
        return lose(keeping, element, attribute->name);
    return hanse_iati_tree_attribute(&keeping->tree, NULL, attribute->name,
                                     hanse_bytes_of_text(attribute->value), keeping->err);
}

static enum hanse_status keep_own(struct keeping *keeping, const struct hanse_iati_element *element)
{
    struct hanse_bytes seen;
    enum hanse_status status = HANSE_OK;
    for (const struct hanse_iati_attribute *a = element->attributes; status == HANSE_OK && a != NULL;
         a = a->next)
        if (!a->used || is_declaration(a))
            status = keep_attribute(keeping, element, a);
    if (status != HANSE_OK || element->used || element->text[0] == '\0')
        return status;
    if (hanse_personal_find_email(element->text, &seen))
        return lose(keeping, element, NULL);
    return hanse_iati_tree_text(&keeping->tree, hanse_bytes_of_text(element->text), keeping->err);
}

static enum hanse_status keep_children(struct keeping *keeping, const struct hanse_iati_element *element);

/* Depth is bounded by the tree: HANSE_MAX_IATI_DEPTH. */
static enum hanse_status keep_element(struct keeping *keeping, const struct hanse_iati_element *element,
                                      const char *place)
{
    keeping->keeps_anything = true;
    enum hanse_status status = hanse_iati_tree_open(&keeping->tree, NULL, element->name, 0, keeping->err);
    if (status == HANSE_OK && place != NULL)
        status =
            hanse_iati_tree_attribute(&keeping->tree, NULL, AT, hanse_bytes_of_text(place), keeping->err);
    if (status == HANSE_OK)
        status = keep_own(keeping, element);
    if (status == HANSE_OK)
        status = keep_children(keeping, element);
    return status == HANSE_OK ? hanse_iati_tree_close(&keeping->tree, keeping->err) : status;
}

static enum hanse_status keep_children(struct keeping *keeping, const struct hanse_iati_element *element)
{
    struct names names;
    enum hanse_status status = HANSE_OK;
    count_used(element, &names);
    for (const struct hanse_iati_element *child = element->first_child; status == HANSE_OK && child != NULL;
         child = child->next) {
        char place[PLACE_BYTES];
        bool partly = any_used(child);
        bool is_placed = partly && place_of(child, &names, place);
        if (is_contact(child) || (partly && !is_placed && has_rest(child)))
            status = lose(keeping, child, NULL);
        else if (!partly || has_rest(child))
            status = keep_element(keeping, child, is_placed ? place : NULL);
    }
    return status;
}

/* What the rest is read with, though it has been used: it is about all texts and amounts below. */
static enum hanse_status keep_default(struct keeping *keeping, const char *name, const char *value)
{
    return value != NULL && value[0] != '\0'
               ? hanse_iati_tree_attribute(&keeping->tree, NULL, name, hanse_bytes_of_text(value),
                                           keeping->err)
               : HANSE_OK;
}

static const char *value_of(const struct hanse_iati_element *element, const char *name)
{
    const struct hanse_iati_attribute *attribute = hanse_iati_attribute(element, name);
    return attribute != NULL ? attribute->value : NULL;
}

static enum hanse_status keep_activity(struct keeping *keeping, const struct hanse_iati_element *activity,
                                       const struct hanse_iati_scope *scope)
{
    const char *language = value_of(activity, "xml:lang");
    bool has_contacts = hanse_iati_child(activity, CONTACTS) != NULL;
    keeping->keeps_anything = has_contacts || has_rest(activity);
    enum hanse_status status = hanse_iati_tree_open(&keeping->tree, NULL, activity->name, 0, keeping->err);
    if (status == HANSE_OK)
        status = keep_default(keeping, "xmlns:hanse", HANSE_IATI_REST_NAMESPACE);
    if (status == HANSE_OK)
        status = keep_default(keeping, "xml:lang", language != NULL ? language : scope->language);
    if (status == HANSE_OK)
        status = keep_default(keeping, "default-currency", value_of(activity, "default-currency"));
    if (status == HANSE_OK && has_contacts)
        status = keep_default(keeping, LEFT_OUT, CONTACTS);
    if (status == HANSE_OK)
        status = keep_own(keeping, activity);
    if (status == HANSE_OK)
        status = keep_children(keeping, activity);
    return status == HANSE_OK ? hanse_iati_tree_close(&keeping->tree, keeping->err) : status;
}

static enum hanse_status put_text(struct hanse_message *message, struct hanse_part *part, const char *name,
                                  enum hanse_field_kind kind, struct hanse_bytes bytes,
                                  struct hanse_error *err)
{
    const struct hanse_field *field = hanse_schema_find(hanse_part_schema(part), hanse_bytes_of_text(name));
    struct hanse_value value = {.kind = kind, .as.bytes = bytes};
    return hanse_message_put(message, part, field, 0, &value, err);
}

static enum hanse_status put_extension(struct hanse_record *record, struct hanse_bytes xml,
                                       struct hanse_error *err)
{
    struct hanse_message *message = record->message;
    struct hanse_part *root = hanse_message_root(message);
    const struct hanse_field *field =
        hanse_schema_find(hanse_part_schema(root), hanse_bytes_of_text("extensions"));
    struct hanse_part *extension = NULL;
    enum hanse_status status = hanse_message_make(message, hanse_field_message(field), &extension, err);
    if (status == HANSE_OK)
        status =
            put_text(message, extension, "scheme", HANSE_FIELD_STRING, hanse_bytes_of_text("IATI-2.03"), err);
    if (status == HANSE_OK)
        status = put_text(message, extension, "path", HANSE_FIELD_STRING,
                          hanse_bytes_of_text("iati-activity"), err);
    if (status == HANSE_OK)
        status = put_text(message, extension, "mediaType", HANSE_FIELD_STRING,
                          hanse_bytes_of_text("application/xml"), err);
    if (status == HANSE_OK)
        status = put_text(message, extension, "payload", HANSE_FIELD_BYTES, xml, err);
    if (status == HANSE_OK)
        status = hanse_message_attach(message, root, field, extension, err);
    if (status == HANSE_OK)
        hanse_record_changed(record);
    return status;
}

static enum hanse_status write_rest(struct hanse_record *record, const struct hanse_iati_element *rest,
                                    bool *out_kept, struct hanse_error *err)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer xml;
    hanse_buffer_init(&xml, HANSE_MAX_RECORD_BYTES);
    struct hanse_bytes bytes;
    struct hanse_error problem;
    enum hanse_status status = hanse_record_bytes(record, &bytes, err);
    if (status != HANSE_OK)
        return status;
    size_t size = bytes.size;
    status = hanse_iati_xml_write(rest, 0, &xml, &problem);
    *out_kept = status == HANSE_OK && size + xml.size + HEADROOM_BYTES <= HANSE_MAX_RECORD_BYTES;
    if (status != HANSE_OK && status != HANSE_LIMIT)
        return hanse_fail_memory(err);
    return *out_kept ? put_extension(record, hanse_buffer_view(&xml), err) : HANSE_OK;
}

static enum hanse_status merge_losses(struct hanse_loss_report *into, const struct hanse_loss_report *from,
                                      struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; status == HANSE_OK && i < from->count; i++)
        status = hanse_loss_report_add(into, from->items[i].path, from->items[i].count, err);
    into->other += status == HANSE_OK ? from->other : 0;
    return status;
}

enum hanse_status hanse_iati_rest_keep(const struct hanse_iati_element *activity,
                                       const struct hanse_iati_scope *scope, struct hanse_record *record,
                                       struct hanse_loss_report *losses, struct hanse_error *err)
{
    __attribute__((cleanup(hanse_loss_report_release))) struct hanse_loss_report own;
    hanse_loss_report_init(&own);
    struct keeping keeping = {.losses = &own, .err = err};
    bool kept = false;
    hanse_iati_tree_init(&keeping.tree);
    enum hanse_status status = keep_activity(&keeping, activity, scope);
    if (status == HANSE_OK && keeping.keeps_anything)
        status = write_rest(record, keeping.tree.root, &kept, err);
    hanse_iati_tree_release(&keeping.tree);
    if (status != HANSE_OK || !keeping.keeps_anything)
        return status;
    return kept ? merge_losses(losses, &own, err) : hanse_iati_add_losses(activity, losses, err);
}

static void count_all(const struct hanse_iati_element *element, struct names *names)
{
    names->count = 0;
    for (struct hanse_iati_element *child = element->first_child; child != NULL; child = child->next) {
        struct name *name = find_name(names, child->name, false);
        if (name != NULL && name->count++ == 0)
            name->at = child;
    }
}

/* The element that a place names: there must be as many of its name, and places ascend. */
static struct hanse_iati_element *find_place(struct names *names, const char *name, const char *place)
{
    size_t index = 0;
    size_t count = 0;
    struct name *found = find_name(names, name, false);
    if (sscanf(place, "%zu/%zu", &index, &count) != 2 || found == NULL || found->count != count ||
        index <= found->reached || index > count)
        return NULL;
    for (found->reached = found->reached > 0 ? found->reached : 1; found->reached < index; found->reached++)
        found->at = hanse_iati_sibling(found->at, name);
    return found->at;
}

static void add_attributes(struct hanse_iati_element *element, struct hanse_iati_attribute *attribute)
{
    while (attribute != NULL) {
        struct hanse_iati_attribute *next = attribute->next;
        bool own = strncmp(attribute->name, "hanse:", sizeof "hanse:" - 1) == 0 ||
                   strcmp(attribute->name, "xmlns:hanse") == 0;
        if (!own && hanse_iati_attribute(element, attribute->name) == NULL) {
            struct hanse_iati_attribute **end = &element->attributes;
            while (*end != NULL)
                end = &(*end)->next;
            attribute->next = NULL;
            *end = attribute;
        }
        attribute = next;
    }
}

static void graft(struct hanse_iati_element *parent, struct hanse_iati_element *child)
{
    child->parent = parent;
    child->next = NULL;
    if (parent->last_child == NULL)
        parent->first_child = child;
    else
        parent->last_child->next = child;
    parent->last_child = child;
}

/* Places are found before anything is grafted: they count what was written from fields. */
static size_t merge_places(struct hanse_iati_element *element, struct hanse_iati_element *rest);

size_t hanse_iati_rest_merge(struct hanse_iati_element *activity, struct hanse_iati_element *rest)
{
    size_t dropped = merge_places(activity, rest);
    add_attributes(activity, rest->attributes);
    if (activity->text[0] == '\0')
        activity->text = rest->text;
    for (struct hanse_iati_element *child = rest->first_child; child != NULL;) {
        struct hanse_iati_element *next = child->next;
        if (hanse_iati_attribute(child, AT) == NULL)
            graft(activity, child);
        child = next;
    }
    return dropped;
}

static size_t merge_places(struct hanse_iati_element *element, struct hanse_iati_element *rest)
{
    struct names names;
    size_t dropped = 0;
    count_all(element, &names);
    for (struct hanse_iati_element *child = rest->first_child; child != NULL; child = child->next) {
        const struct hanse_iati_attribute *place = hanse_iati_attribute(child, AT);
        struct hanse_iati_element *found =
            place != NULL ? find_place(&names, child->name, place->value) : NULL;
        if (found != NULL)
            dropped += hanse_iati_rest_merge(found, child);
        else
            dropped += place != NULL;
    }
    return dropped;
}
