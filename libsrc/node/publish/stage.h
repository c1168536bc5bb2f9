/* SPDX-License-Identifier: Apache-2.0 */
/* Staging a record in an own feed: which record it is the next revision of, and whether anything changed. */
#ifndef HANSE_NODE_PUBLISH_STAGE_H
#define HANSE_NODE_PUBLISH_STAGE_H

#include <hanse/change.h>

#include "node/node_internal.h"

/* The lock, the row of the own feed `origin` and a staging transaction: what staging needs. The caller closes
 * the lock, releases the row and ends the transaction. HANSE_LOCKED, HANSE_NOT_FOUND, HANSE_IO,
 * HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_stage_begin(struct hanse_node *node, const char *origin,
                                                     struct hanse_file *lock, struct hanse_feed_row *feed,
                                                     struct hanse_error *err);
/* Stages a record that the caller has validated, after hanse_stage_begin. Arguments and other errors as
 * hanse_stage_put; out_record_id gets 16 bytes. */
HANSE_MUST_CHECK enum hanse_status hanse_stage_record(struct hanse_node *node,
                                                      const struct hanse_feed_row *feed,
                                                      const uint8_t *record_id, struct hanse_record *record,
                                                      enum hanse_stage_outcome *out_outcome,
                                                      uint8_t out_record_id[16], struct hanse_error *err);
/* The own record of the same kind whose next revision a record is: the one that carries the identifier, else
 * one that carries another of its identifiers, else one with the same content. After hanse_stage_begin.
 * HANSE_IO, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_stage_identify(struct hanse_node *node,
                                                        const struct hanse_feed_row *feed, const char *scheme,
                                                        const char *value, struct hanse_record *record,
                                                        uint8_t out_record_id[16], bool *out_found,
                                                        struct hanse_error *err);
/* Stages the withdrawal of a published record that is current, in the place of what is staged of it. After
 * hanse_stage_begin. HANSE_IO, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_stage_withdrawal(struct hanse_node *node,
                                                          const struct hanse_feed_row *feed,
                                                          const struct hanse_index_record *published,
                                                          uint32_t reason, struct hanse_error *err);
/* 16 bytes from a UUIDv7 text or from the full name `hanse:<origin>/<uuid>` of this feed; false if it is
 * neither. */
bool hanse_stage_parse_id(const char *origin, const char *text, uint8_t out[16]);
/* `hanse:<origin>/<uuid>`, the caller's: hanse_free. HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_stage_full_name(const char *origin, const uint8_t id[16], char **out,
                                                         struct hanse_error *err);

#endif
