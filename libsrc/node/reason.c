/* SPDX-License-Identifier: Apache-2.0 */
#include "node/reason.h"

#include <string.h>

/* By number; feed.proto says what each means. */
static const char *const names[] = {NULL, "error", "merged", "no-longer", "privacy", "legal"};
enum { REASON_COUNT = sizeof names / sizeof names[0] };

const char *hanse_reason_name(uint32_t reason)
{
    return reason < REASON_COUNT ? names[reason] : NULL;
}

uint32_t hanse_reason_number(const char *name)
{
    for (uint32_t i = 1; i < REASON_COUNT; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return 0;
}
