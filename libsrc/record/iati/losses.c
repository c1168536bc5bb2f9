/* SPDX-License-Identifier: Apache-2.0 */
/* What the mapping left unmarked. */
#include "record/iati/losses.h"

#include <string.h>

#include "base/limits.h"

static enum hanse_status add(const struct hanse_iati_element *element, const char *attribute,
                             struct hanse_loss_report *losses, struct hanse_error *err)
{
    char path[HANSE_MAX_LOSS_PATH_BYTES + 2]; /* a longer one is cut here and counted as "other" there */
    hanse_iati_path(element, attribute, path, sizeof path);
    return hanse_loss_report_add(losses, path, 1, err);
}

/* An element counts itself if it says something without its attributes and children, or by being there. */
static bool is_lost(const struct hanse_iati_element *element)
{
    const struct hanse_iati_attribute *attribute = element->attributes;
    while (attribute != NULL && strncmp(attribute->name, "xmlns:", sizeof "xmlns:" - 1) == 0)
        attribute = attribute->next;
    bool bare = attribute == NULL && element->first_child == NULL;
    return !element->used && (element->text[0] != '\0' || bare);
}

static enum hanse_status add_own(const struct hanse_iati_element *element, struct hanse_loss_report *losses,
                                 struct hanse_error *err)
{
    enum hanse_status status = is_lost(element) ? add(element, NULL, losses, err) : HANSE_OK;
    for (const struct hanse_iati_attribute *attribute = element->attributes;
         status == HANSE_OK && attribute != NULL; attribute = attribute->next)
        if (!attribute->used)
            status = add(element, attribute->name, losses, err);
    return status;
}

/* Depth is bounded by the tree: HANSE_MAX_IATI_DEPTH. */
static enum hanse_status add_below(const struct hanse_iati_element *element, struct hanse_loss_report *losses,
                                   struct hanse_error *err)
{
    if (element->parent != NULL && element->parent->parent == NULL &&
        strcmp(element->name, "contact-info") == 0)
        return add(element, NULL, losses, err);
    enum hanse_status status = add_own(element, losses, err);
    for (const struct hanse_iati_element *child = element->first_child; status == HANSE_OK && child != NULL;
         child = child->next)
        status = add_below(child, losses, err);
    return status;
}

enum hanse_status hanse_iati_add_losses(const struct hanse_iati_element *activity,
                                        struct hanse_loss_report *losses, struct hanse_error *err)
{
    return add_below(activity, losses, err);
}
