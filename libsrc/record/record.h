/* SPDX-License-Identifier: Apache-2.0 */
/* What a record is inside of record/ and its folders. */
#ifndef HANSE_RECORD_RECORD_H
#define HANSE_RECORD_RECORD_H

#include <hanse/record.h>

#include "wire/message.h"

/* The smallest field number of hanse.v1.Record that is a body and so a kind number. */
#define HANSE_FIRST_KIND 16u

struct hanse_record {
    struct hanse_message *message;
    uint32_t kind;
    struct hanse_buffer encoded; /* what hanse_record_bytes handed out last; empty after a change */
};

/* Takes the message over, on failure too, and finds its body. HANSE_MALFORMED: none or more than one;
 * HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_record_wrap(struct hanse_message *message, struct hanse_record **out,
                                                     struct hanse_error *err);
/* HANSE_NOT_FOUND for the name of no kind, with the name that may be meant. */
enum hanse_status hanse_kind_fail(const char *name, struct hanse_error *err);
/* Every change of content ends with this: bytes that were received or handed out no longer hold. */
void hanse_record_changed(struct hanse_record *record);

#endif
