/* SPDX-License-Identifier: Apache-2.0 */
/* What all verbs share: where the node is, how a verb looks, exit codes, complaints on stderr. */
#ifndef HANSE_TOOLS_CLI_H
#define HANSE_TOOLS_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include <hanse/node.h>

/* As docs/manual.md lists them; the worst wins: 3, then 1, 4, 5. */
enum cli_exit {
    CLI_DONE = 0,
    CLI_FAILED = 1,
    CLI_USAGE = 2,
    CLI_UNVERIFIED = 3,
    CLI_UNREACHED = 4,
    CLI_INVALID_INPUT = 5
};

/* What stands before the verb, or comes from the environment. */
struct cli {
    const char *dir;    /* the node's folder */
    const char *origin; /* own feed to work on; NULL: the first */
    bool json;
};

struct args_option;

struct verb {
    const char *name;
    const char *changes;  /* first line of its help: what it changes and what it doesn't */
    const char *synopsis; /* what may follow the name */
    const char *help;     /* the rest of its help; NULL: nothing more */
    int (*run)(struct cli *cli, int argc, char **argv);
};

/* The worse of two exit codes. */
int cli_worse(int a, int b);
/* The exit code of a status, where a verb has no better one. */
int cli_exit_of(enum hanse_status status);

/* One complaint on stderr and, on the line below, what to do next (NULL: nothing better is known). */
void cli_complain(const char *advice, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same for an error of the library. advice NULL: the usual one for its status. Returns its exit code. */
int cli_fail(const struct hanse_error *err, const char *advice);
/* The same for records read from what is stored: bytes that break off or cannot be read are as little
 * verified as altered ones. */
int cli_fail_reading(const struct hanse_error *err, const char *advice);
/* A remark on stderr that is no failure. */
void cli_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "--as ORIGIN " for a command that is proposed, where an own feed was chosen; "" for NULL. */
#define CLI_AS_BYTES 160
const char *cli_as(const char *origin, char out[CLI_AS_BYTES]);

/* Opens the node of `cli`; complains and gives the exit code if that fails, else CLI_DONE. */
int cli_open(const struct cli *cli, struct hanse_node **out);
void cli_close(struct hanse_node **node);
#define CLI_SCOPED_NODE __attribute__((cleanup(cli_close)))

/* The same, with the origin of the own feed to work on, the node's text; complains if there is none, too. */
int cli_open_own(const struct cli *cli, struct hanse_node **out, const char **out_origin);

#endif
