/* SPDX-License-Identifier: Apache-2.0 */
/* Staged changes, as put, edit, withdraw, diff and discard print them. */
#ifndef HANSE_TOOLS_CHANGE_OUTPUT_H
#define HANSE_TOOLS_CHANGE_OUTPUT_H

#include <hanse/staged.h>

#include "cli.h"
#include "output.h"

/* Lines "  ~ path: old -> new", "  + path: new", "  - path: old". HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status change_print_diff(const struct hanse_record *old_record,
                                                     const struct hanse_record *new_record,
                                                     struct hanse_error *err);
/* The same as an array "changes" of {"path", "old", "new"}. */
HANSE_MUST_CHECK enum hanse_status change_json_diff(struct json *json, const struct hanse_record *old_record,
                                                    const struct hanse_record *new_record,
                                                    struct hanse_error *err);
/* "Project hanse:...  Title" in one line. HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status change_print_name(const struct hanse_staged *change,
                                                     struct hanse_error *err);
/* "staged", "unchanged", "replaced". */
const char *change_outcome(enum hanse_stage_outcome outcome);
/* The end of what a verb says that staged a change of `id`: how to undo it, what comes next. On stderr. */
void change_print_next(const struct cli *cli, const char *id);

#endif
