/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/listen_address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"

enum { HOST_BYTES = 64, MAX_PORT = 65535 };

static bool fill_v4(struct hanse_listen_address *out, const char *host, uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    if (inet_pton(AF_INET, host, &address.sin_addr) != 1)
        return false;
    memcpy(&out->storage, &address, sizeof address);
    out->size = sizeof address;
    return true;
}

static bool fill_v6(struct hanse_listen_address *out, const char *host, uint16_t port)
{
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    if (inet_pton(AF_INET6, host, &address.sin6_addr) != 1)
        return false;
    memcpy(&out->storage, &address, sizeof address);
    out->size = sizeof address;
    return true;
}

enum hanse_status hanse_listen_address_parse(const char *text, struct hanse_listen_address *out,
                                             struct hanse_error *err)
{
    struct hanse_listen_address parsed = {0};
    const char *colon = strrchr(text, ':');
    size_t size = colon != NULL ? (size_t)(colon - text) : 0;
    bool bracketed = size >= 2 && text[0] == '[' && text[size - 1] == ']';
    char host[HOST_BYTES] = "";
    uint64_t port = 0;
    if (size > 0 && size < sizeof host) {
        size_t inner = bracketed ? size - 2 : size;
        memcpy(host, bracketed ? text + 1 : text, inner);
        host[inner] = '\0';
    }
    bool good =
        colon != NULL && hanse_decimal_decode(hanse_bytes_of_text(colon + 1), &port) && port <= MAX_PORT;
    good =
        good && (bracketed ? fill_v6(&parsed, host, (uint16_t)port) : fill_v4(&parsed, host, (uint16_t)port));
    if (!good)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "address to listen on is not like \"127.0.0.1:8443\" or \"[::1]:8443\": \"%.80s\"",
                          text);
    *out = parsed;
    return HANSE_OK;
}

enum hanse_status hanse_listen_address_try(const struct hanse_listen_address *address, const char *text,
                                           struct hanse_error *err)
{
    int fd = socket(address->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    bool good = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                bind(fd, (const struct sockaddr *)&address->storage, address->size) == 0 &&
                listen(fd, 1) == 0;
    int saved_errno = errno;
    if (fd >= 0)
        (void)close(fd);
    if (good)
        return HANSE_OK;
    if (saved_errno == EADDRINUSE)
        return hanse_fail_library(err, HANSE_EXISTS, saved_errno,
                                  "cannot listen on \"%s\": the port is in use", text);
    return hanse_fail_errno(err, saved_errno, "cannot listen on \"%s\"", text);
}
