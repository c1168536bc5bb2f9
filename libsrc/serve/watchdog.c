/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/watchdog.h"

#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"

enum { LOOKS_PER_DEADLINE = 4, MIN_LOOK_MS = 10, MAX_LOOK_MS = 1000 };

struct hanse_watched {
    struct hanse_watched *next;
    struct hanse_watched *previous;
    int socket_fd;
    bool answering;
    bool cut;
    uint64_t deadline_ms;
    uint64_t sent_bytes;
    uint64_t window_start_ms;   /* 0: no window runs */
    uint64_t window_base_bytes; /* taken by the client's host when the window began */
};

struct hanse_watchdog {
    struct hanse_watchdog_options options;
    pthread_mutex_t mutex; /* guards all below and the connections */
    pthread_cond_t stopping_changed;
    pthread_t thread;
    bool stopping;
    struct hanse_watched *first;
};

/* Bytes that wait in the kernel for the client's host to acknowledge them. */
static uint64_t waiting_bytes(const struct hanse_watched *watched)
{
    int waiting = 0;
    return ioctl(watched->socket_fd, TIOCOUTQ, &waiting) == 0 && waiting > 0 ? (uint64_t)waiting : 0;
}

/* TLS makes a little more of the bytes than were handed over, hence no difference below 0. */
static uint64_t taken_bytes(const struct hanse_watched *watched, uint64_t waiting)
{
    return watched->sent_bytes > waiting ? watched->sent_bytes - waiting : 0;
}

/* True if a whole window passed in which bytes waited and too few were taken. */
static bool too_slow(const struct hanse_watchdog *watchdog, struct hanse_watched *watched, uint64_t waiting,
                     uint64_t now_ms)
{
    uint64_t taken = taken_bytes(watched, waiting);
    if (waiting == 0) {
        watched->window_start_ms = 0;
        return false;
    }
    uint64_t window_ms = watchdog->options.rate_window_ms;
    if (watched->window_start_ms != 0 && now_ms - watched->window_start_ms < window_ms)
        return false;
    uint64_t least = (uint64_t)watchdog->options.min_bytes_per_s * window_ms / 1000;
    bool slow = watched->window_start_ms != 0 && taken < watched->window_base_bytes + least;
    watched->window_start_ms = now_ms;
    watched->window_base_bytes = taken;
    return slow;
}

static void look_at(const struct hanse_watchdog *watchdog, struct hanse_watched *watched, uint64_t now_ms)
{
    if (watched->cut)
        return;
    uint64_t waiting = waiting_bytes(watched);
    bool late = !watched->answering && waiting == 0 && now_ms >= watched->deadline_ms;
    if (!late && !too_slow(watchdog, watched, waiting, now_ms))
        return;
    watched->cut = true;
    (void)shutdown(watched->socket_fd, SHUT_RDWR);
}

static unsigned look_interval_ms(const struct hanse_watchdog_options *options)
{
    unsigned least = options->header_deadline_ms;
    if (options->idle_timeout_ms < least)
        least = options->idle_timeout_ms;
    if (options->rate_window_ms < least)
        least = options->rate_window_ms;
    least /= LOOKS_PER_DEADLINE;
    return least < MIN_LOOK_MS ? MIN_LOOK_MS : least > MAX_LOOK_MS ? MAX_LOOK_MS : least;
}

static struct timespec after_ms(unsigned delay_ms)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    time.tv_nsec += (long)(delay_ms % 1000) * 1000000L;
    time.tv_sec += (time_t)(delay_ms / 1000) + time.tv_nsec / 1000000000L;
    time.tv_nsec %= 1000000000L;
    return time;
}

static void *watch(void *context)
{
    struct hanse_watchdog *watchdog = context;
    unsigned interval_ms = look_interval_ms(&watchdog->options);
    (void)pthread_mutex_lock(&watchdog->mutex);
    while (!watchdog->stopping) {
        struct timespec until = after_ms(interval_ms);
        (void)pthread_cond_timedwait(&watchdog->stopping_changed, &watchdog->mutex, &until);
        uint64_t now_ms = hanse_clock_monotonic_ms();
        for (struct hanse_watched *watched = watchdog->first; watched != NULL; watched = watched->next)
            look_at(watchdog, watched, now_ms);
    }
    (void)pthread_mutex_unlock(&watchdog->mutex);
    return NULL;
}

static int init_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    int code = pthread_condattr_init(&attributes);
    if (code != 0)
        return code;
    code = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    if (code == 0)
        code = pthread_cond_init(condition, &attributes);
    (void)pthread_condattr_destroy(&attributes);
    return code;
}

static int start_thread(struct hanse_watchdog *watchdog)
{
    int code = pthread_mutex_init(&watchdog->mutex, NULL);
    if (code != 0)
        return code;
    code = init_condition(&watchdog->stopping_changed);
    if (code != 0) {
        (void)pthread_mutex_destroy(&watchdog->mutex);
        return code;
    }
    code = pthread_create(&watchdog->thread, NULL, watch, watchdog);
    if (code != 0) {
        (void)pthread_cond_destroy(&watchdog->stopping_changed);
        (void)pthread_mutex_destroy(&watchdog->mutex);
    }
    return code;
}

enum hanse_status hanse_watchdog_start(const struct hanse_watchdog_options *options,
                                       struct hanse_watchdog **out, struct hanse_error *err)
{
    struct hanse_watchdog *watchdog = hanse_alloc_zeroed(1, sizeof *watchdog);
    if (watchdog == NULL)
        return hanse_fail_memory(err);
    watchdog->options = *options;
    int code = start_thread(watchdog);
    if (code != 0) {
        hanse_free(watchdog);
        return hanse_fail_errno(err, code, "cannot start the server's watchdog");
    }
    *out = watchdog;
    return HANSE_OK;
}

void hanse_watchdog_stop(struct hanse_watchdog *watchdog)
{
    if (watchdog == NULL)
        return;
    (void)pthread_mutex_lock(&watchdog->mutex);
    watchdog->stopping = true;
    (void)pthread_cond_signal(&watchdog->stopping_changed);
    (void)pthread_mutex_unlock(&watchdog->mutex);
    (void)pthread_join(watchdog->thread, NULL);
    (void)pthread_cond_destroy(&watchdog->stopping_changed);
    (void)pthread_mutex_destroy(&watchdog->mutex);
    hanse_free(watchdog);
}

struct hanse_watched *hanse_watchdog_add(struct hanse_watchdog *watchdog, int socket_fd)
{
    struct hanse_watched *watched = hanse_alloc_zeroed(1, sizeof *watched);
    if (watched == NULL)
        return NULL;
    watched->socket_fd = socket_fd;
    watched->deadline_ms = hanse_clock_monotonic_ms() + watchdog->options.header_deadline_ms;
    (void)pthread_mutex_lock(&watchdog->mutex);
    watched->next = watchdog->first;
    if (watched->next != NULL)
        watched->next->previous = watched;
    watchdog->first = watched;
    (void)pthread_mutex_unlock(&watchdog->mutex);
    return watched;
}

void hanse_watchdog_remove(struct hanse_watchdog *watchdog, struct hanse_watched *watched)
{
    if (watched == NULL)
        return;
    (void)pthread_mutex_lock(&watchdog->mutex);
    if (watched->previous != NULL)
        watched->previous->next = watched->next;
    else
        watchdog->first = watched->next;
    if (watched->next != NULL)
        watched->next->previous = watched->previous;
    (void)pthread_mutex_unlock(&watchdog->mutex);
    hanse_free(watched);
}

void hanse_watchdog_request(struct hanse_watchdog *watchdog, struct hanse_watched *watched)
{
    if (watched == NULL)
        return;
    uint64_t deadline_ms = hanse_clock_monotonic_ms() + watchdog->options.header_deadline_ms;
    (void)pthread_mutex_lock(&watchdog->mutex);
    if (deadline_ms < watched->deadline_ms)
        watched->deadline_ms = deadline_ms;
    (void)pthread_mutex_unlock(&watchdog->mutex);
}

void hanse_watchdog_answer(struct hanse_watchdog *watchdog, struct hanse_watched *watched)
{
    if (watched == NULL)
        return;
    (void)pthread_mutex_lock(&watchdog->mutex);
    watched->answering = true;
    watched->window_start_ms = 0;
    (void)pthread_mutex_unlock(&watchdog->mutex);
}

void hanse_watchdog_sent(struct hanse_watchdog *watchdog, struct hanse_watched *watched, uint64_t bytes)
{
    if (watched == NULL)
        return;
    (void)pthread_mutex_lock(&watchdog->mutex);
    watched->sent_bytes += bytes;
    (void)pthread_mutex_unlock(&watchdog->mutex);
}

void hanse_watchdog_answered(struct hanse_watchdog *watchdog, struct hanse_watched *watched)
{
    if (watched == NULL)
        return;
    uint64_t deadline_ms = hanse_clock_monotonic_ms() + watchdog->options.idle_timeout_ms;
    (void)pthread_mutex_lock(&watchdog->mutex);
    watched->answering = false;
    watched->deadline_ms = deadline_ms;
    (void)pthread_mutex_unlock(&watchdog->mutex);
}

size_t hanse_watchdog_busy(struct hanse_watchdog *watchdog)
{
    size_t busy = 0;
    (void)pthread_mutex_lock(&watchdog->mutex);
    for (const struct hanse_watched *watched = watchdog->first; watched != NULL; watched = watched->next)
        busy += watched->answering || waiting_bytes(watched) > 0 ? 1 : 0;
    (void)pthread_mutex_unlock(&watchdog->mutex);
    return busy;
}
