/* SPDX-License-Identifier: Apache-2.0 */
/* The program: finds the verb and runs it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "output.h"
#include "verbs.h"

/* In the order of a first day's work. */
static const struct verb *const verbs[] = {
    &verb_init,   &verb_key,     &verb_import,  &verb_validate, &verb_put,    &verb_edit,    &verb_withdraw,
    &verb_diff,   &verb_discard, &verb_status,  &verb_publish,  &verb_serve,  &verb_follow,  &verb_unfollow,
    &verb_feeds,  &verb_sync,    &verb_list,    &verb_search,   &verb_show,   &verb_log,     &verb_changes,
    &verb_export, &verb_verify,  &verb_prove,   &verb_report,   &verb_check,  &verb_recover, &verb_copy,
    &verb_inbox,  &verb_confirm, &verb_dispute, &verb_suggest,  &verb_doctor, &verb_codes,   &verb_version,
};
enum { VERB_COUNT = sizeof verbs / sizeof *verbs };

/* Verbs of docs/manual.md that this version has not. */
static const char *const later[] = {
    "erase", "approve", "hub", "push", "join", "attach", "fetch", "audit", "network", "template",
};
enum { LATER_COUNT = sizeof later / sizeof *later };

static void print_usage(FILE *out)
{
    (void)fputs("usage: hanse [-C DIR] [--as ORIGIN] [--json] VERB ...\n\n"
                "Shares signed, verifiable records between cities and their networks.\n\nverbs:\n",
                out);
    for (size_t i = 0; i < VERB_COUNT; i++) {
        (void)fprintf(out, "  %-9s %s\n", verbs[i]->name, verbs[i]->changes);
    }
    (void)fputs(
        "\n'hanse VERB --help' explains a verb. The node is the folder of -C, else $HANSE_NODE, else the "
        "current one.\n",
        out);
}

static const struct verb *find_verb(const char *name)
{
    for (size_t i = 0; i < VERB_COUNT; i++) {
        if (strcmp(verbs[i]->name, name) == 0) {
            return verbs[i];
        }
    }
    return NULL;
}

static bool is_later(const char *name)
{
    for (size_t i = 0; i < LATER_COUNT; i++) {
        if (strcmp(later[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* The verb of either list whose name is nearest, NULL if none is near. */
static const char *nearest_verb(const char *name)
{
    const char *nearest = NULL;
    size_t least = strlen(name) < 4 ? 2 : 3;
    for (size_t i = 0; i < VERB_COUNT + LATER_COUNT; i++) {
        const char *candidate = i < VERB_COUNT ? verbs[i]->name : later[i - VERB_COUNT];
        size_t distance = args_distance(name, candidate);
        if (distance < least) {
            least = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

static int wrong_verb(const char *name)
{
    const char *const list = "'hanse --help' lists what it can do";
    if (is_later(name)) {
        cli_complain(list, "this version does not have the verb '%s' yet", name);
        return CLI_USAGE;
    }
    const char *nearest = nearest_verb(name);
    if (nearest == NULL) {
        cli_complain(list, "there is no verb '%s'", name);
    } else if (is_later(nearest)) {
        cli_complain(list, "there is no verb '%s'; '%s' is one, but this version does not have it yet", name,
                     nearest);
    } else {
        cli_complain(list, "there is no verb '%s'; did you mean '%s'?", name, nearest);
    }
    return CLI_USAGE;
}

/* Runs a verb with its arguments: words[0] is its name. */
static int run_verb(struct cli *cli, int count, char **words)
{
    const struct verb *verb = find_verb(words[0]);
    if (verb == NULL) {
        return wrong_verb(words[0]);
    }
    return output_end(verb->run(cli, count, words));
}

static int help(struct cli *cli, int count, char **words)
{
    char option[] = "--help";
    if (count < 2) {
        print_usage(stdout);
        return output_end(CLI_DONE);
    }
    char *asked[] = {words[1], option, NULL};
    return run_verb(cli, 2, asked);
}

static int usage_error(const char *what, const char *subject)
{
    cli_complain("'hanse --help' shows how to use it", "%s '%s'", what, subject);
    return CLI_USAGE;
}

/* The value of an option at words[*i] that is `name`; NULL if it is another one. *missing: its value is. */
static const char *global_value(char **words, int *i, const char *name, bool *missing)
{
    size_t size = strlen(name);
    if (strncmp(words[*i], name, size) != 0) {
        return NULL;
    }
    if (words[*i][size] == '=' && size > 2) {
        return words[*i] + size + 1;
    }
    if (words[*i][size] != '\0') {
        return NULL;
    }
    *missing = words[*i + 1] == NULL;
    return *missing ? NULL : words[++*i];
}

int main(int argc, char **argv)
{
    const char *from_environment = getenv("HANSE_NODE");
    struct cli cli = {.dir = from_environment != NULL && *from_environment != '\0' ? from_environment : "."};
    /* A finding is written in many pieces, and an import may have one for each of a million records. */
    (void)setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
    int i = 1;
    for (; i < argc && argv[i][0] == '-'; i++) {
        const char *option = argv[i];
        bool missing = false;
        const char *value;
        if (strcmp(option, "--json") == 0) {
            cli.json = true;
        } else if (strcmp(option, "--help") == 0 || strcmp(option, "-h") == 0) {
            return help(&cli, 1, argv);
        } else if (strcmp(option, "--version") == 0) {
            char name[] = "version";
            char *words[] = {name, NULL};
            return run_verb(&cli, 1, words);
        } else if ((value = global_value(argv, &i, "-C", &missing)) != NULL) {
            cli.dir = value;
        } else if (!missing && (value = global_value(argv, &i, "--as", &missing)) != NULL) {
            cli.origin = value;
        } else {
            return usage_error(missing ? "a value must follow" : "unknown option", option);
        }
    }
    if (i == argc) {
        print_usage(stderr);
        return CLI_USAGE;
    }
    if (strcmp(argv[i], "help") == 0) {
        return help(&cli, argc - i, argv + i);
    }
    return run_verb(&cli, argc - i, argv + i);
}
