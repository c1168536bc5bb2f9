/* SPDX-License-Identifier: Apache-2.0 */
/* One sync with its lines and its exit code: for sync, and for serve between two waits. */
#ifndef HANSE_TOOLS_SYNC_RUN_H
#define HANSE_TOOLS_SYNC_RUN_H

#include <hanse/sync.h>

#include "cli.h"

#define SYNC_MAX_STALE_S (UINT64_C(7) * 24 * 60 * 60)

struct sync_run {
    const struct cli *cli;
    struct hanse_node *node;
    const char *const *feeds; /* NULL: all */
    size_t feed_count;
    uint64_t max_stale_s;
    bool quiet;         /* no line for a feed that is current, lines on stderr */
    bool (*stop)(void); /* as in progress.h */
};

/* Returns the exit code. */
int sync_run(const struct sync_run *run);

/* hanse_recover with the same lines; `visit`, `progress` and `context` of the options are set here. */
int sync_run_recover(const struct sync_run *run, const struct hanse_recover_options *options);

#endif
