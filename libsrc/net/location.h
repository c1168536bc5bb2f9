/* SPDX-License-Identifier: Apache-2.0 */
/* Where a feed lies: an https: URL or a folder, judged before anything is asked for. */
#ifndef HANSE_NET_LOCATION_H
#define HANSE_NET_LOCATION_H

#include <stdbool.h>

#include "base/buffer.h"

/* Appends to `url` the URL of `name` below `base_url`, and for a file: URL to `folder` the decoded path of
 * the folder; both without NUL. *is_file tells which. HANSE_INVALID_ARGUMENT: the URL is neither https: nor
 * file:, is malformed, or has a user, query or fragment; HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_location_resolve(const char *base_url, const char *name,
                                                          bool *is_file, struct hanse_buffer *url,
                                                          struct hanse_buffer *folder,
                                                          struct hanse_error *err);
/* For a URL that is to be asked later: HANSE_INVALID_ARGUMENT for what could not be, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_location_check(const char *base_url, struct hanse_error *err);

#endif
