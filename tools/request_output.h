/* SPDX-License-Identifier: Apache-2.0 */
/* Who answered a request, as show prints it. */
#ifndef HANSE_TOOLS_REQUEST_OUTPUT_H
#define HANSE_TOOLS_REQUEST_OUTPUT_H

#include <hanse/request.h>

#include "output.h"

/* A line for each addressee of the request, and how many answered. Errors of hanse_request_list. */
HANSE_MUST_CHECK enum hanse_status request_print(struct hanse_node *node, const char *id,
                                                 struct hanse_error *err);
/* The array "recipients" into an open object. Errors as above. */
HANSE_MUST_CHECK enum hanse_status request_json(struct json *json, struct hanse_node *node, const char *id,
                                                struct hanse_error *err);

#endif
