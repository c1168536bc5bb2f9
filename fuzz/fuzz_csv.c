/* SPDX-License-Identifier: Apache-2.0 */
/* A table and its map that somebody was sent: the first line of the input chooses an encoding, what follows
 * up to a line "--" is the map, the rest is the table. */
#include "import_run.h"

#include "record/csv/csv.h"
#include "record/json/jsonl.h"

struct table {
    const char *encoding;
    bool is_jsonl;
    struct hanse_bytes map;
    struct hanse_bytes csv;
};

static struct table cut(struct hanse_bytes input)
{
    static const char *const encodings[] = {NULL, "UTF-8", "UTF-16", "CP932", "windows-1252", "GB18030"};
    struct table table = {.csv = input};
    if (input.size == 0)
        return table;
    size_t choice = input.data[0] % (sizeof encodings / sizeof encodings[0] + 1);
    table.is_jsonl = choice == sizeof encodings / sizeof encodings[0];
    table.encoding = table.is_jsonl ? NULL : encodings[choice];
    table.csv = hanse_bytes_slice(input, 1, input.size);
    for (size_t at = 0; at < table.csv.size; at = hanse_bytes_find(table.csv, at, '\n') + 1) {
        if (hanse_bytes_equal_text(hanse_bytes_slice(table.csv, at, 3), "--\n")) {
            table.map = hanse_bytes_slice(table.csv, 0, at);
            table.csv = hanse_bytes_slice(table.csv, at + 3, table.csv.size);
            break;
        }
    }
    return table;
}

/* import_check_pieces calls a reader without a context. */
static struct table current;

static enum hanse_status read_table(struct hanse_source source, const struct hanse_import_sink *sink,
                                    struct hanse_error *err)
{
    struct hanse_sheet *sheet = NULL;
    struct hanse_loss_report losses;
    const struct hanse_sheet_options options = {.map = current.map, .key = "K"};
    enum hanse_status status = hanse_sheet_new(&options, &sheet, err);
    hanse_loss_report_init(&losses);
    if (status == HANSE_OK && current.is_jsonl)
        status = hanse_jsonl_read_rows(source, sheet, sink, err);
    else if (status == HANSE_OK)
        status = hanse_csv_read(source, current.encoding, sheet, sink, err);
    if (status == HANSE_OK)
        fuzz_must(hanse_sheet_tell_losses(sheet, &losses, err));
    if (status != HANSE_OK && err->offset != HANSE_NO_OFFSET) /* in the map */
        FUZZ_CHECK(err->offset <= current.map.size);
    if (status != HANSE_OK)
        err->offset = HANSE_NO_OFFSET;
    hanse_loss_report_release(&losses);
    hanse_sheet_free(sheet);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    current = cut(hanse_bytes_of(data, size));
    import_check_pieces(read_table, current.csv, true);
    return 0;
}
