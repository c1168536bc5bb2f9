/* SPDX-License-Identifier: Apache-2.0 */
#include "record/cell.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "record/value.h"

enum { MAX_DECIMALS = 9 };

enum hanse_cell_form hanse_cell_form_of(const struct hanse_schema *schema)
{
    if (schema != NULL && strcmp(hanse_schema_name(schema), "Date") == 0)
        return HANSE_CELL_DATE;
    if (schema != NULL && strcmp(hanse_schema_name(schema), "Money") == 0)
        return HANSE_CELL_MONEY;
    return HANSE_CELL_SCALAR;
}

struct hanse_bytes hanse_cell_trim(struct hanse_bytes text)
{
    while (text.size > 0 && memchr(" \t\r\n", text.data[0], 4) != NULL)
        text = hanse_bytes_slice(text, 1, text.size);
    while (text.size > 0 && memchr(" \t\r\n", text.data[text.size - 1], 4) != NULL)
        text.size--;
    return text;
}

bool hanse_cell_is_active(struct hanse_bytes text)
{
    size_t at = 0;
    while (at < text.size && text.data[at] == '\'')
        at++;
    return at < text.size && memchr("=+-@\t\r", text.data[at], 6) != NULL;
}

struct hanse_bytes hanse_cell_activate(struct hanse_bytes text)
{
    bool is_held = text.size > 0 && text.data[0] == '\'' && hanse_cell_is_active(text);
    return is_held ? hanse_bytes_slice(text, 1, text.size) : text;
}

static enum hanse_status refuse(struct hanse_bytes text, const char *wanted, struct hanse_error *err)
{
    return hanse_fail(err, HANSE_INVALID_ARGUMENT, "value \"%.*s\" is refused: %s",
                      hanse_value_shown_bytes(text, 60), text.size > 0 ? (const char *)text.data : "",
                      wanted);
}

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

/* Digits at the start, at most `most`; they are taken off the text. */
static size_t take_number(struct hanse_bytes *text, size_t most, uint64_t *out)
{
    size_t count = 0;
    *out = 0;
    while (count < most && count < text->size && is_digit(text->data[count]))
        *out = *out * 10 + (uint64_t)(text->data[count++] - '0');
    *text = hanse_bytes_slice(*text, count, text->size);
    return count;
}

/* What a form says next: how many equal letters, or one character as it is. */
static size_t token_size(const char *form)
{
    size_t size = 1;
    while (isalpha((unsigned char)form[0]) && form[size] == form[0])
        size++;
    return size;
}

static const char *field_of(const char *token, size_t size)
{
    if (size == 4 && token[0] == 'Y')
        return "year";
    if (size == 2 && token[0] == 'M')
        return "month";
    return size == 2 && token[0] == 'D' ? "day" : NULL;
}

bool hanse_cell_is_date_form(const char *form)
{
    unsigned years = 0;
    unsigned months = 0;
    unsigned days = 0;
    bool after_field = false;
    for (size_t size = 0; *form != '\0'; form += size) {
        size = token_size(form);
        const char *field = field_of(form, size);
        if (isalnum((unsigned char)*form) && (field == NULL || after_field))
            return false;
        after_field = field != NULL;
        years += field != NULL && field[0] == 'y';
        months += field != NULL && field[0] == 'm';
        days += field != NULL && field[0] == 'd';
    }
    return years == 1 && months <= 1 && days <= months;
}

static bool read_date(struct hanse_bytes text, const char *form, struct hanse_cell_parts *out)
{
    out->count = 0;
    for (size_t size = 0; *form != '\0'; form += size) {
        size = token_size(form);
        const char *field = field_of(form, size);
        if (field == NULL) {
            if (text.size == 0 || text.data[0] != (uint8_t)*form)
                return false;
            text = hanse_bytes_slice(text, 1, text.size);
            continue;
        }
        uint64_t number = 0;
        size_t digits = take_number(&text, size, &number);
        if (digits == 0 || number == 0 || (size == 4 && digits != 4))
            return false;
        struct hanse_cell_part *part = &out->items[out->count++];
        part->field = field;
        (void)snprintf(part->text, sizeof part->text, "%" PRIu64, number);
    }
    return text.size == 0;
}

enum hanse_status hanse_cell_read_date(struct hanse_bytes text, const char *form,
                                       struct hanse_cell_parts *out, struct hanse_error *err)
{
    struct hanse_cell_parts parts;
    char wanted[120];
    bool good = form != NULL ? read_date(text, form, &parts)
                             : read_date(text, "YYYY-MM-DD", &parts) || read_date(text, "YYYY-MM", &parts) ||
                                   read_date(text, "YYYY", &parts);
    if (good) {
        *out = parts;
        return HANSE_OK;
    }
    if (form == NULL)
        return refuse(text, "write the date as YYYY-MM-DD, or say its form in the map", err);
    (void)snprintf(wanted, sizeof wanted, "write the date as %.60s, as the map says", form);
    return refuse(text, wanted, err);
}

/* Billionths of up to nine decimal places. */
static uint64_t nanos_of(uint64_t decimals, size_t places)
{
    for (; places < MAX_DECIMALS; places++)
        decimals *= 10;
    return decimals;
}

enum hanse_status hanse_cell_read_money(struct hanse_bytes text, struct hanse_cell_parts *out,
                                        struct hanse_error *err)
{
    static const char wanted[] = "write the amount in digits, such as 1250 or 1250.50";
    struct hanse_bytes left = text;
    bool negative = left.size > 0 && left.data[0] == '-';
    uint64_t units = 0;
    uint64_t decimals = 0;
    left = hanse_bytes_slice(left, negative, left.size);
    if (take_number(&left, 18, &units) == 0)
        return refuse(text, wanted, err);
    if (left.size > 0) {
        bool is_mark = left.data[0] == '.' || left.data[0] == ',';
        left = hanse_bytes_slice(left, 1, left.size);
        size_t places = take_number(&left, MAX_DECIMALS, &decimals);
        if (!is_mark || places == 0 || left.size > 0)
            return refuse(text, wanted, err);
        if (places == 3)
            return refuse(text, "nobody knows whether thousands or decimals follow the mark", err);
        decimals = nanos_of(decimals, places);
    }
    const char *sign = negative ? "-" : "";
    struct hanse_cell_parts parts = {.count = decimals > 0 ? 2 : 1, .items = {{"units", ""}, {"nanos", ""}}};
    (void)snprintf(parts.items[0].text, sizeof parts.items[0].text, "%s%" PRIu64, units > 0 ? sign : "",
                   units);
    (void)snprintf(parts.items[1].text, sizeof parts.items[1].text, "%s%" PRIu64, sign, decimals);
    *out = parts;
    return HANSE_OK;
}
