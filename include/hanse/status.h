/* SPDX-License-Identifier: Apache-2.0 */
/* Status codes and the caller-owned error: every fallible function returns one and fills the other. */
#ifndef HANSE_STATUS_H
#define HANSE_STATUS_H

#include <hanse/bytes.h>

#ifdef __cplusplus
extern "C" {
#endif

/* 0 is success, everything else negative. The text says when it happens. Numbers never change. A NULL that
 * the text of a function does not allow ("NULL ok", "NULL: ...") is HANSE_INVALID_ARGUMENT; `err` may be NULL
 * everywhere. */
enum hanse_status {
    HANSE_OK = 0,
    HANSE_INVALID_ARGUMENT = -1, /* the caller broke the contract of the function or mistyped a value */
    HANSE_NO_MEMORY = -2,        /* an allocation failed */
    HANSE_IO = -3,               /* the operating system refused a read, write, sync or rename */
    HANSE_NOT_FOUND = -4,        /* the named thing does not exist here */
    HANSE_EXISTS = -5,           /* the thing to be made is there already */
    HANSE_LIMIT = -6,            /* a limit of docs/protocol.md is exceeded; checked before allocation */
    HANSE_MALFORMED = -7,        /* the bytes do not follow their grammar */
    HANSE_UNSUPPORTED = -8,      /* a version or feature that this build does not know */
    HANSE_BAD_SIGNATURE = -9,    /* no known key signs, or a known key's signature is wrong */
    HANSE_MISMATCH = -10,        /* the bytes do not hash to what was signed */
    HANSE_INCOMPLETE = -11,      /* payloads are missing that no ERASE entry accounts for */
    HANSE_ROLLBACK = -12,        /* the origin signed a smaller tree than it did before */
    HANSE_FORK = -13,            /* proven: one key signed two trees that contradict each other */
    HANSE_STALE = -14,           /* the source is behind what is held */
    HANSE_TRUNCATED = -15,       /* the source ended before what its checkpoint promises */
    HANSE_OVER_LIMIT = -16,      /* the feed is over the quota that the follower set */
    HANSE_UNREACHABLE = -17,     /* no connection, TLS refused (pin, certificate), or an HTTP error */
    HANSE_INVALID_RECORD = -18,  /* a record breaks a rule of its kind */
    HANSE_LOCKED = -19,          /* another process writes to this node */
    HANSE_CANCELLED = -20,       /* the caller's callback asked to stop */
    HANSE_DENIED = -21,          /* permission or a read-only place */
    HANSE_CRYPTO = -22,          /* the cryptographic library failed for a reason of its own */
    HANSE_BEHIND = -23           /* this node is behind what it published before (restored backup, clone) */
};

#define HANSE_ERROR_MESSAGE_BYTES 320
#define HANSE_NO_OFFSET UINT64_MAX

/* Filled by the function that fails; after a success its content means nothing. The caller owns it; it needs
 * no release. message: UTF-8, no capital at the start and no full stop; what failed comes first, the subject
 * in quotes.
 */
struct hanse_error {
    enum hanse_status status;
    int library_code;                        /* errno, CURLcode, SQLite or OpenSSL code; 0 if none */
    uint64_t offset;                         /* byte in the judged input, HANSE_NO_OFFSET if it has none */
    char message[HANSE_ERROR_MESSAGE_BYTES]; /* always ends with NUL */
};

/* The stable lower-case name of a status, such as "bad-signature"; "unknown" for a number that is none. */
HANSE_API const char *hanse_status_name(enum hanse_status status);

#ifdef __cplusplus
}
#endif

#endif
