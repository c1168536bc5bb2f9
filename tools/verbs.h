/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs: each stands in its own file. */
#ifndef HANSE_TOOLS_VERBS_H
#define HANSE_TOOLS_VERBS_H

#include "cli.h"

extern const struct verb verb_doctor;
extern const struct verb verb_changes;
extern const struct verb verb_check;
extern const struct verb verb_codes;
extern const struct verb verb_confirm;
extern const struct verb verb_copy;
extern const struct verb verb_diff;
extern const struct verb verb_discard;
extern const struct verb verb_dispute;
extern const struct verb verb_edit;
extern const struct verb verb_export;
extern const struct verb verb_feeds;
extern const struct verb verb_follow;
extern const struct verb verb_import;
extern const struct verb verb_inbox;
extern const struct verb verb_init;
extern const struct verb verb_key;
extern const struct verb verb_list;
extern const struct verb verb_log;
extern const struct verb verb_prove;
extern const struct verb verb_publish;
extern const struct verb verb_put;
extern const struct verb verb_recover;
extern const struct verb verb_report;
extern const struct verb verb_search;
extern const struct verb verb_serve;
extern const struct verb verb_show;
extern const struct verb verb_status;
extern const struct verb verb_suggest;
extern const struct verb verb_sync;
extern const struct verb verb_unfollow;
extern const struct verb verb_validate;
extern const struct verb verb_verify;
extern const struct verb verb_version;
extern const struct verb verb_withdraw;

#endif
