/* SPDX-License-Identifier: Apache-2.0 */
/* What a node published last, kept outside its folder: a folder that is behind it is a restored backup or a
 * second copy, and must not sign other entries under the same sizes. One file a feed, <state dir>/<hex
 * H(origin LF verifier key)>:
 *
 *   hanse state 1
 *   <origin>
 *   <size>
 *   <root in base64>
 *
 * The state dir is `state-dir` of private/config, else $XDG_STATE_HOME/hanse, else $HOME/.local/state/hanse,
 * else /var/lib/hanse. */
#ifndef HANSE_NODE_OUTSIDE_STATE_H
#define HANSE_NODE_OUTSIDE_STATE_H

#include "node/node_internal.h"

struct hanse_outside_state {
    uint64_t size;
    struct hanse_digest root;
};

/* The state dir; it need not exist. HANSE_LIMIT. */
HANSE_MUST_CHECK enum hanse_status hanse_outside_state_dir(const struct hanse_node *node,
                                                           struct hanse_path *out, struct hanse_error *err);
/* HANSE_NOT_FOUND: nothing was ever published from here; HANSE_MALFORMED, HANSE_IO, HANSE_DENIED. */
HANSE_MUST_CHECK enum hanse_status hanse_outside_state_read(const struct hanse_node *node, const char *origin,
                                                            const uint8_t key[33],
                                                            struct hanse_outside_state *out,
                                                            struct hanse_error *err);
/* Durable when it returns. HANSE_IO, HANSE_DENIED, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_outside_state_write(const struct hanse_node *node,
                                                             const char *origin, const uint8_t key[33],
                                                             const struct hanse_outside_state *state,
                                                             struct hanse_error *err);
/* The same unless a size as large is known there already: what was published is never forgotten. */
HANSE_MUST_CHECK enum hanse_status hanse_outside_state_raise(const struct hanse_node *node,
                                                             const char *origin, const uint8_t key[33],
                                                             const struct hanse_outside_state *state,
                                                             struct hanse_error *err);
/* Whether a feed at `size` and `root` may go on. HANSE_BEHIND: it is behind or beside what was published
 * before, or nothing outside says that it is not (a feed with entries and no state file), with what to do in
 * the message. */
HANSE_MUST_CHECK enum hanse_status hanse_outside_state_check(const struct hanse_node *node,
                                                             const char *origin, const uint8_t key[33],
                                                             uint64_t size, const struct hanse_digest *root,
                                                             struct hanse_error *err);

#endif
