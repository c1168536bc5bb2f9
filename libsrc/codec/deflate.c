/* SPDX-License-Identifier: Apache-2.0 */
/* Raw deflate over zlib, whose memory comes from base/alloc like all other. */
#include "codec/deflate.h"

#include <limits.h>
#include <stdbool.h>

/* zlib then takes its input as const. */
#define ZLIB_CONST
#include <zlib.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/checked.h"
#include "base/error.h"
#include "base/limits.h"

enum { RAW_WINDOW_BITS = -15, MEMORY_LEVEL = 8, GROWTH_BYTES = 4096 };

struct hanse_deflater {
    z_stream stream;
};

struct hanse_inflater {
    z_stream stream;
};

static voidpf zlib_alloc(voidpf opaque, uInt count, uInt size)
{
    (void)opaque;
    size_t bytes;
    return hanse_mul_size(count, size, &bytes) ? hanse_alloc(bytes) : NULL;
}

static void zlib_free(voidpf opaque, voidpf memory)
{
    (void)opaque;
    hanse_free(memory);
}

static const z_stream fresh_stream = {.zalloc = zlib_alloc, .zfree = zlib_free};

/* What is no data error: memory, or a misuse of zlib that would be our own bug. */
static enum hanse_status fail_zlib(struct hanse_error *err, int code, const char *what)
{
    if (code == Z_MEM_ERROR)
        return hanse_fail_memory(err);
    return hanse_fail_library(err, HANSE_INVALID_ARGUMENT, code, "%s failed in zlib with code %d", what,
                              code);
}

static struct hanse_bytes window_of(struct hanse_bytes dictionary)
{
    size_t size = dictionary.size < HANSE_DICTIONARY_BYTES ? dictionary.size : HANSE_DICTIONARY_BYTES;
    return hanse_bytes_slice(dictionary, dictionary.size - size, size);
}

static enum hanse_status check_input(struct hanse_bytes input, struct hanse_error *err)
{
    if (input.size > UINT_MAX)
        return hanse_fail_at(err, HANSE_LIMIT, UINT_MAX, "stream has %zu bytes, more than %u", input.size,
                             UINT_MAX);
    return HANSE_OK;
}

enum hanse_status hanse_deflater_new(int level, struct hanse_deflater **out, struct hanse_error *err)
{
    if (level < 0 || level > HANSE_DEFLATE_SMALLEST)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "deflate has no level %d", level);
    struct hanse_deflater *deflater = hanse_alloc(sizeof *deflater);
    if (deflater == NULL)
        return hanse_fail_memory(err);
    deflater->stream = fresh_stream;
    int code =
        deflateInit2(&deflater->stream, level, Z_DEFLATED, RAW_WINDOW_BITS, MEMORY_LEVEL, Z_DEFAULT_STRATEGY);
    if (code != Z_OK) {
        hanse_free(deflater);
        return fail_zlib(err, code, "deflate");
    }
    *out = deflater;
    return HANSE_OK;
}

void hanse_deflater_free(struct hanse_deflater *deflater)
{
    if (deflater != NULL)
        (void)deflateEnd(&deflater->stream);
    hanse_free(deflater);
}

/* One call of zlib into `out` or, where that is full, into a probe: at an exact fit zlib says that it is done
 * only when it sees room that it does not need. */
static enum hanse_status deflate_some(z_stream *stream, struct hanse_buffer *out, bool *done,
                                      struct hanse_error *err)
{
    uint8_t probe;
    size_t space = out->capacity - out->size;
    uInt given = space == 0 ? 1 : space < UINT_MAX ? (uInt)space : UINT_MAX;
    stream->next_out = space == 0 ? &probe : out->data + out->size;
    stream->avail_out = given;
    int code = deflate(stream, Z_FINISH);
    uInt made = given - stream->avail_out;
    if (code != Z_STREAM_END && code != Z_OK && code != Z_BUF_ERROR)
        return fail_zlib(err, code, "deflate");
    if (space == 0 && made > 0)
        return hanse_fail(err, HANSE_LIMIT, "deflated data does not fit the %zu bytes of its buffer",
                          out->max_bytes);
    out->size += made;
    *done = code == Z_STREAM_END;
    return HANSE_OK;
}

/* Runs to the end of the stream, growing `out` as needed; out->size counts what was written so far. */
static enum hanse_status deflate_all(z_stream *stream, struct hanse_buffer *out, struct hanse_error *err)
{
    size_t more = deflateBound(stream, stream->avail_in);
    bool done = false;
    enum hanse_status status = HANSE_OK;
    while (status == HANSE_OK && !done) {
        size_t room = out->max_bytes - out->size;
        status = hanse_buffer_reserve(out, more < room ? more : room, err);
        if (status == HANSE_OK)
            status = deflate_some(stream, out, &done, err);
        more = GROWTH_BYTES;
    }
    return status;
}

enum hanse_status hanse_deflater_run(struct hanse_deflater *deflater, struct hanse_bytes dictionary,
                                     struct hanse_bytes input, struct hanse_buffer *out,
                                     struct hanse_error *err)
{
    enum hanse_status status = check_input(input, err);
    if (status != HANSE_OK)
        return status;
    z_stream *stream = &deflater->stream;
    struct hanse_bytes window = window_of(dictionary);
    int code = deflateReset(stream);
    if (code == Z_OK && window.size > 0)
        code = deflateSetDictionary(stream, window.data, (uInt)window.size);
    if (code != Z_OK)
        return fail_zlib(err, code, "deflate");
    size_t before = out->size;
    stream->next_in = input.data;
    stream->avail_in = (uInt)input.size;
    status = deflate_all(stream, out, err);
    if (status != HANSE_OK)
        out->size = before;
    return status;
}

enum hanse_status hanse_inflater_new(struct hanse_inflater **out, struct hanse_error *err)
{
    struct hanse_inflater *inflater = hanse_alloc(sizeof *inflater);
    if (inflater == NULL)
        return hanse_fail_memory(err);
    inflater->stream = fresh_stream;
    int code = inflateInit2(&inflater->stream, RAW_WINDOW_BITS);
    if (code != Z_OK) {
        hanse_free(inflater);
        return fail_zlib(err, code, "inflate");
    }
    *out = inflater;
    return HANSE_OK;
}

void hanse_inflater_free(struct hanse_inflater *inflater)
{
    if (inflater != NULL)
        (void)inflateEnd(&inflater->stream);
    hanse_free(inflater);
}

/* What zlib's answer and what it left over mean for a stream that should give expected_size bytes. */
static enum hanse_status judge_inflate(const z_stream *stream, int code, size_t input_size,
                                       size_t expected_size, struct hanse_error *err)
{
    size_t offset = input_size - stream->avail_in;
    size_t made = expected_size - stream->avail_out;
    if (code == Z_STREAM_END && stream->avail_in > 0)
        return hanse_fail_at(err, HANSE_MALFORMED, offset, "deflated data has %u bytes after its end",
                             stream->avail_in);
    if (code == Z_STREAM_END && made < expected_size)
        return hanse_fail_at(err, HANSE_MALFORMED, offset, "deflated data gives %zu bytes instead of %zu",
                             made, expected_size);
    if (code == Z_STREAM_END)
        return HANSE_OK;
    if (code == Z_DATA_ERROR)
        return hanse_fail_at(err, HANSE_MALFORMED, offset, "deflated data is broken: %s",
                             stream->msg != NULL ? stream->msg : "no detail");
    if (code != Z_OK && code != Z_BUF_ERROR)
        return fail_zlib(err, code, "inflate");
    if (stream->avail_in > 0)
        return hanse_fail_at(err, HANSE_MALFORMED, offset, "deflated data gives more than %zu bytes",
                             expected_size);
    return hanse_fail_at(err, HANSE_MALFORMED, offset, "deflated data is cut short after %zu of %zu bytes",
                         made, expected_size);
}

enum hanse_status hanse_inflater_run(struct hanse_inflater *inflater, struct hanse_bytes dictionary,
                                     struct hanse_bytes input, size_t expected_size, struct hanse_buffer *out,
                                     struct hanse_error *err)
{
    enum hanse_status status = check_input(input, err);
    if (status == HANSE_OK && expected_size > UINT_MAX)
        status = hanse_fail(err, HANSE_LIMIT, "inflated data has %zu bytes, more than %u", expected_size,
                            UINT_MAX);
    if (status == HANSE_OK)
        status = hanse_buffer_reserve(out, expected_size, err);
    if (status != HANSE_OK)
        return status;
    z_stream *stream = &inflater->stream;
    struct hanse_bytes window = window_of(dictionary);
    int code = inflateReset2(stream, RAW_WINDOW_BITS);
    if (code == Z_OK && window.size > 0)
        code = inflateSetDictionary(stream, window.data, (uInt)window.size);
    if (code != Z_OK)
        return fail_zlib(err, code, "inflate");
    uint8_t nowhere; /* zlib refuses a NULL output even where none is expected */
    uint8_t nothing = 0;
    stream->next_in = input.size > 0 ? input.data : &nothing;
    stream->avail_in = (uInt)input.size;
    stream->next_out = expected_size > 0 ? out->data + out->size : &nowhere;
    stream->avail_out = (uInt)expected_size;
    code = inflate(stream, Z_FINISH);
    status = judge_inflate(stream, code, input.size, expected_size, err);
    if (status == HANSE_OK)
        out->size += expected_size;
    return status;
}
