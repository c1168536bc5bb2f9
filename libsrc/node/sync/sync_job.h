/* SPDX-License-Identifier: Apache-2.0 */
/* The sync of one feed as a chain of requests (docs/protocol.md, "Fetching"):
 *
 *   checkpoint -> [key changes] -> tail of the live segment -> [manifest -> segments] -> [key files] ->
 * commit
 *
 * Each step adds the next request to the run's fetcher; the last one reports the outcome. */
#ifndef HANSE_NODE_SYNC_SYNC_JOB_H
#define HANSE_NODE_SYNC_SYNC_JOB_H

#include "base/limits.h"
#include "feed/feed_name.h"
#include "feed/key_chain.h"
#include "node/files/feed_writer.h"
#include "node/files/key_history.h"
#include "node/index_ahead.h"
#include "node/sync/sync_run.h"

enum { SYNC_MAX_SOURCES = 1 + HANSE_MAX_MIRRORS };

/* A place where the feed lies. */
struct sync_source {
    int64_t mirror_id; /* 0: the feed's url */
    const char *url;
    const char *pin;
    const char *cacert;
};

struct sync_job {
    struct sync_run *run;
    struct sync_job *next_waiting;
    struct hanse_feed_row row;
    struct sync_source sources[SYNC_MAX_SOURCES]; /* in the order in which they are asked */
    size_t source_count;
    size_t source_at;
    struct hanse_sync_source told[SYNC_MAX_SOURCES]; /* what those up to source_at came to */
    bool contact;                                    /* with the origin, as far as anybody can tell */
    bool too_large;                                  /* the origin signed more than the quota */
    bool refilling;                                  /* only payloads are missing */
    struct {
        bool known;
        bool in_step;
        int64_t mirror_id;
        uint64_t offset; /* in job->segment_name */
    } remote;            /* where to go on at the source that brought entries */
    struct hanse_path dir;
    struct hanse_feed_state state; /* verified before this sync */
    struct hanse_buffer body;      /* of a small file under way */
    struct hanse_buffer note;      /* the checkpoint to reach */
    struct hanse_checkpoint target;
    char etag[HANSE_ETAG_BYTES];
    struct hanse_key_chain chain;
    unsigned key_ordinal;
    bool asked_without_cache;
    bool has_place;   /* counts in run->fetching; verifier and writer are open */
    bool by_manifest; /* entries come by the manifest, not by the tail */
    bool manifest_read_twice;
    struct hanse_verifier *verifier;
    struct hanse_feed_writer writer;
    struct hanse_index_ahead
        *ahead;               /* takes the entries as they come; NULL: the index catches up at the end */
    struct hanse_arena arena; /* of the manifest */
    struct hanse_manifest manifest;
    size_t segment_at; /* in the manifest */
    struct hanse_path segment_name;
    uint64_t segment_offset;   /* where the request under way began */
    bool resumed;              /* provisional entries of an earlier sync are in the writer */
    hanse_verifier_sink *sink; /* after they were read again */
    struct hanse_feed_state reached;
    struct sync_refill *refill;     /* sync_refill.c's; NULL outside it */
    struct sync_fork *fork;         /* sync_fork.c's; NULL outside it */
    bool is_signed;                 /* the target is: the source that is asked now says it */
    struct hanse_buffer other_note; /* signed too, of a source that did not serve; empty: none */
    uint64_t other_size;
    struct hanse_digest other_root;
    struct hanse_key_history keys;     /* of the entries that this sync brings */
    struct hanse_key_chain file_chain; /* of the key change files */
    size_t key_at;                     /* in keys: whose file is asked for */
    void (*keys_done)(struct sync_job *job);
    struct hanse_fetch_request request; /* under way */
    char request_name[HANSE_FEED_NAME_BYTES];
    void (*again)(struct sync_job *job); /* makes the request under way once more */
    unsigned attempts;                   /* at it that failed */
    uint64_t started_ms;
    uint64_t placed_ms;       /* since when it has a place */
    uint64_t waited_ms;       /* between attempts, in all */
    uint64_t retry_at_ms;     /* 0: nothing waits to be made again */
    bool forget_resume_point; /* the files here are no longer the source's frame by frame */
    struct hanse_sync_result result;
    char message[HANSE_ERROR_MESSAGE_BYTES];
    bool ended;
};

/* Prepares a job for a feed. HANSE_MALFORMED, HANSE_NO_MEMORY. Released after failure too. */
HANSE_MUST_CHECK enum hanse_status sync_job_init(struct sync_job *job, struct sync_run *run,
                                                 const char *origin, struct hanse_error *err);
void sync_job_release(struct sync_job *job);
/* Adds the first request. Whatever goes wrong is the job's outcome. */
void sync_job_start(struct sync_job *job);
/* Ends a job that could not be prepared. */
void sync_job_refuse(struct sync_job *job, const char *origin, const struct hanse_error *err);
/* Goes on with what waited for a place. */
void sync_job_resume(struct sync_job *job);

#endif
