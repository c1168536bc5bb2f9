/* SPDX-License-Identifier: Apache-2.0 */
/* JSON on one line. */
#include <inttypes.h>
#include <string.h>

#include "output.h"
#include "utf8.h"

static void put_text(FILE *out, const char *text)
{
    (void)fputc('"', out);
    while (*text != '\0') {
        uint32_t scalar;
        size_t size = utf8_next(text, &scalar);
        if (size == 0) {
            (void)fputs("\\ufffd", out);
            text++;
            continue;
        }
        if (scalar == '"' || scalar == '\\') {
            (void)fprintf(out, "\\%c", (int)scalar);
        } else if (scalar < 0x20 || scalar == 0x7F || (scalar >= 0x2028 && scalar <= 0x2029)) {
            (void)fprintf(out, "\\u%04x", (unsigned)scalar);
        } else {
            (void)fwrite(text, 1, size, out);
        }
        text += size;
    }
    (void)fputc('"', out);
}

static void begin(struct json *json, const char *name)
{
    if (json->comma) {
        (void)fputs(", ", json->out);
    }
    json->comma = true;
    if (name != NULL) {
        put_text(json->out, name);
        (void)fputs(": ", json->out);
    }
}

void json_open(struct json *json, const char *name, char bracket)
{
    begin(json, name);
    (void)fputc(bracket, json->out);
    json->comma = false;
}

void json_close(struct json *json, char bracket)
{
    (void)fputc(bracket, json->out);
    json->comma = true;
}

void json_raw(struct json *json, const char *name, const char *text)
{
    begin(json, name);
    (void)fputs(text != NULL ? text : "null", json->out);
}

void json_text(struct json *json, const char *name, const char *text)
{
    if (text == NULL) {
        json_raw(json, name, NULL);
        return;
    }
    begin(json, name);
    put_text(json->out, text);
}

void json_number(struct json *json, const char *name, uint64_t number)
{
    begin(json, name);
    (void)fprintf(json->out, "%" PRIu64, number);
}

void json_bool(struct json *json, const char *name, bool value)
{
    json_raw(json, name, value ? "true" : "false");
}

void json_hash(struct json *json, const char *name, const uint8_t bytes[32])
{
    char text[45];
    output_base64(bytes, text);
    json_text(json, name, text);
}

void json_time(struct json *json, const char *name, uint64_t unix_s)
{
    char text[21];
    output_time(unix_s, text);
    json_text(json, name, unix_s == 0 ? NULL : text);
}

void json_limit(struct json *json, const char *name, uint64_t limit)
{
    if (limit == 0) {
        json_raw(json, name, NULL);
    } else {
        json_number(json, name, limit);
    }
}

void json_end(struct json *json)
{
    json_close(json, '}');
    (void)fputc('\n', json->out);
    json->comma = false;
}
