/* SPDX-License-Identifier: Apache-2.0 */
/* Over iconv of the C library, with a list of names: stateful and rare encodings stay outside. */
#include "record/csv/transcoder.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"

enum { IN_BYTES = 8192, OUT_BYTES = 4 * IN_BYTES, MAX_MARK_BYTES = 3 };

static const struct encoding {
    const char *name;
    const char *library_name; /* NULL: UTF-8, nothing is to be done */
    size_t unit_bytes;
    const char *mark; /* NULL: has none */
} encodings[] = {
    {"UTF-8", NULL, 1, "\xef\xbb\xbf"},      {"UTF-16LE", "UTF-16LE", 2, "\xff\xfe"},
    {"UTF-16BE", "UTF-16BE", 2, "\xfe\xff"}, {"CP932", "CP932", 1, NULL},
    {"Shift_JIS", "CP932", 1, NULL},         {"EUC-JP", "EUC-JP", 1, NULL},
    {"ISO-8859-1", "ISO-8859-1", 1, NULL},   {"ISO-8859-15", "ISO-8859-15", 1, NULL},
    {"windows-1250", "CP1250", 1, NULL},     {"windows-1252", "CP1252", 1, NULL},
    {"GB18030", "GB18030", 1, NULL},         {"Big5", "BIG5", 1, NULL},
    {"EUC-KR", "EUC-KR", 1, NULL},
};

struct hanse_transcoder {
    struct hanse_source source;
    const struct encoding *encoding;
    iconv_t converter; /* of an encoding with a library name */
    bool has_converter;
    bool has_ended; /* the source has */
    size_t mark_bytes;
    uint8_t in[IN_BYTES]; /* read and not yet converted */
    size_t in_size;
    uint8_t out[OUT_BYTES]; /* converted and not yet given */
    size_t out_size;
    size_t out_given;
};

static const struct encoding *find_encoding(const char *name)
{
    for (size_t i = 0; i < sizeof encodings / sizeof encodings[0]; i++)
        if (strcasecmp(name, encodings[i].name) == 0)
            return &encodings[i];
    return NULL;
}

static bool has_mark(const struct hanse_transcoder *transcoder, const struct encoding *encoding)
{
    size_t size = encoding->mark != NULL ? strlen(encoding->mark) : 0;
    return size > 0 && size <= transcoder->in_size && memcmp(transcoder->in, encoding->mark, size) == 0;
}

static enum hanse_status fill(struct hanse_transcoder *transcoder, struct hanse_error *err)
{
    size_t got = 0;
    enum hanse_status status =
        transcoder->source.read(transcoder->source.context, transcoder->in + transcoder->in_size,
                                IN_BYTES - transcoder->in_size, &got, err);
    if (status != HANSE_OK)
        return status;
    transcoder->in_size += got;
    transcoder->has_ended = got == 0;
    return HANSE_OK;
}

static void drop(struct hanse_transcoder *transcoder, size_t count)
{
    transcoder->in_size -= count;
    memmove(transcoder->in, transcoder->in + count, transcoder->in_size);
}

/* Without a name, and for "UTF-16", the mark decides. */
static enum hanse_status choose(struct hanse_transcoder *transcoder, const char *name,
                                struct hanse_error *err)
{
    bool is_utf16 = name != NULL && strcasecmp(name, "UTF-16") == 0;
    transcoder->encoding = find_encoding(name == NULL ? "UTF-8" : is_utf16 ? "UTF-16LE" : name);
    if (transcoder->encoding == NULL)
        return hanse_fail(
            err, HANSE_UNSUPPORTED,
            "encoding \"%.32s\" is not known; known are UTF-8, UTF-16, CP932, EUC-JP, ISO-8859-1, "
            "ISO-8859-15, windows-1250, windows-1252, GB18030, Big5, EUC-KR",
            name);
    for (size_t i = 1; i <= 2 && (name == NULL || is_utf16); i++)
        if (has_mark(transcoder, &encodings[i]))
            transcoder->encoding = &encodings[i];
    if (has_mark(transcoder, transcoder->encoding))
        transcoder->mark_bytes = strlen(transcoder->encoding->mark);
    drop(transcoder, transcoder->mark_bytes);
    return HANSE_OK;
}

static enum hanse_status start(struct hanse_transcoder *transcoder, const char *name, struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    while (status == HANSE_OK && transcoder->in_size < MAX_MARK_BYTES && !transcoder->has_ended)
        status = fill(transcoder, err);
    if (status == HANSE_OK)
        status = choose(transcoder, name, err);
    if (status != HANSE_OK || transcoder->encoding->library_name == NULL)
        return status;
    transcoder->converter = iconv_open("UTF-8", transcoder->encoding->library_name);
    transcoder->has_converter = transcoder->converter != (iconv_t)-1; /* NOLINT: what POSIX says */
    if (!transcoder->has_converter && errno == ENOMEM)
        return hanse_fail_memory(err);
    if (!transcoder->has_converter)
        return hanse_fail(err, HANSE_UNSUPPORTED, "encoding \"%s\" is not installed on this system",
                          transcoder->encoding->name);
    return HANSE_OK;
}

enum hanse_status hanse_transcoder_open(struct hanse_source source, const char *encoding,
                                        struct hanse_transcoder **out, struct hanse_error *err)
{
    struct hanse_transcoder *transcoder = hanse_alloc_zeroed(1, sizeof *transcoder);
    if (transcoder == NULL)
        return hanse_fail_memory(err);
    transcoder->source = source;
    enum hanse_status status = start(transcoder, encoding, err);
    if (status == HANSE_OK)
        *out = transcoder;
    else
        hanse_transcoder_close(transcoder);
    return status;
}

void hanse_transcoder_close(struct hanse_transcoder *transcoder)
{
    if (transcoder == NULL)
        return;
    if (transcoder->has_converter)
        (void)iconv_close(transcoder->converter);
    hanse_free(transcoder);
}

/* What is no character, or the beginning of one at the end. */
static void replace(struct hanse_transcoder *transcoder)
{
    size_t unit = transcoder->encoding->unit_bytes;
    drop(transcoder, unit < transcoder->in_size ? unit : transcoder->in_size);
    transcoder->out[transcoder->out_size++] = 0xff;
}

static void convert(struct hanse_transcoder *transcoder)
{
    char *in = (char *)transcoder->in;
    size_t in_left = transcoder->in_size;
    char *out = (char *)transcoder->out + transcoder->out_size;
    size_t out_left = OUT_BYTES - 1 - transcoder->out_size; /* room for one replacement */
    size_t result = iconv(transcoder->converter, &in, &in_left, &out, &out_left);
    int problem = result == (size_t)-1 ? errno : 0;
    transcoder->out_size = (size_t)(out - (char *)transcoder->out);
    drop(transcoder, transcoder->in_size - in_left);
    if (problem == EILSEQ || (problem == EINVAL && transcoder->has_ended))
        replace(transcoder);
}

static void copy(struct hanse_transcoder *transcoder)
{
    memcpy(transcoder->out, transcoder->in, transcoder->in_size);
    transcoder->out_size = transcoder->in_size;
    transcoder->in_size = 0;
}

static enum hanse_status read_text(void *context, uint8_t *buffer, size_t size, size_t *out_read,
                                   struct hanse_error *err)
{
    struct hanse_transcoder *transcoder = context;
    while (transcoder->out_given == transcoder->out_size) {
        transcoder->out_given = 0;
        transcoder->out_size = 0;
        if (transcoder->in_size == 0 && transcoder->has_ended) {
            *out_read = 0;
            return HANSE_OK;
        }
        if (transcoder->in_size > 0 && transcoder->has_converter)
            convert(transcoder);
        else if (transcoder->in_size > 0)
            copy(transcoder);
        /* Nothing came out of what is there: it is empty, or the beginning of a character. */
        enum hanse_status status =
            transcoder->out_size == 0 && !transcoder->has_ended ? fill(transcoder, err) : HANSE_OK;
        if (status != HANSE_OK)
            return status;
    }
    size_t left = transcoder->out_size - transcoder->out_given;
    *out_read = left < size ? left : size;
    memcpy(buffer, transcoder->out + transcoder->out_given, *out_read);
    transcoder->out_given += *out_read;
    return HANSE_OK;
}

struct hanse_source hanse_transcoder_source(struct hanse_transcoder *transcoder)
{
    return (struct hanse_source){.read = read_text, .context = transcoder};
}

bool hanse_transcoder_keeps_offsets(const struct hanse_transcoder *transcoder, uint64_t *out_mark_bytes)
{
    *out_mark_bytes = transcoder->mark_bytes;
    return !transcoder->has_converter;
}
