/* SPDX-License-Identifier: Apache-2.0 */
/* One line of stderr, drawn at most ten times a second. */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "output.h"

enum { BAR_COLUMNS = 30, EVERY_MS = 100 };

static int64_t now_ms(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void progress_start(struct progress *progress)
{
    *progress = (struct progress){.shown = isatty(STDERR_FILENO) == 1, .last_ms = now_ms()};
}

void progress_clear(struct progress *progress)
{
    if (progress->drawn) {
        (void)fputs("\r\033[K", stderr);
        (void)fflush(stderr);
        progress->drawn = false;
    }
}

static void draw(const char *what, uint64_t done, uint64_t total, const char *unit)
{
    char amount[32];
    (void)snprintf(amount, sizeof amount, "%" PRIu64 " %s", done, unit);
    if (strcmp(unit, "bytes") == 0) {
        output_bytes(done, amount);
    }
    (void)fputs("\r\033[K", stderr);
    output_column(stderr, what, 28, true);
    if (total == 0) {
        (void)fprintf(stderr, " %s", amount);
        return;
    }
    double share = done >= total ? 1.0 : (double)done / (double)total;
    (void)fputs(" [", stderr);
    for (int i = 0; i < BAR_COLUMNS; i++) {
        (void)fputc(share * BAR_COLUMNS >= i + 1 ? '#' : '.', stderr);
    }
    (void)fprintf(stderr, "] %3.0f %%  %s", share * 100, amount);
}

bool progress_tell(void *context, const char *what, uint64_t done, uint64_t total, const char *unit)
{
    struct progress *progress = context;
    int64_t now = now_ms();
    if (progress->shown && now - progress->last_ms >= EVERY_MS) {
        if (total == 0 && strcmp(unit, "bytes") == 0) {
            total = progress->total_bytes;
        }
        draw(what, done, total, unit);
        (void)fflush(stderr);
        progress->last_ms = now;
        progress->drawn = true;
    }
    return progress->stop == NULL || !progress->stop();
}
