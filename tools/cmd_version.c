/* SPDX-License-Identifier: Apache-2.0 */
/* hanse version: what this program is made of. */
#include <hanse/version.h>

#include "args.h"
#include "output.h"
#include "verbs.h"

static void print_json(void)
{
    struct json json = {.out = stdout};
    const char *name;
    const char *version;
    json_open(&json, NULL, '{');
    json_text(&json, "version", hanse_version());
    json_text(&json, "protocol", hanse_protocol_version());
    json_open(&json, "libraries", '[');
    for (size_t i = 0; hanse_library_version(i, &name, &version); i++) {
        json_open(&json, NULL, '{');
        json_text(&json, "name", name);
        json_text(&json, "version", version);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_end(&json);
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct args args = {.verb = &verb_version};
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    if (cli->json) {
        print_json();
        return CLI_DONE;
    }
    const char *name;
    const char *version;
    (void)printf("hanse %s\nprotocol %s\n", hanse_version(), hanse_protocol_version());
    for (size_t i = 0; hanse_library_version(i, &name, &version); i++) {
        output_field(stdout, name, version);
    }
    return CLI_DONE;
}

const struct verb verb_version = {
    .name = "version",
    .changes = "prints the versions of program, protocol and libraries; changes nothing",
    .synopsis = "",
    .help = NULL,
    .run = run,
};
