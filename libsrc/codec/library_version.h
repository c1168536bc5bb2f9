/* SPDX-License-Identifier: Apache-2.0 */
/* Version of the foreign library behind this folder. */
#ifndef HANSE_CODEC_LIBRARY_VERSION_H
#define HANSE_CODEC_LIBRARY_VERSION_H

/* Version of zlib in use; static text. */
const char *hanse_codec_library_version(void);

#endif
