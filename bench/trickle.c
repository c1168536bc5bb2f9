/* SPDX-License-Identifier: Apache-2.0 */
/* Publishes one record at a time, as a city does that reports as things happen: each line of standard input
 * is imported and published by itself. Usage: bench_trickle NODE <RECORDS.jsonl */
#include <stdio.h>
#include <string.h>

#include <hanse/change.h>

enum { MAX_LINE_BYTES = 1 << 16 };

struct line {
    const char *bytes;
    size_t size;
};

static enum hanse_status read_line(void *context, uint8_t *buffer, size_t size, size_t *out_read,
                                   struct hanse_error *err)
{
    struct line *line = context;
    (void)err;
    *out_read = line->size < size ? line->size : size;
    memcpy(buffer, line->bytes, *out_read);
    line->bytes += *out_read;
    line->size -= *out_read;
    return HANSE_OK;
}

static enum hanse_status publish_line(struct hanse_node *node, struct line *line, struct hanse_error *err)
{
    struct hanse_import_options import = {
        .version = 1, .format = "jsonl", .read = read_line, .read_context = line};
    struct hanse_publish_options publish = {.version = 1};
    struct hanse_import_result imported;
    struct hanse_publish_result published;
    enum hanse_status status = hanse_import(node, &import, &imported, err);
    return status == HANSE_OK ? hanse_publish(node, &publish, &published, err) : status;
}

int main(int argc, char **argv)
{
    static char bytes[MAX_LINE_BYTES];
    struct hanse_node *node = NULL;
    struct hanse_error err = {.message = "NODE is missing"};
    enum hanse_status status = argc == 2 ? hanse_node_open(argv[1], &node, &err) : HANSE_INVALID_ARGUMENT;
    while (status == HANSE_OK && fgets(bytes, sizeof bytes, stdin) != NULL) {
        struct line line = {.bytes = bytes, .size = strlen(bytes)};
        status = publish_line(node, &line, &err);
    }
    hanse_node_close(node);
    if (status != HANSE_OK)
        (void)fprintf(stderr, "bench_trickle: %s\n", err.message);
    return status == HANSE_OK ? 0 : 1;
}
