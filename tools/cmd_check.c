/* SPDX-License-Identifier: Apache-2.0 */
/* hanse check: judges a proof file with a key alone. */
#include "args.h"
#include "proof_output.h"
#include "verbs.h"

static int run(struct cli *cli, int argc, char **argv)
{
    const char *key = NULL;
    const struct args_option options[] = {
        {"key", "VKEY", "the feed's key, as 'hanse key show' prints it at its owner", &key, NULL},
    };
    struct args args = {.verb = &verb_check, .options = options, .option_count = 1, .least = 1, .most = 1};
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    return proof_check_file(cli, args.found[0], key);
}

const struct verb verb_check = {
    .name = "check",
    .changes = "checks a proof file with a key, without network and node; changes nothing",
    .synopsis = "FILE|- --key VKEY",
    .help = "FILE is what 'hanse prove' wrote, or evidence of a fork that a sync kept in private/evidence. A "
            "key that the feed has replaced since will do: the file "
            "leads from\n"
            "it to the new one. What is proven: the key's owner published this record under this name. Not\n"
            "proven: that it is still current. Exit code 3: the file proves nothing, or it proves a fork.",
    .run = run,
};
