/* SPDX-License-Identifier: Apache-2.0 */
/* A clock that is wrong: the calls stand before libc's, so that the library and all that it uses see it
 * alike. Times that the kernel writes stay right; the monotonic clock does too. Included by one test program,
 * before any other header. */
#ifndef TESTS_SHIFTED_CLOCK_H
#define TESTS_SHIFTED_CLOCK_H

#define _GNU_SOURCE
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static time_t clock_shift_s; /* added to the wall clock */

int shifted_clock_gettime(clockid_t clock, struct timespec *out) __asm__("clock_gettime");
int shifted_clock_gettime(clockid_t clock, struct timespec *out)
{
    int result = (int)syscall(SYS_clock_gettime, clock, out);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        out->tv_sec += clock_shift_s;
    return result;
}

time_t shifted_time(time_t *out) __asm__("time");
time_t shifted_time(time_t *out)
{
    struct timespec now = {0};
    (void)shifted_clock_gettime(CLOCK_REALTIME, &now);
    if (out != NULL)
        *out = now.tv_sec;
    return now.tv_sec;
}

#endif
