/* SPDX-License-Identifier: Apache-2.0 */
#include "net/proxy.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "net/response.h"

const char *hanse_proxy_variable(void)
{
    static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0')
            return names[i];
    }
    return NULL;
}

void hanse_proxy_address(char *out, size_t out_size)
{
    const char *variable = hanse_proxy_variable();
    const char *address = variable != NULL ? getenv(variable) : "";
    const char *scheme_end = strstr(address, "://");
    if (scheme_end != NULL)
        address = scheme_end + 3;
    /* The last one: a password may have others. */
    const char *credentials_end = strrchr(address, '@');
    if (credentials_end != NULL)
        address = credentials_end + 1;
    hanse_printable_copy(hanse_bytes_of(address, strcspn(address, "/")), out, out_size);
}
