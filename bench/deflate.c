/* SPDX-License-Identifier: Apache-2.0 */
/* What zlib alone needs to deflate what segments hold, at the publisher's level and with its dictionaries:
 * inflates the frames of the files, deflates each body again, and prints the processor time of the latter.
 * Usage: bench_deflate SEGMENT_FILE... */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ZLIB_CONST
#include <zlib.h>

#include "frame_scan.h"

enum { LEVEL = 6, MEMORY_LEVEL = 8, RAW_WINDOW_BITS = -15, MAX_SEGMENT_BYTES = 64 << 20 };

struct work {
    z_stream stream;
    struct scanned_block block;
    uint8_t *out;
    size_t capacity;
    double seconds;
    size_t bytes;
    size_t deflated;
};

static double processor_s(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void deflate_body(struct work *work, const uint8_t *body, size_t size)
{
    size_t before = (size_t)(body - work->block.bytes);
    size_t dictionary = before < SCAN_DICTIONARY_BYTES ? before : SCAN_DICTIONARY_BYTES;
    size_t bound = deflateBound(&work->stream, size);
    if (bound > work->capacity) {
        work->out = realloc(work->out, bound);
        work->capacity = bound;
        if (work->out == NULL)
            abort();
    }
    double start = processor_s();
    (void)deflateReset(&work->stream);
    if (dictionary > 0)
        (void)deflateSetDictionary(&work->stream, body - dictionary, (uInt)dictionary);
    work->stream.next_in = body;
    work->stream.avail_in = (uInt)size;
    work->stream.next_out = work->out;
    work->stream.avail_out = (uInt)work->capacity;
    if (deflate(&work->stream, Z_FINISH) != Z_STREAM_END)
        abort();
    work->seconds += processor_s() - start;
    work->bytes += size;
    work->deflated += work->stream.total_out;
}

static void deflate_file(struct work *work, const char *path, uint8_t *bytes)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        (void)fprintf(stderr, "%s cannot be read\n", path);
        exit(1);
    }
    size_t size = fread(bytes, 1, MAX_SEGMENT_BYTES, file);
    (void)fclose(file);
    struct scanned_frame frame;
    for (size_t at = 0; scan_frame(bytes + at, size - at, &frame); at += frame.frame_bytes)
        deflate_body(work, scan_inflate(&work->block, bytes + at, &frame), frame.inflated_bytes);
}

int main(int argc, char **argv)
{
    struct work work = {.seconds = 0};
    uint8_t *bytes = malloc(MAX_SEGMENT_BYTES);
    if (argc < 2 || bytes == NULL ||
        deflateInit2(&work.stream, LEVEL, Z_DEFLATED, RAW_WINDOW_BITS, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) !=
            Z_OK)
        return 2;
    for (int i = 1; i < argc; i++)
        deflate_file(&work, argv[i], bytes);
    (void)printf("{\"seconds\": %.3f, \"bytes\": %zu, \"deflated\": %zu}\n", work.seconds, work.bytes,
                 work.deflated);
    (void)deflateEnd(&work.stream);
    scan_release(&work.block);
    free(work.out);
    free(bytes);
    return 0;
}
