/* SPDX-License-Identifier: Apache-2.0 */
/* One activity as a tree in an arena. What the mapping uses is marked; what stays unmarked is a loss. */
#ifndef HANSE_RECORD_IATI_TREE_H
#define HANSE_RECORD_IATI_TREE_H

#include <stdbool.h>

#include <hanse/status.h>

#include "base/arena.h"

struct hanse_iati_attribute {
    const char *name; /* with its prefix: "xml:lang" */
    const char *value;
    struct hanse_iati_attribute *next;
    bool used;
};

struct hanse_iati_text; /* pieces of text until the element is closed */

struct hanse_iati_element {
    const char *name; /* with its prefix: a foreign "usg:tec1" never meets a name of IATI */
    const char *text; /* own text without white space around it; "" if there is none */
    struct hanse_iati_attribute *attributes;
    struct hanse_iati_element *parent;
    struct hanse_iati_element *first_child;
    struct hanse_iati_element *last_child;
    struct hanse_iati_element *next;
    struct hanse_iati_text *pieces;
    uint64_t line;
    bool used;
};

struct hanse_iati_tree {
    struct hanse_arena arena;
    struct hanse_iati_element *root;
    struct hanse_iati_element *current;
    size_t nodes;
    unsigned depth;
};

void hanse_iati_tree_init(struct hanse_iati_tree *tree);
/* Empty again, memory kept for the next activity. */
void hanse_iati_tree_reset(struct hanse_iati_tree *tree);
void hanse_iati_tree_release(struct hanse_iati_tree *tree);

/* Building, in document order. HANSE_LIMIT: too deep, too many nodes or too much text for one activity
 * (base/limits.h); HANSE_NO_MEMORY. After a failure the tree is only good for reset. */
HANSE_MUST_CHECK enum hanse_status hanse_iati_tree_open(struct hanse_iati_tree *tree, const char *prefix,
                                                        const char *name, uint64_t line,
                                                        struct hanse_error *err);
/* An "&" in `value` stands as "&#38;": libxml2 leaves it so unless it may replace entities of every kind. */
HANSE_MUST_CHECK enum hanse_status hanse_iati_tree_attribute(struct hanse_iati_tree *tree, const char *prefix,
                                                             const char *name, struct hanse_bytes value,
                                                             struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_iati_tree_text(struct hanse_iati_tree *tree, struct hanse_bytes text,
                                                        struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_iati_tree_close(struct hanse_iati_tree *tree,
                                                         struct hanse_error *err);

/* Reading. The first child of that name, or the next sibling of that name after `element`; NULL: none. */
struct hanse_iati_element *hanse_iati_child(const struct hanse_iati_element *element, const char *name);
struct hanse_iati_element *hanse_iati_sibling(const struct hanse_iati_element *element, const char *name);
struct hanse_iati_attribute *hanse_iati_attribute(const struct hanse_iati_element *element, const char *name);
/* Value of an attribute without white space around it, NULL if there is none or it is empty; marks it. */
const char *hanse_iati_use_attribute(struct hanse_iati_element *element, const char *name);
/* Its text, NULL if it is empty; marks it. */
const char *hanse_iati_use_text(struct hanse_iati_element *element);
/* Marks the element with all below it. */
void hanse_iati_use_all(struct hanse_iati_element *element);
/* Path from the root: "iati-activity/title/narrative", with "/@name" if attribute is not NULL; cut to fit. */
void hanse_iati_path(const struct hanse_iati_element *element, const char *attribute, char *out, size_t size);

#endif
