/* SPDX-License-Identifier: Apache-2.0 */
/* A feed as feeds, status and show print it. */
#ifndef HANSE_TOOLS_FEED_OUTPUT_H
#define HANSE_TOOLS_FEED_OUTPUT_H

#include <hanse/mirror.h>

#include "output.h"

/* As an object: `name` as for the functions of output.h. With its mirrors if `node` is not NULL, else without
 * them; false if these cannot be read. */
bool feed_json(struct json *json, const char *name, struct hanse_node *node,
               const struct hanse_feed_info *feed);
/* "2 hours ago (2026-11-24T13:09:57Z)" or "never"; room for 64. */
void feed_moment(uint64_t unix_s, char out[64]);

#endif
