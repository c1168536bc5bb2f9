/* SPDX-License-Identifier: Apache-2.0 */
/* What a proof shows, as check, verify and prove print it. */
#ifndef HANSE_TOOLS_PROOF_OUTPUT_H
#define HANSE_TOOLS_PROOF_OUTPUT_H

#include <hanse/proof.h>

#include "cli.h"
#include "output.h"

/* Fields of the proven record, into an open object. */
HANSE_MUST_CHECK enum hanse_status proof_json_record(struct json *json, const struct hanse_proof_facts *facts,
                                                     struct hanse_error *err);
/* Checks a file ("-": standard input) with the key, which the user may have forgotten to give, and prints
 * what it proves, or complains. Returns the exit code. */
int proof_check_file(const struct cli *cli, const char *name, const char *key);

#endif
