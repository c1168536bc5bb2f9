/* SPDX-License-Identifier: Apache-2.0 */
/* The loop over many transfers: a queue of those that wait, a list of those under way, one curl multi.
 * Retries with back-off belong where a transfer ends (finish) and would put it back into the queue. */
#include "net/fetch.h"

#include <pthread.h>

#include "base/alloc.h"
#include "base/error.h"
#include "net/transfer.h"

enum { DEFAULT_MAX_ACTIVE = 64, DEFAULT_MAX_HOST_CONNECTIONS = 6, RUN_WAIT_MS = 1000 };

struct hanse_fetcher {
    CURLM *multi;
    char *user_agent;
    struct hanse_transfer *first_waiting;
    struct hanse_transfer *last_waiting;
    struct hanse_transfer *active;
    size_t waiting_count;
    size_t active_count;
    size_t max_active;
    bool cancelled;
};

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

/* curl forbids use before this and asks for it once a process; its own failure shows in the calls after. */
static void init_curl(void)
{
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

static bool (*failure_hook)(void *context);
static void *failure_context;

void hanse_fetcher_set_failure_hook(bool (*hook)(void *context), void *context)
{
    failure_hook = hook;
    failure_context = context;
}

static bool must_fail(void)
{
    return failure_hook != NULL && failure_hook(failure_context);
}

static enum hanse_status check_library(struct hanse_error *err)
{
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    if ((info->features & CURL_VERSION_SSL) == 0)
        return hanse_fail(err, HANSE_UNSUPPORTED, "HTTP library has no TLS");
    return HANSE_OK;
}

enum hanse_status hanse_fetcher_new(const struct hanse_fetcher_options *options, struct hanse_fetcher **out,
                                    struct hanse_error *err)
{
    static const struct hanse_fetcher_options defaults;
    if (options == NULL)
        options = &defaults;
    (void)pthread_once(&curl_once, init_curl);
    enum hanse_status status = check_library(err);
    if (status != HANSE_OK)
        return status;
    struct hanse_fetcher *fetcher = hanse_alloc_zeroed(1, sizeof *fetcher);
    if (fetcher == NULL)
        return hanse_fail_memory(err);
    fetcher->max_active = options->max_active > 0 ? options->max_active : DEFAULT_MAX_ACTIVE;
    long host_connections = options->max_host_connections > 0 ? (long)options->max_host_connections
                                                              : (long)DEFAULT_MAX_HOST_CONNECTIONS;
    fetcher->user_agent = hanse_strdup(options->user_agent != NULL ? options->user_agent : "hanse");
    fetcher->multi = fetcher->user_agent != NULL && !must_fail() ? curl_multi_init() : NULL;
    if (fetcher->multi == NULL ||
        curl_multi_setopt(fetcher->multi, CURLMOPT_MAX_HOST_CONNECTIONS, host_connections) != CURLM_OK ||
        curl_multi_setopt(fetcher->multi, CURLMOPT_MAXCONNECTS, (long)fetcher->max_active) != CURLM_OK) {
        hanse_fetcher_free(fetcher);
        return hanse_fail_memory(err);
    }
    *out = fetcher;
    return HANSE_OK;
}

static struct hanse_transfer *take_waiting(struct hanse_fetcher *fetcher)
{
    struct hanse_transfer *transfer = fetcher->first_waiting;
    if (transfer == NULL)
        return NULL;
    fetcher->first_waiting = transfer->next;
    if (fetcher->first_waiting == NULL)
        fetcher->last_waiting = NULL;
    fetcher->waiting_count--;
    transfer->next = NULL;
    return transfer;
}

static void put_active(struct hanse_fetcher *fetcher, struct hanse_transfer *transfer)
{
    transfer->next = fetcher->active;
    fetcher->active = transfer;
    fetcher->active_count++;
}

static void drop_active(struct hanse_fetcher *fetcher, struct hanse_transfer *transfer)
{
    struct hanse_transfer **link = &fetcher->active;
    while (*link != transfer)
        link = &(*link)->next;
    *link = transfer->next;
    fetcher->active_count--;
    (void)curl_multi_remove_handle(fetcher->multi, transfer->easy);
}

void hanse_fetcher_free(struct hanse_fetcher *fetcher)
{
    if (fetcher == NULL)
        return;
    for (struct hanse_transfer *transfer; (transfer = take_waiting(fetcher)) != NULL;)
        hanse_transfer_free(transfer);
    while (fetcher->active != NULL) {
        struct hanse_transfer *transfer = fetcher->active;
        drop_active(fetcher, transfer);
        hanse_transfer_free(transfer);
    }
    (void)curl_multi_cleanup(fetcher->multi);
    hanse_free(fetcher->user_agent);
    hanse_free(fetcher);
}

enum hanse_status hanse_fetcher_add(struct hanse_fetcher *fetcher, const struct hanse_fetch_request *request,
                                    struct hanse_error *err)
{
    struct hanse_transfer *transfer = NULL;
    enum hanse_status status = hanse_transfer_new(request, &transfer, err);
    if (status != HANSE_OK)
        return status;
    if (fetcher->last_waiting != NULL)
        fetcher->last_waiting->next = transfer;
    else
        fetcher->first_waiting = transfer;
    fetcher->last_waiting = transfer;
    fetcher->waiting_count++;
    return HANSE_OK;
}

void hanse_fetcher_cancel(struct hanse_fetcher *fetcher)
{
    fetcher->cancelled = true;
}

/* The one place where a request ends. */
static void finish(struct hanse_transfer *transfer)
{
    if (transfer->request.on_done != NULL)
        transfer->request.on_done(transfer->request.context, &transfer->result);
    hanse_transfer_free(transfer);
}

static void start(struct hanse_fetcher *fetcher, struct hanse_transfer *transfer)
{
    if (transfer->folder != NULL) {
        hanse_transfer_run_file(transfer);
        finish(transfer);
        return;
    }
    struct hanse_error error = {.offset = HANSE_NO_OFFSET};
    enum hanse_status status = hanse_transfer_prepare_https(transfer, fetcher->user_agent, &error);
    if (status == HANSE_OK &&
        (must_fail() || curl_multi_add_handle(fetcher->multi, transfer->easy) != CURLM_OK))
        status = hanse_fail_memory(&error);
    if (status == HANSE_OK) {
        put_active(fetcher, transfer);
        return;
    }
    hanse_transfer_fail(transfer, status, 0, "%s", error.message);
    finish(transfer);
}

/* At most a round: file: requests end at once and may add others for ever. */
static bool start_waiting(struct hanse_fetcher *fetcher)
{
    size_t started = 0;
    while (fetcher->active_count < fetcher->max_active && started < fetcher->max_active &&
           !fetcher->cancelled) {
        struct hanse_transfer *transfer = take_waiting(fetcher);
        if (transfer == NULL)
            break;
        start(fetcher, transfer);
        started++;
    }
    return started > 0;
}

static bool finish_ended(struct hanse_fetcher *fetcher)
{
    bool any = false;
    int queued = 0;
    for (CURLMsg *message; (message = curl_multi_info_read(fetcher->multi, &queued)) != NULL;) {
        if (message->msg != CURLMSG_DONE)
            continue;
        char *context = NULL;
        CURLcode code = message->data.result;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &context);
        struct hanse_transfer *transfer = (void *)context;
        hanse_transfer_conclude_https(transfer, code);
        drop_active(fetcher, transfer);
        finish(transfer);
        any = true;
    }
    return any;
}

static void finish_cancelled(struct hanse_fetcher *fetcher)
{
    for (struct hanse_transfer *transfer; (transfer = fetcher->active) != NULL;) {
        drop_active(fetcher, transfer);
        hanse_transfer_fail(transfer, HANSE_CANCELLED, 0, "cancelled");
        finish(transfer);
    }
    for (struct hanse_transfer *transfer; (transfer = take_waiting(fetcher)) != NULL;) {
        hanse_transfer_fail(transfer, HANSE_CANCELLED, 0, "cancelled");
        finish(transfer);
    }
    fetcher->cancelled = false;
}

static enum hanse_status fail_multi(CURLMcode code, struct hanse_error *err)
{
    if (code == CURLM_OUT_OF_MEMORY)
        return hanse_fail_memory(err);
    return hanse_fail_library(err, HANSE_IO, (int)code, "fetching broke down: %s", curl_multi_strerror(code));
}

enum hanse_status hanse_fetcher_step(struct hanse_fetcher *fetcher, unsigned timeout_ms, size_t *left,
                                     struct hanse_error *err)
{
    bool moved = start_waiting(fetcher);
    int running = 0;
    CURLMcode code = must_fail() ? CURLM_INTERNAL_ERROR : curl_multi_perform(fetcher->multi, &running);
    if (code != CURLM_OK)
        return fail_multi(code, err);
    moved = finish_ended(fetcher) || moved;
    if (fetcher->cancelled) {
        finish_cancelled(fetcher);
        moved = true;
    }
    if (!moved && fetcher->active_count > 0) {
        code = must_fail() ? CURLM_INTERNAL_ERROR
                           : curl_multi_poll(fetcher->multi, NULL, 0, (int)timeout_ms, NULL);
        if (code != CURLM_OK)
            return fail_multi(code, err);
    }
    *left = fetcher->active_count + fetcher->waiting_count;
    return HANSE_OK;
}

enum hanse_status hanse_fetcher_run(struct hanse_fetcher *fetcher, struct hanse_error *err)
{
    size_t left = 1;
    enum hanse_status status = HANSE_OK;
    while (status == HANSE_OK && left > 0)
        status = hanse_fetcher_step(fetcher, RUN_WAIT_MS, &left, err);
    return status;
}

/* hanse_fetch's own context around that of its caller. */
struct waiter {
    hanse_fetch_body *on_body;
    void *context;
    struct hanse_fetch_result *result;
    bool done;
};

static enum hanse_status waiter_body(void *context, struct hanse_bytes piece, bool *stop,
                                     struct hanse_error *err)
{
    struct waiter *waiter = context;
    return waiter->on_body(waiter->context, piece, stop, err);
}

static void waiter_done(void *context, const struct hanse_fetch_result *result)
{
    struct waiter *waiter = context;
    *waiter->result = *result;
    waiter->done = true;
}

/* Forgets the waiter's request: its context ends with hanse_fetch. */
static void drop_waiter(struct hanse_fetcher *fetcher, const struct waiter *waiter)
{
    for (struct hanse_transfer *transfer = fetcher->first_waiting; transfer != NULL;
         transfer = transfer->next)
        if (transfer->request.context == waiter)
            transfer->request.on_done = NULL;
    for (struct hanse_transfer *transfer = fetcher->active; transfer != NULL; transfer = transfer->next)
        if (transfer->request.context == waiter) {
            drop_active(fetcher, transfer);
            hanse_transfer_free(transfer);
            return;
        }
}

enum hanse_status hanse_fetch(struct hanse_fetcher *fetcher, const struct hanse_fetch_request *request,
                              struct hanse_fetch_result *result, struct hanse_error *err)
{
    struct waiter waiter = {.on_body = request->on_body, .context = request->context, .result = result};
    struct hanse_fetch_request wrapped = *request;
    wrapped.on_body = request->on_body != NULL ? waiter_body : NULL;
    wrapped.on_done = waiter_done;
    wrapped.context = &waiter;
    enum hanse_status status = hanse_fetcher_add(fetcher, &wrapped, err);
    for (size_t left = 1; status == HANSE_OK && !waiter.done;)
        status = hanse_fetcher_step(fetcher, RUN_WAIT_MS, &left, err);
    if (!waiter.done)
        drop_waiter(fetcher, &waiter);
    if (status == HANSE_OK && result->error.status != HANSE_OK && err != NULL)
        *err = result->error;
    return status != HANSE_OK ? status : result->error.status;
}
