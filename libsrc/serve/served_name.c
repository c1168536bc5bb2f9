/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/served_name.h"

#include "base/bytes.h"
#include "base/text.h"

enum { FEED_HEX_DIGITS = 64, FEED_HASH_BYTES = 32 };

bool hanse_served_name_of(const char *uri, struct hanse_served_name *out)
{
    if (uri[0] != '/')
        return false;
    uint8_t hash[FEED_HASH_BYTES];
    struct hanse_bytes rest = hanse_bytes_of_text(uri + 1);
    struct hanse_bytes head = hanse_bytes_slice(rest, 0, hanse_bytes_find(rest, 0, '/'));
    bool has_feed =
        head.size == FEED_HEX_DIGITS && head.size < rest.size && hanse_hex_decode(head, hash, sizeof hash);
    struct hanse_served_name served = {.feed_hex = has_feed ? head : hanse_bytes_of(NULL, 0),
                                       .name = has_feed ? uri + 1 + FEED_HEX_DIGITS + 1 : uri + 1};
    served.kind = hanse_feed_name_kind_of(hanse_bytes_of_text(served.name));
    if (served.kind == HANSE_FEED_NAME_NONE)
        return false;
    *out = served;
    return true;
}
