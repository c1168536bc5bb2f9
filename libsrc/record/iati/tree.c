/* SPDX-License-Identifier: Apache-2.0 */
/* Building and reading the tree of one activity. */
#include "record/iati/tree.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"

struct hanse_iati_text {
    struct hanse_bytes bytes;
    struct hanse_iati_text *before; /* the piece in front of this one */
};

void hanse_iati_tree_init(struct hanse_iati_tree *tree)
{
    *tree = (struct hanse_iati_tree){0};
    hanse_arena_init(&tree->arena, HANSE_MAX_IATI_MEMORY_BYTES);
}

void hanse_iati_tree_reset(struct hanse_iati_tree *tree)
{
    struct hanse_arena arena = tree->arena;
    hanse_arena_reset(&arena);
    *tree = (struct hanse_iati_tree){.arena = arena};
}

void hanse_iati_tree_release(struct hanse_iati_tree *tree)
{
    hanse_arena_release(&tree->arena);
    *tree = (struct hanse_iati_tree){.arena = tree->arena};
}

static enum hanse_status take(struct hanse_iati_tree *tree, size_t size, void **out, struct hanse_error *err)
{
    if (size > tree->arena.max_bytes - tree->arena.used_bytes)
        return hanse_fail(err, HANSE_LIMIT, "activity needs more than %u MiB of memory",
                          HANSE_MAX_IATI_MEMORY_BYTES >> 20);
    void *memory = hanse_arena_alloc(&tree->arena, size);
    if (memory == NULL)
        return hanse_fail_memory(err);
    *out = memory;
    return HANSE_OK;
}

static enum hanse_status copy(struct hanse_iati_tree *tree, struct hanse_bytes bytes, const char **out,
                              struct hanse_error *err)
{
    void *memory = NULL;
    enum hanse_status status = take(tree, bytes.size + 1, &memory, err);
    if (status != HANSE_OK)
        return status;
    char *text = memory;
    if (bytes.size > 0)
        memcpy(text, bytes.data, bytes.size);
    text[bytes.size] = '\0';
    *out = text;
    return HANSE_OK;
}

static enum hanse_status full_name(struct hanse_iati_tree *tree, const char *prefix, const char *name,
                                   const char **out, struct hanse_error *err)
{
    if (prefix == NULL)
        return copy(tree, hanse_bytes_of_text(name), out, err);
    size_t size = strlen(prefix) + 1 + strlen(name) + 1;
    void *memory = NULL;
    enum hanse_status status = take(tree, size, &memory, err);
    if (status == HANSE_OK) {
        (void)snprintf(memory, size, "%s:%s", prefix, name);
        *out = memory;
    }
    return status;
}

static enum hanse_status count_node(struct hanse_iati_tree *tree, struct hanse_error *err)
{
    if (tree->nodes == HANSE_MAX_IATI_NODES)
        return hanse_fail(err, HANSE_LIMIT, "activity has more than %u elements and attributes",
                          HANSE_MAX_IATI_NODES);
    tree->nodes++;
    return HANSE_OK;
}

static void append_child(struct hanse_iati_element *parent, struct hanse_iati_element *child)
{
    child->parent = parent;
    if (parent->last_child == NULL)
        parent->first_child = child;
    else
        parent->last_child->next = child;
    parent->last_child = child;
}

enum hanse_status hanse_iati_tree_open(struct hanse_iati_tree *tree, const char *prefix, const char *name,
                                       uint64_t line, struct hanse_error *err)
{
    if (tree->depth == HANSE_MAX_IATI_DEPTH)
        return hanse_fail(err, HANSE_LIMIT, "activity is nested deeper than %u elements",
                          HANSE_MAX_IATI_DEPTH);
    enum hanse_status status = count_node(tree, err);
    void *memory = NULL;
    if (status == HANSE_OK)
        status = take(tree, sizeof(struct hanse_iati_element), &memory, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_iati_element *element = memory;
    *element = (struct hanse_iati_element){.text = "", .line = line};
    status = full_name(tree, prefix, name, &element->name, err);
    if (status != HANSE_OK)
        return status;
    if (tree->current == NULL)
        tree->root = element;
    else
        append_child(tree->current, element);
    tree->current = element;
    tree->depth++;
    return HANSE_OK;
}

static bool is_space(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static struct hanse_bytes trim(struct hanse_bytes bytes)
{
    while (bytes.size > 0 && is_space(bytes.data[0])) {
        bytes.data++;
        bytes.size--;
    }
    while (bytes.size > 0 && is_space(bytes.data[bytes.size - 1]))
        bytes.size--;
    return bytes;
}

static enum hanse_status copy_attribute(struct hanse_iati_tree *tree, struct hanse_bytes value,
                                        const char **out, struct hanse_error *err)
{
    static const char escaped[] = "&#38;";
    void *memory = NULL;
    enum hanse_status status = take(tree, value.size + 1, &memory, err);
    if (status != HANSE_OK)
        return status;
    char *text = memory;
    size_t size = 0;
    for (size_t i = 0; i < value.size; i++) {
        text[size++] = (char)value.data[i];
        if (value.size - i >= sizeof escaped - 1 && memcmp(value.data + i, escaped, sizeof escaped - 1) == 0)
            i += sizeof escaped - 2;
    }
    text[size] = '\0';
    *out = text;
    return HANSE_OK;
}

enum hanse_status hanse_iati_tree_attribute(struct hanse_iati_tree *tree, const char *prefix,
                                            const char *name, struct hanse_bytes value,
                                            struct hanse_error *err)
{
    enum hanse_status status = count_node(tree, err);
    void *memory = NULL;
    if (status == HANSE_OK)
        status = take(tree, sizeof(struct hanse_iati_attribute), &memory, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_iati_attribute *attribute = memory;
    *attribute = (struct hanse_iati_attribute){0};
    status = full_name(tree, prefix, name, &attribute->name, err);
    if (status == HANSE_OK)
        status = copy_attribute(tree, trim(value), &attribute->value, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_iati_attribute **end = &tree->current->attributes;
    while (*end != NULL)
        end = &(*end)->next;
    *end = attribute;
    return HANSE_OK;
}

enum hanse_status hanse_iati_tree_text(struct hanse_iati_tree *tree, struct hanse_bytes text,
                                       struct hanse_error *err)
{
    struct hanse_iati_element *element = tree->current;
    /* Indentation between elements is most of the white space of a file and would only be trimmed later. */
    if (element->pieces == NULL && trim(text).size == 0)
        return HANSE_OK;
    void *memory = NULL;
    const char *bytes = NULL;
    enum hanse_status status = take(tree, sizeof(struct hanse_iati_text), &memory, err);
    if (status == HANSE_OK)
        status = copy(tree, text, &bytes, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_iati_text *piece = memory;
    *piece = (struct hanse_iati_text){hanse_bytes_of(bytes, text.size), element->pieces};
    element->pieces = piece;
    return HANSE_OK;
}

static enum hanse_status join(struct hanse_iati_tree *tree, const struct hanse_iati_text *last,
                              struct hanse_bytes *out, struct hanse_error *err)
{
    size_t size = 0;
    for (const struct hanse_iati_text *piece = last; piece != NULL; piece = piece->before)
        size += piece->bytes.size;
    void *memory = NULL;
    enum hanse_status status = take(tree, size, &memory, err);
    if (status != HANSE_OK)
        return status;
    uint8_t *end = (uint8_t *)memory + size;
    for (const struct hanse_iati_text *piece = last; piece != NULL; piece = piece->before) {
        end -= piece->bytes.size;
        memcpy(end, piece->bytes.data, piece->bytes.size);
    }
    *out = hanse_bytes_of(memory, size);
    return HANSE_OK;
}

enum hanse_status hanse_iati_tree_close(struct hanse_iati_tree *tree, struct hanse_error *err)
{
    struct hanse_iati_element *element = tree->current;
    enum hanse_status status = HANSE_OK;
    if (element->pieces != NULL) {
        struct hanse_bytes whole;
        status = join(tree, element->pieces, &whole, err);
        if (status == HANSE_OK)
            status = copy(tree, trim(whole), &element->text, err);
        element->pieces = NULL;
    }
    tree->current = element->parent;
    tree->depth--;
    return status;
}

static struct hanse_iati_element *named(struct hanse_iati_element *element, const char *name)
{
    while (element != NULL && strcmp(element->name, name) != 0)
        element = element->next;
    return element;
}

struct hanse_iati_element *hanse_iati_child(const struct hanse_iati_element *element, const char *name)
{
    return named(element->first_child, name);
}

struct hanse_iati_element *hanse_iati_sibling(const struct hanse_iati_element *element, const char *name)
{
    return named(element->next, name);
}

struct hanse_iati_attribute *hanse_iati_attribute(const struct hanse_iati_element *element, const char *name)
{
    struct hanse_iati_attribute *attribute = element->attributes;
    while (attribute != NULL && strcmp(attribute->name, name) != 0)
        attribute = attribute->next;
    return attribute;
}

const char *hanse_iati_use_attribute(struct hanse_iati_element *element, const char *name)
{
    struct hanse_iati_attribute *attribute = hanse_iati_attribute(element, name);
    if (attribute == NULL)
        return NULL;
    attribute->used = true;
    return attribute->value[0] != '\0' ? attribute->value : NULL;
}

const char *hanse_iati_use_text(struct hanse_iati_element *element)
{
    element->used = true;
    return element->text[0] != '\0' ? element->text : NULL;
}

void hanse_iati_use_all(struct hanse_iati_element *element)
{
    element->used = true;
    for (struct hanse_iati_attribute *a = element->attributes; a != NULL; a = a->next)
        a->used = true;
    for (struct hanse_iati_element *child = element->first_child; child != NULL; child = child->next)
        hanse_iati_use_all(child);
}

void hanse_iati_path(const struct hanse_iati_element *element, const char *attribute, char *out, size_t size)
{
    const struct hanse_iati_element *chain[HANSE_MAX_IATI_DEPTH];
    size_t depth = 0;
    for (; element != NULL && depth < HANSE_MAX_IATI_DEPTH; element = element->parent)
        chain[depth++] = element;
    size_t at = 0;
    out[0] = '\0';
    while (depth > 0 && at < size) {
        int wrote = snprintf(out + at, size - at, "%s%s", at > 0 ? "/" : "", chain[--depth]->name);
        at += wrote > 0 ? (size_t)wrote : 0;
    }
    if (attribute != NULL && at < size)
        (void)snprintf(out + at, size - at, "/@%s", attribute);
}
