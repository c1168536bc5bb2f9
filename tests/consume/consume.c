/* SPDX-License-Identifier: Apache-2.0 */
/* Uses the installed library from C. */
#include <stdio.h>

#include <hanse/hanse.h>

int main(void)
{
    printf("C: hanse %s, %s\n", hanse_version(), hanse_status_name(HANSE_OK));
    return 0;
}
