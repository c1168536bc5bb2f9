/* SPDX-License-Identifier: Apache-2.0 */
/* A record that the node holds, read from its feed's files: the index says where, the files say what, the
 * tile's leaf says that it is so. */
#ifndef HANSE_NODE_HELD_ITEM_H
#define HANSE_NODE_HELD_ITEM_H

#include <hanse/query.h>

#include "node/node_internal.h"
#include "node/uuid.h"

enum { HANSE_FULL_NAME_BYTES = 8 + HANSE_MAX_ORIGIN_BYTES + HANSE_UUID_TEXT_BYTES };

/* The feed whose files are open; records come by feed, so one at a time is enough. All zeroes: none. */
struct hanse_open_feed {
    int64_t id;
    struct hanse_feed_row row;
    struct hanse_feed_store store;
    struct hanse_entry_reader *reader;
};
/* Opens the feed unless it is the open one. HANSE_NOT_FOUND and the errors of hanse_feed_store_open. */
HANSE_MUST_CHECK enum hanse_status hanse_open_feed_use(struct hanse_node *node, struct hanse_open_feed *open,
                                                       int64_t id, const char *origin,
                                                       struct hanse_error *err);
void hanse_open_feed_close(struct hanse_open_feed *open);
#define HANSE_SCOPED_OPEN_FEED __attribute__((cleanup(hanse_open_feed_close)))

/* One record made ready for a visitor; `record` is to be freed, also after a failure. */
struct hanse_held_item {
    struct hanse_item public; /* its texts are here, of the open feed, or constants */
    char id[HANSE_FULL_NAME_BYTES];
    struct hanse_record *record;
    struct hanse_digest leaf;
    struct hanse_digest commitment;
};
/* Errors of hanse_entry_reader_get, hanse_payload_decode and hanse_record_from_bytes, and as above. */
HANSE_MUST_CHECK enum hanse_status hanse_held_item_fill(struct hanse_node *node, struct hanse_open_feed *open,
                                                        const struct hanse_index_record *found,
                                                        struct hanse_held_item *item,
                                                        struct hanse_error *err);
/* The same where another process may have put files in the place of those that are open: then they are opened
 * again. */
HANSE_MUST_CHECK enum hanse_status hanse_held_item_fill_again(struct hanse_node *node,
                                                              struct hanse_open_feed *open,
                                                              const struct hanse_index_record *found,
                                                              struct hanse_held_item *item,
                                                              struct hanse_error *err);

/* "PUBLIC"; "present". */
const char *hanse_audience_name(uint32_t audience);
const char *hanse_payload_state_name(uint32_t state);

#endif
