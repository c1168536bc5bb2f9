/* SPDX-License-Identifier: Apache-2.0 */
/* What confirm, dispute and suggest share: a reply to another's record is staged, and told. */
#ifndef HANSE_TOOLS_REPLY_RUN_H
#define HANSE_TOOLS_REPLY_RUN_H

#include <hanse/reply.h>

#include "cli.h"

typedef enum hanse_status reply_make(struct hanse_node *node, const struct hanse_reply_options *options,
                                     struct hanse_reply_result *out, struct hanse_error *err);
/* `done` is what was done: "confirmed". The origin of the options is set here. Returns the exit code. */
int reply_run(const struct cli *cli, reply_make *make, struct hanse_reply_options *options, const char *done);

#endif
