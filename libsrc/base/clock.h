/* SPDX-License-Identifier: Apache-2.0 */
/* Wall and monotonic time. Only node/, net/, serve/ and tools read it; lower layers are given times. */
#ifndef HANSE_BASE_CLOCK_H
#define HANSE_BASE_CLOCK_H

#include <stdint.h>

uint64_t hanse_clock_unix_s(void);
uint64_t hanse_clock_unix_ms(void);
/* From an arbitrary start, never backwards. */
uint64_t hanse_clock_monotonic_ms(void);
/* At least so long, unless a signal comes. */
void hanse_clock_sleep_ms(uint64_t ms);

#endif
