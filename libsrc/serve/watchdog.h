/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts off clients that are too slow: the HTTP library's own timeout counts silence only, so that one byte
 * now and then would hold a connection for ever. A thread looks at all connections a few times in each
 * deadline. */
#ifndef HANSE_SERVE_WATCHDOG_H
#define HANSE_SERVE_WATCHDOG_H

#include <stdbool.h>

#include <hanse/status.h>

struct hanse_watchdog;
/* One connection, from accept to close. */
struct hanse_watched;

struct hanse_watchdog_options {
    unsigned header_deadline_ms; /* from accept, and from the request line, to the end of the headers */
    unsigned idle_timeout_ms;    /* from the end of an answer to the end of the next headers */
    unsigned min_bytes_per_s;    /* that the client's host acknowledges while bytes wait for it ... */
    unsigned rate_window_ms;     /* ... in each such window */
};

/* HANSE_NO_MEMORY, HANSE_IO: no thread. */
HANSE_MUST_CHECK enum hanse_status hanse_watchdog_start(const struct hanse_watchdog_options *options,
                                                        struct hanse_watchdog **out, struct hanse_error *err);
/* Every connection must have been removed. NULL does nothing. */
void hanse_watchdog_stop(struct hanse_watchdog *watchdog);

/* NULL when memory is out: the connection is to be shut down. `socket_fd` stays open until removed. */
struct hanse_watched *hanse_watchdog_add(struct hanse_watchdog *watchdog, int socket_fd);
/* NULL does nothing, here and below. */
void hanse_watchdog_remove(struct hanse_watchdog *watchdog, struct hanse_watched *watched);

/* The request line is in; the headers are in and the answer begins; body bytes were handed to the connection;
 * the answer was handed over whole. */
void hanse_watchdog_request(struct hanse_watchdog *watchdog, struct hanse_watched *watched);
void hanse_watchdog_answer(struct hanse_watchdog *watchdog, struct hanse_watched *watched);
void hanse_watchdog_sent(struct hanse_watchdog *watchdog, struct hanse_watched *watched, uint64_t bytes);
void hanse_watchdog_answered(struct hanse_watchdog *watchdog, struct hanse_watched *watched);

/* Connections whose answer is under way, or still on its way to the client's host. */
size_t hanse_watchdog_busy(struct hanse_watchdog *watchdog);

#endif
