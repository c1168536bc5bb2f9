/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a small file as a whole. */
#ifndef HANSE_TOOLS_INPUT_H
#define HANSE_TOOLS_INPUT_H

#include <hanse/bytes.h>

/* The whole file, or standard input for "-"; *out is to be freed with free(). Complains and returns the exit
 * code if that fails or the file has more than `max_bytes` (`too_long` is the advice then), else CLI_DONE. */
int input_read(const char *name, size_t max_bytes, const char *too_long, uint8_t **out, size_t *out_size);
/* What messages call it. */
const char *input_name(const char *name);

#endif
