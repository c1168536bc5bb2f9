/* SPDX-License-Identifier: Apache-2.0 */
/* The map is read here, so that the library gets bytes. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input.h"

enum { MAX_MAP_BYTES = 1 << 20 };

/* What is mistyped is told before a file is opened. */
static bool has_format(const struct table *table)
{
    static const char *const names[] = {"iati", "jsonl", "csv"};
    for (size_t i = 0; table->format != NULL && i < sizeof names / sizeof *names; i++) {
        if (strcmp(table->format, names[i]) == 0) {
            return true;
        }
    }
    return table->format == NULL;
}

int table_load(struct table *table)
{
    if (!has_format(table)) {
        cli_complain(table_advice(HANSE_UNSUPPORTED), "format '%s' is not known", table->format);
        return CLI_FAILED;
    }
    if (table->map_name == NULL) {
        return CLI_DONE;
    }
    return input_read(table->map_name, MAX_MAP_BYTES,
                      "a map has a line for each column; is it the right file?", &table->map,
                      &table->map_size);
}

void table_release(struct table *table)
{
    free(table->map);
    table->map = NULL;
}

void table_apply(const struct table *table, struct hanse_import_options *options)
{
    options->format = table->format;
    options->kind = table->kind;
    options->map = (struct hanse_bytes){table->map, table->map_size};
    options->key = table->key;
    options->encoding = table->encoding;
}

const char *table_advice(enum hanse_status status)
{
    switch (status) {
    case HANSE_INVALID_ARGUMENT:
        return "'hanse help import' and the manual explain maps and the options of tables";
    case HANSE_UNSUPPORTED:
        return "this version reads iati (version 2.03 activities), jsonl and csv; choose with --format";
    default:
        return NULL;
    }
}
