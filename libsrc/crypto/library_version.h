/* SPDX-License-Identifier: Apache-2.0 */
/* Version of the foreign library behind this folder. */
#ifndef HANSE_CRYPTO_LIBRARY_VERSION_H
#define HANSE_CRYPTO_LIBRARY_VERSION_H

/* Version of OpenSSL in use; static text. */
const char *hanse_crypto_library_version(void);

#endif
