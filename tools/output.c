/* SPDX-License-Identifier: Apache-2.0 */
/* Text for people: columns, times, hashes. */
#include "output.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "cli.h"
#include "utf8.h"

static size_t write_scalar(FILE *out, uint32_t scalar, const char *bytes, size_t size)
{
    if (utf8_steers(scalar)) {
        int written = fprintf(out, "\\u{%X}", (unsigned)scalar);
        return written > 0 ? (size_t)written : 0;
    }
    (void)fwrite(bytes, 1, size, out);
    return utf8_columns(scalar);
}

static const char replacement[] = "\xEF\xBF\xBD";

void output_text(FILE *out, const char *text)
{
    while (*text != '\0') {
        size_t plain = 0;
        while (text[plain] >= ' ' && text[plain] <= '~') {
            plain++;
        }
        (void)fwrite(text, 1, plain, out);
        text += plain;
        if (*text == '\0') {
            return;
        }
        uint32_t scalar;
        size_t size = utf8_next(text, &scalar);
        if (size == 0) {
            (void)fputs(replacement, out);
            text++;
        } else {
            (void)write_scalar(out, scalar, text, size);
            text += size;
        }
    }
}

static size_t columns_of(uint32_t scalar)
{
    return utf8_steers(scalar) ? 8 : utf8_columns(scalar);
}

/* Columns of the whole text, at most `most` + 1. */
static size_t measure(const char *text, size_t most)
{
    size_t columns = 0;
    while (*text != '\0' && columns <= most) {
        uint32_t scalar;
        size_t size = utf8_next(text, &scalar);
        columns += size == 0 ? 1 : columns_of(scalar);
        text += size == 0 ? 1 : size;
    }
    return columns;
}

void output_column(FILE *out, const char *text, size_t columns, bool fill)
{
    bool fits = measure(text, columns) <= columns;
    size_t room = fits ? columns : columns - 1;
    size_t used = 0;
    while (*text != '\0') {
        uint32_t scalar = 0xFFFD;
        size_t size = utf8_next(text, &scalar);
        size_t next = size == 0 ? 1 : columns_of(scalar);
        if (used + next > room) {
            break;
        }
        used += size == 0 ? (size_t)(fputs(replacement, out) >= 0) : write_scalar(out, scalar, text, size);
        text += size == 0 ? 1 : size;
    }
    if (!fits) {
        (void)fputs("\xE2\x80\xA6", out);
        used++;
    }
    for (; fill && used < columns; used++) {
        (void)fputc(' ', out);
    }
}

void output_field(FILE *out, const char *label, const char *text)
{
    (void)fprintf(out, "  %-12s ", label);
    output_text(out, text);
    (void)fputc('\n', out);
}

void output_time(uint64_t unix_s, char out[21])
{
    const uint64_t last = UINT64_C(253402300799);
    time_t moment = (time_t)(unix_s > last ? last : unix_s);
    struct tm parts;
    if (gmtime_r(&moment, &parts) == NULL || strftime(out, 21, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0) {
        (void)snprintf(out, 21, "%s", "?");
    }
}

void output_base64(const uint8_t bytes[32], char out[45])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *next = out;
    for (size_t i = 0; i < 32; i += 3) {
        uint32_t group = (uint32_t)bytes[i] << 16;
        group |= i + 1 < 32 ? (uint32_t)bytes[i + 1] << 8 : 0;
        group |= i + 2 < 32 ? (uint32_t)bytes[i + 2] : 0;
        for (int shift = 18; shift >= 0; shift -= 6) {
            *next++ = digits[group >> shift & 63];
        }
    }
    /* 32 bytes leave two in the last group: one digit of padding. */
    next[-1] = '=';
    *next = '\0';
}

void output_bytes(uint64_t bytes, char out[16])
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
    double value = (double)bytes;
    size_t unit = 0;
    while (value >= 1000 && unit + 1 < sizeof units / sizeof *units) {
        value /= 1000;
        unit++;
    }
    (void)snprintf(out, 16, unit == 0 || value >= 100 ? "%.0f %s" : "%.1f %s", value, units[unit]);
}

void output_count(FILE *out, uint64_t count, const char *one, const char *many)
{
    (void)fprintf(out, "%" PRIu64 " %s", count, count == 1 ? one : many);
}

int output_end(int code)
{
    if (fflush(stdout) == 0 && !ferror(stdout)) {
        return code;
    }
    cli_complain("is the disk full, or did the reader of the output end?", "writing the output failed: %s",
                 strerror(errno));
    return cli_worse(code, CLI_FAILED);
}
