/* SPDX-License-Identifier: Apache-2.0 */
/* Names of records that are near to one that was mistyped, for the message that says so. */
#ifndef HANSE_NODE_NEAR_NAME_H
#define HANSE_NODE_NEAR_NAME_H

#include "node/node_internal.h"

enum { HANSE_NEAR_NAME_BYTES = 128 };

/* At most two ids that begin nearly with these digits, joined by " or "; empty if none does. `origin` NULL:
 * of any feed; else its staged records too. Errors of index and staging. */
HANSE_MUST_CHECK enum hanse_status hanse_near_ids(struct hanse_node *node, const char *origin,
                                                  const char *digits, char out[HANSE_NEAR_NAME_BYTES],
                                                  struct hanse_error *err);
/* At most two codes that are nearly this one. Errors of the index. */
HANSE_MUST_CHECK enum hanse_status hanse_near_codes(struct hanse_node *node, const char *scheme,
                                                    const char *value, char out[HANSE_NEAR_NAME_BYTES],
                                                    struct hanse_error *err);

#endif
