/* SPDX-License-Identifier: Apache-2.0 */
/* Whole folders: walking over their files, and removing them. */
#ifndef HANSE_NODE_FILES_TREE_H
#define HANSE_NODE_FILES_TREE_H

#include "base/file.h"

/* `name` is the path below the folder, components joined by '/'. */
typedef enum hanse_status hanse_tree_visit(void *context, const char *name, struct hanse_error *err);
/* Calls `visit` for each file below `dir`/`below`, sorted. HANSE_LIMIT: a path is too long, or folders lie
 * deeper than 16; HANSE_IO, HANSE_DENIED, or what the visitor returns. A folder that is not there has none.
 */
HANSE_MUST_CHECK enum hanse_status hanse_tree_walk(const char *dir, const char *below,
                                                   hanse_tree_visit *visit, void *context,
                                                   struct hanse_error *err);
/* The folder with everything in it, the checkpoint first: what is left of a feed then is no feed. One that is
 * not there is removed already. Errors as above. */
HANSE_MUST_CHECK enum hanse_status hanse_tree_remove(const char *dir, struct hanse_error *err);

#endif
