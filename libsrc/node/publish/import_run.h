/* SPDX-License-Identifier: Apache-2.0 */
/* One import as it runs: what the records that it reads come to. */
#ifndef HANSE_NODE_PUBLISH_IMPORT_RUN_H
#define HANSE_NODE_PUBLISH_IMPORT_RUN_H

#include <hanse/change.h>

#include "node/node_internal.h"
#include "record/import.h"
#include "record/line_set.h"

/* "SOURCE-", a name, NUL. */
#define HANSE_KEY_SCHEME_BYTES 80

struct hanse_import_run {
    struct hanse_node *node; /* NULL: nothing is to be staged */
    const struct hanse_import_options *options;
    const struct hanse_feed_row *feed;
    struct hanse_import_result result;
    char scheme[HANSE_KEY_SCHEME_BYTES]; /* of the identifier that knows records again */
    struct hanse_line_set staged;        /* ids of the records that were known by it, and their lines */
    struct hanse_line_set rows;          /* ids of the records that rows of tables named, and their lines */
};

/* A sink that validates and stages, and counts in `result`. It reports what options->report is to know. Ends
 * with what hanse_stage_record fails with, but for faults of a record, which count as invalid. */
struct hanse_import_sink hanse_import_run_sink(struct hanse_import_run *run);

#endif
