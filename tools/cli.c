/* SPDX-License-Identifier: Apache-2.0 */
/* Exit codes, complaints, opening the node. */
#include "cli.h"

#include <stdarg.h>
#include <stdio.h>

#include "output.h"

/* How bad an exit code is, for choosing the worst; wrong usage never meets another one. */
static int badness(int code)
{
    switch (code) {
    case CLI_UNVERIFIED:
        return 5;
    case CLI_FAILED:
        return 4;
    case CLI_USAGE:
        return 3;
    case CLI_UNREACHED:
        return 2;
    case CLI_INVALID_INPUT:
        return 1;
    default:
        return 0;
    }
}

int cli_worse(int a, int b)
{
    return badness(a) >= badness(b) ? a : b;
}

int cli_exit_of(enum hanse_status status)
{
    switch (status) {
    case HANSE_OK:
        return CLI_DONE;
    case HANSE_INVALID_ARGUMENT:
        return CLI_USAGE;
    case HANSE_BAD_SIGNATURE:
    case HANSE_MISMATCH:
    case HANSE_INCOMPLETE:
    case HANSE_ROLLBACK:
    case HANSE_FORK:
        return CLI_UNVERIFIED;
    case HANSE_TRUNCATED:
    case HANSE_UNREACHABLE:
        return CLI_UNREACHED;
    default:
        return CLI_FAILED;
    }
}

static const char *usual_advice(enum hanse_status status)
{
    switch (status) {
    case HANSE_LOCKED:
        return "another program is changing this node: try again when it has ended";
    case HANSE_DENIED:
        return "run it as the user who owns the node's folder, or mend the permissions";
    case HANSE_IO:
        return "look at the disk: is it full, or damaged? Then run the command again";
    case HANSE_NO_MEMORY:
        return "free some memory and run the command again: nothing was changed";
    case HANSE_UNSUPPORTED:
        return "install a newer version of hanse";
    case HANSE_BEHIND:
        return "this folder is older than what the feed has published: publish from the newest copy of it";
    case HANSE_BAD_SIGNATURE:
    case HANSE_MISMATCH:
    case HANSE_INCOMPLETE:
    case HANSE_ROLLBACK:
    case HANSE_FORK:
        return "don't use this data; ask who publishes the feed";
    case HANSE_UNREACHABLE:
    case HANSE_TRUNCATED:
        return "look at the address and the network, then try again";
    default:
        return NULL;
    }
}

static void print_advice(const char *advice)
{
    if (advice != NULL) {
        (void)fprintf(stderr, "       %s\n", advice);
    }
}

void cli_complain(const char *advice, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    /* What was printed before comes before, also where both go to one file. */
    (void)fflush(stdout);
    (void)fputs("hanse: ", stderr);
    output_text(stderr, text);
    (void)fputc('\n', stderr);
    print_advice(advice);
}

int cli_fail(const struct hanse_error *err, const char *advice)
{
    cli_complain(advice != NULL ? advice : usual_advice(err->status), "%s", err->message);
    return cli_exit_of(err->status);
}

int cli_fail_reading(const struct hanse_error *err, const char *advice)
{
    if (err->status != HANSE_MALFORMED && err->status != HANSE_TRUNCATED && err->status != HANSE_MISMATCH) {
        return cli_fail(err, advice);
    }
    (void)cli_fail(err, "what is stored here is damaged: 'hanse verify' tells where");
    return CLI_UNVERIFIED;
}

void cli_note(const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    output_text(stderr, text);
    (void)fputc('\n', stderr);
}

const char *cli_as(const char *origin, char out[CLI_AS_BYTES])
{
    out[0] = '\0';
    if (origin != NULL) {
        (void)snprintf(out, CLI_AS_BYTES, "--as %s ", origin);
    }
    return out;
}

int cli_open(const struct cli *cli, struct hanse_node **out)
{
    struct hanse_error err;
    if (hanse_node_open(cli->dir, out, &err) == HANSE_OK) {
        return CLI_DONE;
    }
    /* Where there is no node the library says how to make one. */
    return cli_fail(&err, NULL);
}

void cli_close(struct hanse_node **node)
{
    hanse_node_close(*node);
    *node = NULL;
}

int cli_open_own(const struct cli *cli, struct hanse_node **out, const char **out_origin)
{
    struct hanse_error err;
    int code = cli_open(cli, out);
    if (code != CLI_DONE || hanse_node_own_origin(*out, cli->origin, out_origin, &err) == HANSE_OK) {
        return code;
    }
    return cli_fail(&err, "'hanse feeds' lists the feeds of this node; --as ORIGIN chooses one of your own");
}
