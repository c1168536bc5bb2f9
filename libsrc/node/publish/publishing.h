/* SPDX-License-Identifier: Apache-2.0 */
/* What every publish does, whatever its entries are: they become durable, are read again and judged, then the
 * checkpoint is signed, and its rename is the commit (docs/protocol.md, "Publishing"). Needs the lock. */
#ifndef HANSE_NODE_PUBLISH_PUBLISHING_H
#define HANSE_NODE_PUBLISH_PUBLISHING_H

#include "node/files/entry_batch.h"
#include "node/files/feed_writer.h"
#include "node/node_internal.h"
#include "wire/header.h"

struct hanse_publishing {
    struct hanse_node *node;
    struct hanse_path dir;
    struct hanse_feed_row feed;
    struct hanse_feed_state state; /* before it */
    uint64_t size;                 /* of the feed: before it, and after commit */
    struct hanse_digest root;
    struct hanse_signing_key *key;
    struct hanse_signer signer;
    const struct hanse_signer *next; /* the key that a KEY entry at the end names: it signs too; NULL: none */
    struct hanse_feed_writer writer;
    struct hanse_entry_batch *batch;
    uint64_t staged_upto; /* what was staged up to here is published by it */
};

/* Brings the feed's index up to date and takes its key. HANSE_BAD_SIGNATURE: the key file holds another key
 * than the feed's; HANSE_INVALID_ARGUMENT: the feed has ended; errors of hanse_feed_catch_up and
 * hanse_key_file_read. Released after failure too. */
HANSE_MUST_CHECK enum hanse_status hanse_publishing_init(struct hanse_publishing *it, struct hanse_node *node,
                                                         const char *origin, struct hanse_error *err);
void hanse_publishing_release(struct hanse_publishing *it);
#define HANSE_SCOPED_PUBLISHING __attribute__((cleanup(hanse_publishing_release)))
/* HANSE_BEHIND: the feed's checkpoint is lost, or, unless `offline`, more is known outside the node to have
 * been published; errors of hanse_outside_state_check. */
HANSE_MUST_CHECK enum hanse_status hanse_publishing_check(const struct hanse_publishing *it, bool offline,
                                                          struct hanse_error *err);
/* Opens the feed's files; the first entry of an empty feed names its key. Errors of hanse_feed_writer_open.
 */
HANSE_MUST_CHECK enum hanse_status hanse_publishing_begin(struct hanse_publishing *it,
                                                          struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_publishing_add(struct hanse_publishing *it,
                                                        const struct hanse_header *header,
                                                        struct hanse_bytes payload, struct hanse_error *err);
/* Makes the entries durable, judges them, signs, and shows the checkpoint. HANSE_INVALID_RECORD: an entry
 * would be invalid. After a failure nothing is published, or opening the node ends it. */
HANSE_MUST_CHECK enum hanse_status hanse_publishing_commit(struct hanse_publishing *it,
                                                           struct hanse_error *err);
/* After a failure: what was not signed does not stay; a disk that refuses that now is asked again when the
 * node opens. */
void hanse_publishing_trim(const struct hanse_publishing *it);

#endif
