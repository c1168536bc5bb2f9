/* SPDX-License-Identifier: Apache-2.0 */
/* What the headers of one HTTP answer say, as far as fetching needs it; bytes in, facts out. */
#ifndef HANSE_NET_RESPONSE_H
#define HANSE_NET_RESPONSE_H

#include <stdbool.h>

#include "net/fetch.h"

struct hanse_response {
    int status;     /* 0: no status line yet */
    bool complete;  /* the empty line after the headers of a final answer came */
    bool encoded;   /* a Content-Encoding other than identity */
    bool framed;    /* the end of the body shows: Content-Length, a transfer coding, or HTTP/2 */
    bool bad_range; /* a Content-Range that cannot be read, or two */
    bool has_range; /* Content-Range with a range: first and last are set */
    uint64_t range_first;
    uint64_t range_last;
    uint64_t range_total;    /* HANSE_SIZE_UNKNOWN: "*" or no Content-Range */
    uint64_t content_length; /* HANSE_SIZE_UNKNOWN: none that can be read */
    uint64_t date_unix_s;    /* 0: none that can be read */
    char etag[HANSE_ETAG_BYTES];
    char location[128]; /* printable, cut */
};

/* One header line as received, with its line end: a status line begins anew. */
void hanse_response_take_line(struct hanse_response *response, struct hanse_bytes line);
/* Copies what is printable ASCII, '?' for the rest; cuts at the end of `out`. For messages. */
void hanse_printable_copy(struct hanse_bytes text, char *out, size_t out_size);

#endif
