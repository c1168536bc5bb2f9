/* SPDX-License-Identifier: Apache-2.0 */
/* What every importer hands over: records, items that gave none, and findings, one call an item of the file.
 */
#ifndef HANSE_RECORD_IMPORT_H
#define HANSE_RECORD_IMPORT_H

#include <hanse/record.h>

/* Where in the file, and as what. */
struct hanse_import_item {
    uint64_t line;   /* the item's first line; the first of a file is 1 */
    uint64_t offset; /* its first byte; HANSE_NO_OFFSET if the format's parser cannot tell */
    /* These live until the call returns; NULL if there is none. */
    const char *id;  /* the name that the file gives it */
    const char *key; /* what its source knows it by, where the import was told which column says so */
    bool unchanged;  /* a row that says what its record says already */
};

struct hanse_import_sink {
    void *context;
    /* `record` is handed over, whatever the call returns: hanse_record_free. It was not validated yet.
     * A status that is not HANSE_OK ends the import with it. */
    enum hanse_status (*record)(void *context, const struct hanse_import_item *item,
                                struct hanse_record *record, struct hanse_error *err);
    /* The item gives no record; the import goes on. NULL: not told. */
    void (*invalid)(void *context, const struct hanse_import_item *item, const struct hanse_error *problem);
    /* Something about the item that somebody should look at. NULL: not told. `path` is a path in the file's
     * own format, or in that of include/hanse/record.h where the finding is about the record made of it. */
    void (*finding)(void *context, const struct hanse_import_item *item, const struct hanse_finding *finding);
    /* The record that a row names by item->id, for the row to change: *out is the sheet's. NULL: it is made
     * anew. `revision` is the one that the row was written from, 0 if it does not say. *out_refused: the row
     * gives no record, which was told. Any other status ends the import. The function may be NULL. */
    enum hanse_status (*base)(void *context, const struct hanse_import_item *item, uint64_t revision,
                              struct hanse_record **out, bool *out_refused, struct hanse_error *err);
};

/* Looks for data of persons in the record, tells sink->finding, and hands the record to sink->record. It is
 * handed over or freed. HANSE_NO_MEMORY, whatever sink->record returns. */
HANSE_MUST_CHECK enum hanse_status hanse_import_hand_over(const struct hanse_import_sink *sink,
                                                          const struct hanse_import_item *item,
                                                          struct hanse_record *record,
                                                          struct hanse_error *err);

#endif
