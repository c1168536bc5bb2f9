/* SPDX-License-Identifier: Apache-2.0 */
/* Sources of imports: which records came from one, and what it no longer has (docs/decisions/0015). */
#ifndef HANSE_NODE_PUBLISH_IMPORT_SOURCE_H
#define HANSE_NODE_PUBLISH_IMPORT_SOURCE_H

#include "node/publish/import_run.h"

/* The scheme of the identifier by which an import knows its records again: SOURCE-<name>, else "LOCAL".
 * HANSE_INVALID_ARGUMENT: the name of the source is none, or options lack one that they need. */
HANSE_MUST_CHECK enum hanse_status hanse_import_source_scheme(const struct hanse_import_options *options,
                                                              char out[HANSE_KEY_SCHEME_BYTES],
                                                              struct hanse_error *err);
/* Gives the record the identifier: its key, or its first identifier as SCHEME:VALUE if it has no key. The
 * value goes to *out_value, the caller's: hanse_free; NULL if the import has neither key nor source.
 * HANSE_INVALID_RECORD: it has nothing by which to know it again; HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_import_source_mark(const struct hanse_import_run *run,
                                                            const char *key, struct hanse_record *record,
                                                            char **out_value, struct hanse_error *err);
/* Stages the withdrawal of what came from the source before and is not in run->staged; changes that were
 * never published are dropped. What others than the source have changed since is left alone. Counts in
 * run->result. HANSE_LIMIT as hanse_import; HANSE_IO, HANSE_CRYPTO, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_import_source_complete(struct hanse_import_run *run,
                                                                struct hanse_error *err);

#endif
