/* SPDX-License-Identifier: Apache-2.0 */
/* What a sync that was cut off leaves for the next one: private/partial/<hex H(origin)>, the manifest of the
 * feed's segment files with the entries beyond the verified size. They are provisional: judged again, from
 * their bytes, before they are used. */
#ifndef HANSE_NODE_SYNC_SYNC_PARTIAL_H
#define HANSE_NODE_SYNC_SYNC_PARTIAL_H

#include "node/sync/sync_job.h"

/* Remembers what the job's writer holds; what cannot be remembered is fetched again. */
void sync_partial_save(struct sync_job *job);
/* Opens writer and verifier with what an earlier sync left and forgets it. False if there is nothing that can
 * be used: then both are closed. */
bool sync_partial_resume(struct sync_job *job, hanse_verifier_sink *sink);

#endif
