/* SPDX-License-Identifier: Apache-2.0 */
/* Syncs and prints one line a feed; the worst outcome gives the exit code. */
#include "sync_run.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "output.h"
#include "progress.h"

struct sync_state {
    const struct sync_run *run;
    struct progress progress;
    uint64_t count;
    int code;
};

static void print_json(FILE *out, const struct hanse_sync_result *result)
{
    struct json json = {.out = out};
    json_open(&json, NULL, '{');
    json_text(&json, "feed", result->origin);
    json_number(&json, "old_size", result->old_size);
    json_number(&json, "new_size", result->new_size);
    json_number(&json, "bytes", result->bytes);
    json_number(&json, "requests", result->requests);
    json_text(&json, "result", hanse_sync_outcome_name(result->outcome));
    json_text(&json, "message", result->message);
    json_text(&json, "source", result->source_count > 0 ? result->sources[result->source].url : NULL);
    json_open(&json, "sources", '[');
    for (size_t i = 0; i < result->source_count; i++) {
        json_open(&json, NULL, '{');
        json_text(&json, "url", result->sources[i].url);
        json_text(&json, "result", hanse_sync_outcome_name(result->sources[i].outcome));
        json_text(&json, "message", result->sources[i].message);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_end(&json);
}

static void print_text(FILE *out, const struct hanse_sync_result *result)
{
    char bytes[16];
    output_bytes(result->bytes, bytes);
    output_column(out, result->origin, 36, true);
    (void)fprintf(out, " %-13s ", hanse_sync_outcome_name(result->outcome));
    if (result->new_size != result->old_size) {
        (void)fprintf(out, "%" PRIu64 " -> ", result->old_size);
    }
    (void)fprintf(out, "%" PRIu64 " entries, %s in %" PRIu64 " request%s\n", result->new_size, bytes,
                  result->requests, result->requests == 1 ? "" : "s");
}

static bool within(uint64_t last_success_unix_s, uint64_t max_stale_s)
{
    time_t now = time(NULL);
    return last_success_unix_s != 0 && now > 0 &&
           ((uint64_t)now <= last_success_unix_s || (uint64_t)now - last_success_unix_s <= max_stale_s);
}

/* A mirror that has nothing new may stand still: then only the time since the origin was heard tells. */
static bool is_unheard(const struct hanse_sync_result *result)
{
    return result->outcome == HANSE_SYNC_CURRENT && result->source > 0;
}

static int exit_of(const struct hanse_sync_result *result, uint64_t max_stale_s)
{
    switch (result->outcome) {
    case HANSE_SYNC_CURRENT:
        return !is_unheard(result) || within(result->last_success_unix_s, max_stale_s) ? CLI_DONE
                                                                                       : CLI_UNREACHED;
    case HANSE_SYNC_UPDATED:
    case HANSE_SYNC_STALE:
        return CLI_DONE;
    case HANSE_SYNC_BAD_SIGNATURE:
    case HANSE_SYNC_ROLLBACK:
    case HANSE_SYNC_FORK:
    case HANSE_SYNC_MISMATCH:
    case HANSE_SYNC_INCOMPLETE:
        return CLI_UNVERIFIED;
    case HANSE_SYNC_TRUNCATED:
    case HANSE_SYNC_UNREACHABLE:
        return within(result->last_success_unix_s, max_stale_s) ? CLI_DONE : CLI_UNREACHED;
    case HANSE_SYNC_OVER_LIMIT:
    case HANSE_SYNC_FAILED:
        break;
    }
    return CLI_FAILED;
}

static void complain(const struct hanse_sync_result *result, int code)
{
    const char *advice = NULL;
    if (is_unheard(result) && code == CLI_UNREACHED) {
        advice = "nothing new was heard of the feed for longer than --max-stale, its mirrors may stand still";
    } else if (code == CLI_UNVERIFIED) {
        advice =
            "what was verified before is kept, nothing of this is taken over; ask who publishes the feed";
    } else if (result->outcome == HANSE_SYNC_UNREACHABLE && strstr(result->message, "certificate") != NULL) {
        advice =
            "this does not pass by itself: is it the right server? Follow it again with the --pin that its "
            "'hanse serve' prints, or with --cacert";
    } else if (code == CLI_UNREACHED) {
        advice = "is the address right ('hanse feeds'), and the other side up? Sync again later";
    } else if (code == CLI_DONE) {
        advice = "a warning only: it was reached within --max-stale; sync again later";
    }
    cli_complain(advice, "%s: %s: %s", result->origin, hanse_sync_outcome_name(result->outcome),
                 result->message != NULL ? result->message : "");
}

/* What was wrong with the places that did not give the feed its result. */
static void note_sources(const struct hanse_sync_result *result)
{
    for (size_t i = 0; i < result->source_count; i++) {
        const struct hanse_sync_source *source = &result->sources[i];
        bool well = source->outcome == HANSE_SYNC_UPDATED || source->outcome == HANSE_SYNC_CURRENT;
        if (i != result->source && !well) {
            cli_note("%s: at %s: %s: %s", result->origin, source->url,
                     hanse_sync_outcome_name(source->outcome), source->message);
        }
    }
}

static void visit(void *context, const struct hanse_sync_result *result)
{
    struct sync_state *state = context;
    const struct sync_run *run = state->run;
    FILE *out = run->quiet ? stderr : stdout;
    int code = exit_of(result, run->max_stale_s);
    bool well =
        code == CLI_DONE && (result->outcome == HANSE_SYNC_UPDATED || result->outcome == HANSE_SYNC_CURRENT);
    state->code = cli_worse(code, state->code);
    state->count++;
    progress_clear(&state->progress);
    if (!run->quiet || result->outcome != HANSE_SYNC_CURRENT) {
        if (run->cli->json) {
            print_json(out, result);
        } else {
            print_text(out, result);
        }
        (void)fflush(out);
    }
    if (!well) {
        complain(result, code);
    }
    note_sources(result);
}

static bool tell_progress(void *context, const char *what, uint64_t done, uint64_t total, const char *unit)
{
    struct sync_state *state = context;
    return progress_tell(&state->progress, what, done, total, unit);
}

int sync_run(const struct sync_run *run)
{
    struct sync_state state = {.run = run};
    progress_start(&state.progress);
    state.progress.stop = run->stop;
    const struct hanse_sync_options options = {
        .version = 1,
        .feeds = run->feeds,
        .feed_count = run->feed_count,
        .visit = visit,
        .progress = tell_progress,
        .context = &state,
    };
    struct hanse_error err;
    enum hanse_status status = hanse_sync(run->node, &options, &err);
    progress_clear(&state.progress);
    if (status != HANSE_OK) {
        const char *advice = status == HANSE_NOT_FOUND ? "'hanse feeds' lists what this node follows" : NULL;
        return cli_worse(cli_fail(&err, advice), state.code);
    }
    if (state.count == 0 && !run->quiet) {
        cli_note("this node follows no feed; next: hanse follow URL --key VKEY");
    }
    return state.code;
}

int sync_run_recover(const struct sync_run *run, const struct hanse_recover_options *options)
{
    struct sync_state state = {.run = run};
    progress_start(&state.progress);
    struct hanse_recover_options told = *options;
    told.visit = visit;
    told.progress = tell_progress;
    told.context = &state;
    struct hanse_error err;
    enum hanse_status status = hanse_recover(run->node, &told, &err);
    progress_clear(&state.progress);
    if (status != HANSE_OK) {
        const char *advice =
            status == HANSE_BEHIND ? "ask others who follow your feed for a newer copy" : NULL;
        return cli_worse(cli_fail(&err, advice), state.code);
    }
    if (state.code == CLI_DONE && !run->cli->json) {
        (void)puts("next: hanse status, then hanse publish");
    }
    return state.code;
}
