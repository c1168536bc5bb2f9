/* SPDX-License-Identifier: Apache-2.0 */
/* A file of IATI that somebody was sent. */
#include "import_run.h"

#include <hanse/iati_export.h>

#include "record/iati/reader.h"

static enum hanse_status read_iati(struct hanse_source source, const struct hanse_import_sink *sink,
                                   struct hanse_error *err)
{
    struct hanse_loss_report losses;
    hanse_loss_report_init(&losses);
    enum hanse_status status = hanse_iati_read(source, sink, &losses, err);
    for (size_t i = 0; i < losses.count; i++) {
        struct hanse_bytes path = hanse_bytes_of_text(losses.items[i].path);
        FUZZ_CHECK(hanse_utf8_check(path) == path.size);
        FUZZ_CHECK(i == 0 || strcmp(losses.items[i - 1].path, losses.items[i].path) < 0);
    }
    hanse_loss_report_release(&losses);
    return status;
}

static enum hanse_status export_record(void *context, const struct hanse_import_item *item,
                                       struct hanse_record *record, struct hanse_error *err)
{
    struct hanse_bytes xml;
    struct hanse_error problem;
    (void)item, (void)err;
    enum hanse_status status = hanse_iati_export_add(context, record, &xml, &problem);
    FUZZ_CHECK(status == HANSE_OK || status == HANSE_INVALID_RECORD || status == HANSE_LIMIT);
    FUZZ_CHECK(status != HANSE_OK || hanse_utf8_check(xml) == xml.size);
    hanse_record_free(record);
    return HANSE_OK;
}

/* What came in goes out again. */
static void check_export(struct hanse_bytes file)
{
    struct hanse_iati_export_options options = {.version = 1};
    struct hanse_iati_export *it = NULL;
    struct hanse_loss_report losses;
    struct hanse_error err;
    hanse_loss_report_init(&losses);
    FUZZ_CHECK(hanse_iati_export_new(&options, &it, &err) == HANSE_OK);
    struct hanse_import_sink sink = {.context = it, .record = export_record};
    if (hanse_iati_read(hanse_source_of_bytes(&file), &sink, &losses, &err) != HANSE_OK)
        FUZZ_CHECK(err.message[0] != '\0');
    hanse_iati_export_free(it);
    hanse_loss_report_release(&losses);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_export(hanse_bytes_of(data, size));
    /* libxml2 looks for the end of a CDATA section before it looks at its bytes. */
    import_check_pieces(read_iati, hanse_bytes_of(data, size), false);
    return 0;
}
