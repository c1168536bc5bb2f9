/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a small file as a whole. */
#include "input.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

const char *input_name(const char *name)
{
    return strcmp(name, "-") == 0 ? "standard input" : name;
}

static int read_stream(FILE *file, const char *name, size_t max_bytes, const char *too_long, uint8_t **out,
                       size_t *out_size)
{
    size_t size = 0;
    size_t capacity = 0;
    uint8_t *data = NULL;
    for (;;) {
        if (size == capacity) {
            capacity = capacity > 0 ? capacity * 2 : 65536;
            uint8_t *grown = realloc(data, capacity);
            if (grown == NULL) {
                free(data);
                cli_complain(NULL, "reading '%s' failed: memory ran out", name);
                return CLI_FAILED;
            }
            data = grown;
        }
        size_t got = fread(data + size, 1, capacity - size, file);
        size += got;
        if (size > max_bytes || got == 0) {
            break;
        }
    }
    if (ferror(file) || size > max_bytes) {
        free(data);
        cli_complain(ferror(file) ? NULL : too_long, "reading '%s' failed: %s", name,
                     ferror(file) ? strerror(errno) : "it is too long");
        return CLI_FAILED;
    }
    *out = data;
    *out_size = size;
    return CLI_DONE;
}

int input_read(const char *name, size_t max_bytes, const char *too_long, uint8_t **out, size_t *out_size)
{
    bool standard = strcmp(name, "-") == 0;
    FILE *file = standard ? stdin : fopen(name, "rb");
    if (file == NULL) {
        cli_complain("name a file that can be read, or - for standard input", "opening '%s' failed: %s", name,
                     strerror(errno));
        return CLI_FAILED;
    }
    int code = read_stream(file, input_name(name), max_bytes, too_long, out, out_size);
    if (!standard) {
        (void)fclose(file);
    }
    return code;
}
