/* SPDX-License-Identifier: Apache-2.0 */
/* The URI of a request as a feed and a name below it: what is neither is not answered. */
#ifndef HANSE_SERVE_SERVED_NAME_H
#define HANSE_SERVE_SERVED_NAME_H

#include <stdbool.h>

#include "feed/feed_name.h"

struct hanse_served_name {
    struct hanse_bytes feed_hex; /* 64 digits; empty: the feed that is served at "/" */
    const char *name;
    enum hanse_feed_name_kind kind;
};

/* Splits "/<hex>/name" or "/name"; false if it is neither. Nothing is decoded: no name needs it. Views into
 * the URI. */
bool hanse_served_name_of(const char *uri, struct hanse_served_name *out);

#endif
