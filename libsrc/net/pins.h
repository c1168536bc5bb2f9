/* SPDX-License-Identifier: Apache-2.0 */
/* The TLS pins that a follower holds for a server. */
#ifndef HANSE_NET_PINS_H
#define HANSE_NET_PINS_H

#include <hanse/status.h>

#define HANSE_MAX_PINS 2

/* One or two "sha256//" pins of 44 base64 characters, joined by ";". The HTTP library takes a misspelt pin
 * for one that no server has: it is refused where it is entered. HANSE_INVALID_ARGUMENT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_pins_check(const char *pins, struct hanse_error *err);

#endif
