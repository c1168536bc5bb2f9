/* SPDX-License-Identifier: Apache-2.0 */
/* "127.0.0.1:8443" and "[::1]:8443" as socket addresses. */
#ifndef HANSE_SERVE_LISTEN_ADDRESS_H
#define HANSE_SERVE_LISTEN_ADDRESS_H

#include <sys/socket.h>

#include <hanse/status.h>

struct hanse_listen_address {
    struct sockaddr_storage storage;
    socklen_t size;
};

/* Numbers only. HANSE_INVALID_ARGUMENT. */
HANSE_MUST_CHECK enum hanse_status
hanse_listen_address_parse(const char *text, struct hanse_listen_address *out, struct hanse_error *err);
/* Tries to listen there, to name the reason why somebody could not: HANSE_EXISTS, HANSE_DENIED, HANSE_IO. */
HANSE_MUST_CHECK enum hanse_status hanse_listen_address_try(const struct hanse_listen_address *address,
                                                            const char *text, struct hanse_error *err);

#endif
