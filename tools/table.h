/* SPDX-License-Identifier: Apache-2.0 */
/* The options of verbs that read tables: format, kind, map, key, encoding. */
#ifndef HANSE_TOOLS_TABLE_H
#define HANSE_TOOLS_TABLE_H

#include <stdint.h>

#include <hanse/change.h>

struct table {
    const char *format;
    const char *kind;
    const char *map_name;
    const char *key;
    const char *encoding;
    uint8_t *map; /* what the file holds */
    size_t map_size;
};

/* The entries for an args_option table. */
#define TABLE_OPTIONS(table)                                                                                 \
    {"format", "FORMAT", "iati, jsonl or csv; by content if not given", &(table)->format, NULL},             \
        {"kind", "K", "of a table: kind of its records, such as Project", &(table)->kind, NULL},             \
        {"map", "FILE", "of a table: which column goes to which path", &(table)->map_name, NULL},            \
        {"key", "COLUMN", "of a table: column that tells its records apart", &(table)->key, NULL},           \
    {                                                                                                        \
        "encoding", "E", "of CSV, such as CP932 or windows-1252; UTF-8 if not given", &(table)->encoding,    \
            NULL                                                                                             \
    }
enum { TABLE_OPTION_COUNT = 5 };

/* Reads the map's file if one is named. Complains and returns the exit code if that fails, else CLI_DONE. */
int table_load(struct table *table);
void table_release(struct table *table);
void table_apply(const struct table *table, struct hanse_import_options *options);
/* What to do about an input that was refused; NULL: nothing to say. */
const char *table_advice(enum hanse_status status);

#endif
