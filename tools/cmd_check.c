/* SPDX-License-Identifier: Apache-2.0 */
/* hanse check: judges a proof file with a key alone. */
#include <stdlib.h>

#include "args.h"
#include "input.h"
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
    if (key == NULL) {
        cli_complain(
            "a proof shows what a key signed, so the key must come from elsewhere: give the line that\n"
            "       'hanse key show' prints at the feed's owner, or the \"key\" of 'hanse feeds --json' "
            "where it is followed",
            "--key is missing");
        return CLI_USAGE;
    }
    const char *name = args.found[0];
    uint8_t *data = NULL;
    size_t size = 0;
    code = input_read(name, HANSE_PROOF_BYTES, "no proof is as long as this file", &data, &size);
    if (code == CLI_DONE) {
        code = proof_check(cli, (struct hanse_bytes){.data = data, .size = size}, input_name(name), key);
    }
    free(data);
    return code;
}

const struct verb verb_check = {
    .name = "check",
    .changes = "checks a proof file with a key, without network and node; changes nothing",
    .synopsis = "FILE|- --key VKEY",
    .help = "FILE is what 'hanse prove' wrote. A key that the feed has replaced since will do: the file "
            "leads from\n"
            "it to the new one. What is proven: the key's owner published this record under this name. Not\n"
            "proven: that it is still current. Exit code 3: the file proves nothing.",
    .run = run,
};
