/* SPDX-License-Identifier: Apache-2.0 */
/* Projects as activities of IATI 2.03.
 *
 * A file is hanse_iati_export_head, what each hanse_iati_export_add gives, and hanse_iati_export_tail. What
 * an activity had when it was imported and records have no field for is put back; contact details are not.
 * Nothing is left to inherit: each amount states its currency, each transaction its types. */
#ifndef HANSE_IATI_EXPORT_H
#define HANSE_IATI_EXPORT_H

#include <hanse/change.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hanse_iati_export;

/* Zero-initialize and set `version` to 1. Texts are copied; NULL: not known. */
struct hanse_iati_export_options {
    uint32_t version;
    /* The reporting organisation of projects that were not imported from IATI: its identifier, its code in
     * the list OrganisationType, its name and the language of the name. */
    const char *reporter_ref;
    const char *reporter_type;
    const char *reporter_name;
    const char *reporter_language;
};

/* *out is the caller's: hanse_iati_export_free. HANSE_INVALID_ARGUMENT: version; HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status
hanse_iati_export_new(const struct hanse_iati_export_options *options, struct hanse_iati_export **out,
                      struct hanse_error *err);
/* NULL does nothing. */
HANSE_API void hanse_iati_export_free(struct hanse_iati_export *it);

/* Static text. */
HANSE_API const char *hanse_iati_export_head(void);
HANSE_API const char *hanse_iati_export_tail(void);
/* One iati-activity; *out lives until the next call. It is read again and compared with the record: what
 * differs is a loss. HANSE_UNSUPPORTED: the record is no project; HANSE_INVALID_RECORD: it has no identifier
 * of scheme IATI-ACT, or an importer would refuse what came out; HANSE_LIMIT: too large; HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_iati_export_add(struct hanse_iati_export *it,
                                                                   struct hanse_record *record,
                                                                   struct hanse_bytes *out,
                                                                   struct hanse_error *err);
/* What the records added so far say and IATI cannot carry, by path in the record without numbers
 * ("project.contributions.quantity"); contact details that an import left out as
 * "iati-activity/contact-info". */
HANSE_API void hanse_iati_export_losses(const struct hanse_iati_export *it, hanse_loss_visit *visit,
                                        void *context);

#ifdef __cplusplus
}
#endif

#endif
