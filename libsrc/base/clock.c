/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <time.h>

static uint64_t read_ms(clockid_t clock)
{
    struct timespec now = {0};
    (void)clock_gettime(clock, &now);
    return now.tv_sec > 0 ? (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000 : 0;
}

uint64_t hanse_clock_unix_ms(void)
{
    return read_ms(CLOCK_REALTIME);
}

uint64_t hanse_clock_unix_s(void)
{
    return hanse_clock_unix_ms() / 1000;
}

uint64_t hanse_clock_monotonic_ms(void)
{
    return read_ms(CLOCK_MONOTONIC);
}

void hanse_clock_sleep_ms(uint64_t ms)
{
    struct timespec pause = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};
    (void)nanosleep(&pause, NULL);
}
