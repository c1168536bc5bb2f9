/* SPDX-License-Identifier: Apache-2.0 */
/* A file of IATI that somebody was sent. */
#include "import_run.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* libxml2 looks for the end of a CDATA section before it looks at its bytes. */
    import_check_pieces(read_iati, hanse_bytes_of(data, size), false);
    return 0;
}
