/* SPDX-License-Identifier: Apache-2.0 */
/* Tells which OpenSSL is in use. */
#include "crypto/library_version.h"

#include <openssl/crypto.h>

const char *hanse_crypto_library_version(void)
{
    return OpenSSL_version(OPENSSL_VERSION_STRING);
}
