/* SPDX-License-Identifier: Apache-2.0 */
#include "record/import.h"

#include "record/personal.h"

struct told {
    const struct hanse_import_sink *sink;
    const struct hanse_import_item *item;
};

static void pass_on(void *context, const struct hanse_finding *finding)
{
    const struct told *told = context;
    told->sink->finding(told->sink->context, told->item, finding);
}

enum hanse_status hanse_import_hand_over(const struct hanse_import_sink *sink,
                                         const struct hanse_import_item *item, struct hanse_record *record,
                                         struct hanse_error *err)
{
    struct told told = {.sink = sink, .item = item};
    enum hanse_status status = HANSE_OK;
    if (sink->finding != NULL)
        status = hanse_personal_scan(record, pass_on, &told, err);
    if (status != HANSE_OK) {
        hanse_record_free(record);
        return status;
    }
    return sink->record(sink->context, item, record, err);
}
