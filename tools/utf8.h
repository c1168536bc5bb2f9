/* SPDX-License-Identifier: Apache-2.0 */
/* Characters in UTF-8, as far as printing needs to know them; independent of the locale. */
#ifndef HANSE_TOOLS_UTF8_H
#define HANSE_TOOLS_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the first character (RFC 3629), 0 if they are not well-formed; *out is then untouched. */
size_t utf8_next(const char *text, uint32_t *out);
/* Columns of a terminal that it takes: 0 (combining), 1 or 2 (East Asian wide). */
size_t utf8_columns(uint32_t scalar);
/* Whether it could steer a terminal or turn the direction of the text. */
bool utf8_steers(uint32_t scalar);

#endif
