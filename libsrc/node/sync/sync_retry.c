/* SPDX-License-Identifier: Apache-2.0 */
#include "node/sync/sync_retry.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "crypto/random.h"
#include "node/sync/sync_source.h"

enum {
    DEFAULT_ATTEMPTS = 4,
    MAX_ATTEMPTS_BESIDE_OTHERS = 2,
    DEFAULT_RETRY_WAIT_S = 60,
    DEFAULT_FEED_TIMEOUT_S = 6 * 60 * 60,
    DEFAULT_PLACE_TIMEOUT_S = 5 * 60,
    FIRST_WAIT_MS = 500,
    MAX_WAIT_MS = 30000
};

static uint64_t or_default(uint32_t value, uint64_t otherwise)
{
    return value > 0 ? value : otherwise;
}

/* From 0 to `most`: many followers of one server that came back must not ask at once. */
static uint64_t jitter(uint64_t most)
{
    uint64_t random = 0;
    if (hanse_random_fill((uint8_t *)&random, sizeof random, NULL) != HANSE_OK)
        return most;
    return random % (most + 1);
}

/* Where another source is left it is asked instead of waiting long for this one: no wait that a server wants,
 * and one attempt more. */
static unsigned max_attempts(const struct sync_job *job, const struct hanse_fetch_result *result)
{
    unsigned most = (unsigned)or_default(job->run->options->attempts, DEFAULT_ATTEMPTS);
    if (!sync_source_has_next(job))
        return most;
    unsigned few = result->retry_after_s > 0 ? 1 : MAX_ATTEMPTS_BESIDE_OTHERS;
    return most < few ? most : few;
}

static uint64_t choose_wait(const struct sync_job *job, const struct hanse_fetch_result *result)
{
    uint64_t most = FIRST_WAIT_MS;
    for (unsigned i = 1; i < job->attempts && most < MAX_WAIT_MS; i++)
        most *= 2;
    if (most > MAX_WAIT_MS)
        most = MAX_WAIT_MS;
    if (result->retry_after_s > UINT32_MAX)
        return UINT64_MAX / 2;
    return result->retry_after_s > 0 ? result->retry_after_s * 1000 + jitter(FIRST_WAIT_MS) : jitter(most);
}

/* What there is to say besides the error itself. */
static void add_to_message(struct hanse_fetch_result *told, unsigned attempts)
{
    size_t used = strlen(told->error.message);
    size_t room = sizeof told->error.message - used;
    if (attempts > 1)
        (void)snprintf(told->error.message + used, room, " (%u attempts)", attempts);
    used = strlen(told->error.message);
    room = sizeof told->error.message - used;
    if (told->retry_after_s > 0)
        (void)snprintf(told->error.message + used, room, "; it asks to wait %" PRIu64 " seconds",
                       told->retry_after_s);
}

bool sync_retry_later(struct sync_job *job, const struct hanse_fetch_result *result,
                      struct hanse_fetch_result *told)
{
    const struct hanse_sync_options *options = job->run->options;
    *told = *result;
    job->attempts++;
    bool may = result->error.status != HANSE_OK && result->transient && !job->run->cancelled;
    if (may && job->attempts < max_attempts(job, result)) {
        uint64_t wait = choose_wait(job, result);
        uint64_t most = or_default(options->retry_wait_s, DEFAULT_RETRY_WAIT_S) * 1000;
        if (wait <= most - job->waited_ms && sync_retry_check_time(job, NULL) == HANSE_OK) {
            job->waited_ms += wait;
            job->retry_at_ms = hanse_clock_monotonic_ms() + wait;
            return true;
        }
    }
    if (may)
        add_to_message(told, job->attempts);
    job->attempts = 0;
    return false;
}

uint64_t sync_retry_run_due(struct sync_run *run)
{
    uint64_t now = hanse_clock_monotonic_ms();
    uint64_t next = UINT64_MAX;
    for (size_t i = 0; i < SYNC_MAX_RUNNING; i++) {
        struct sync_job *job = run->jobs[i];
        if (job == NULL || job->retry_at_ms == 0)
            continue;
        if (job->retry_at_ms > now) {
            next = job->retry_at_ms - now < next ? job->retry_at_ms - now : next;
            continue;
        }
        job->retry_at_ms = 0;
        job->again(job);
        next = 0;
    }
    return next;
}

enum hanse_status sync_retry_check_time(const struct sync_job *job, struct hanse_error *err)
{
    const struct hanse_sync_options *options = job->run->options;
    uint64_t now = hanse_clock_monotonic_ms();
    uint64_t most_s = or_default(options->feed_timeout_s, DEFAULT_FEED_TIMEOUT_S);
    /* Each source has its share: one that dawdles leaves time for the next. */
    most_s = (most_s + job->source_count - 1) / job->source_count;
    if (now - job->started_ms > most_s * 1000)
        return hanse_fail(err, HANSE_UNREACHABLE,
                          "source takes longer than the %" PRIu64 " seconds that one feed may take", most_s);
    most_s = or_default(options->place_timeout_s, DEFAULT_PLACE_TIMEOUT_S);
    if (job->has_place && job->run->waiting != NULL && now - job->placed_ms > most_s * 1000)
        return hanse_fail(err, HANSE_UNREACHABLE,
                          "source takes longer than the %" PRIu64
                          " seconds for which others wait; what came is kept for the next sync",
                          most_s);
    return HANSE_OK;
}
