/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a verb's arguments by a table, and its help, which is made from the same table. */
#ifndef HANSE_TOOLS_ARGS_H
#define HANSE_TOOLS_ARGS_H

#include <stdint.h>

#include "cli.h"

/* An option: `text` or `flag` gets what was given. Neither: the option belongs to the manual but not to this
 * version, and whoever uses it is told so. */
struct args_option {
    const char *name;  /* without the hyphens */
    const char *value; /* what its value is called; NULL: it takes none */
    const char *help;
    const char **text;
    bool *flag;
};

struct args {
    const struct verb *verb;
    const struct args_option *options;
    size_t option_count;
    size_t least; /* positional arguments */
    size_t most;
    const char **found; /* positional arguments, the views of argv; has room for argc */
    size_t found_count;
    bool hyphened; /* a word with one hyphen before it is an argument like any other, but for -h */
};

/* Reads argv[1..]; --json and --as go to `cli`. True: run the verb. False: *out_exit is to be returned, help
 * or a complaint was printed. Positional arguments are moved to the front of argv, where `found` points. */
bool args_read(struct args *args, struct cli *cli, int argc, char **argv, int *out_exit);

/* Takes every "--name VALUE" and "--name=VALUE" out of argv[1..*argc - 1] up to "--", for options that may
 * stand more than once; their values go to `values` (room for *argc), their number is returned. One without
 * its value stays for args_read to complain about. */
size_t args_take_all(int *argc, char **argv, const char *name, const char **values);

/* "90", "90s", "5m", "12h", "7d" in seconds; false if it is none of that. */
bool args_duration(const char *text, uint64_t *out_s);
/* "90", "500k", "20M", "2G", "1T" (powers of 1,000), from 1 to 2^63 - 1; false if it is none of that. */
bool args_amount(const char *text, uint64_t *out);
/* "2026-11-24" (midnight UTC) or "2026-11-24T13:09:57Z"; false if it is none of that. */
bool args_date(const char *text, uint64_t *out_unix_s);
/* The '=' between path and value of "PATH=VALUE"; selectors in brackets may have one of their own. NULL:
 * none.
 */
const char *args_find_equals(const char *text);
/* Levenshtein distance of two short words, for finding the meant one. */
size_t args_distance(const char *a, const char *b);

#endif
