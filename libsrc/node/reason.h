/* SPDX-License-Identifier: Apache-2.0 */
/* Why a record is withdrawn: the words for the numbers of hanse.v1.Reason. */
#ifndef HANSE_NODE_REASON_H
#define HANSE_NODE_REASON_H

#include <stdint.h>

/* "no-longer"; NULL for a number without a word. */
const char *hanse_reason_name(uint32_t reason);
/* 0 if it is none. */
uint32_t hanse_reason_number(const char *name);

#endif
