/* SPDX-License-Identifier: Apache-2.0 */
/* private/config: one "key = value" a line, "#" begins a comment. Known keys: own-feed (repeated; the first
 * is served at
 * "/"). Unknown keys are refused, so that a misspelt one is noticed. */
#ifndef HANSE_NODE_CONFIG_H
#define HANSE_NODE_CONFIG_H

#include "node/node_internal.h"

/* Fills node->own_origins and node->state_dir from a text; `path` is for messages. What was set before a
 * failure stays, to be freed with the node. HANSE_MALFORMED with the line, HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_config_parse(struct hanse_node *node, struct hanse_bytes text,
                                                      const char *path, struct hanse_error *err);
/* The same from the node's file. HANSE_MALFORMED with the line, HANSE_LIMIT, HANSE_IO, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_config_read(struct hanse_node *node, struct hanse_error *err);
/* Adds an own feed to the node and its file, durable; the file is left as it is but for the line. Needs the
 * lock. HANSE_LIMIT: 256 own feeds, or a file that is too long; HANSE_MALFORMED, HANSE_IO, HANSE_DENIED,
 * HANSE_NO_MEMORY; the node is unchanged then. */
HANSE_MUST_CHECK enum hanse_status hanse_config_add(struct hanse_node *node, const char *origin,
                                                    struct hanse_error *err);
/* Writes the configuration of a new node. */
HANSE_MUST_CHECK enum hanse_status hanse_config_write(const char *node_dir, const char *origin,
                                                      struct hanse_error *err);

#endif
