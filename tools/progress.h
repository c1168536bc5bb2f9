/* SPDX-License-Identifier: Apache-2.0 */
/* A progress bar on a terminal; nothing when stderr is piped. */
#ifndef HANSE_TOOLS_PROGRESS_H
#define HANSE_TOOLS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool shown;           /* stderr is a terminal */
    bool drawn;           /* a bar stands on the current line */
    uint64_t total_bytes; /* what the caller knows of the size of its input; 0: nothing */
    int64_t last_ms;      /* when the bar was drawn */
    bool (*stop)(void);   /* asked at each call; true cancels; NULL ok */
};

void progress_start(struct progress *progress);
/* A hanse_progress; context is a struct progress. */
bool progress_tell(void *context, const char *what, uint64_t done, uint64_t total, const char *unit);
/* Wipes the bar, so that a line can be printed. */
void progress_clear(struct progress *progress);

#endif
