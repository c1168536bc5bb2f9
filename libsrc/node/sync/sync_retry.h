/* SPDX-License-Identifier: Apache-2.0 */
/* Requests that fail for a reason that may pass are made again: after a random time up to a bound that
 * doubles (exponential back-off with full jitter), or after what the server asks for, a bounded number of
 * times and within a bounded time. */
#ifndef HANSE_NODE_SYNC_SYNC_RETRY_H
#define HANSE_NODE_SYNC_SYNC_RETRY_H

#include "node/sync/sync_job.h"

/* True: the request that failed will be made again by calling job->again. Otherwise *told is the result with
 * what there is to say of attempts and of the server's wish in its message. */
bool sync_retry_later(struct sync_job *job, const struct hanse_fetch_result *result,
                      struct hanse_fetch_result *told);
/* Makes again what is due. Returns the milliseconds until the next one is, UINT64_MAX if none waits. */
uint64_t sync_retry_run_due(struct sync_run *run);
/* HANSE_UNREACHABLE: the feed has used up its time, or others wait for its place for too long. */
HANSE_MUST_CHECK enum hanse_status sync_retry_check_time(const struct sync_job *job, struct hanse_error *err);

#endif
