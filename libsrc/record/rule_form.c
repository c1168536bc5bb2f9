/* SPDX-License-Identifier: Apache-2.0 */
/* The forms of codes, with the check digits of those that have one. */
#include "base/bytes.h"
#include "record/rule.h"

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_capital(uint8_t c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_letter(uint8_t c)
{
    return is_capital(c) || (c >= 'a' && c <= 'z');
}

static bool are_digits(struct hanse_bytes text)
{
    for (size_t i = 0; i < text.size; i++)
        if (!is_digit(text.data[i]))
            return false;
    return text.size > 0;
}

/* RFC 5646 in form: a language of 2, 3 or 5 to 8 letters (or x, i), then subtags of 1 to 8 letters and
 * digits. */
bool hanse_rule_is_language(const struct hanse_value *value)
{
    struct hanse_bytes tag = value->as.bytes;
    size_t start = 0;
    while (start <= tag.size) {
        size_t end = hanse_bytes_find(tag, start, '-');
        if (end == start || end - start > 8)
            return false;
        for (size_t i = start; i < end; i++)
            if (!is_letter(tag.data[i]) && (start == 0 || !is_digit(tag.data[i])))
                return false;
        bool is_private = end == 1 && (tag.data[0] == 'x' || tag.data[0] == 'i') && end < tag.size;
        /* Two or three letters: none of the longer ones that the form allows was ever registered. */
        if (start == 0 && (end == 1 || end > 3) && !is_private)
            return false;
        start = end + 1;
    }
    return true;
}

bool hanse_rule_is_currency(const struct hanse_value *value)
{
    struct hanse_bytes text = value->as.bytes;
    return text.size == 3 && is_capital(text.data[0]) && is_capital(text.data[1]) && is_capital(text.data[2]);
}

bool hanse_rule_is_share(const struct hanse_value *value)
{
    return value->as.natural <= 1000000;
}

bool hanse_rule_is_rating(const struct hanse_value *value)
{
    return value->as.natural <= 5;
}

bool hanse_rule_is_likely_year(const struct hanse_value *value)
{
    return value->as.natural >= 1800 && value->as.natural <= 2200;
}

/* RFC 3986 scheme, colon, something, and none of the characters that no URI has. */
bool hanse_rule_is_url(const struct hanse_value *value)
{
    struct hanse_bytes text = value->as.bytes;
    size_t colon = hanse_bytes_find(text, 0, ':');
    if (colon < 2 || colon + 1 >= text.size || !is_letter(text.data[0]))
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] <= ' ' || text.data[i] == '"' || text.data[i] == '<' || text.data[i] == '>')
            return false;
    return true;
}

/* What mail programs take without asking: a local part, "@", and a domain with a dot. */
bool hanse_rule_is_email(const struct hanse_value *value)
{
    struct hanse_bytes text = value->as.bytes;
    size_t at = hanse_bytes_find(text, 0, '@');
    size_t dot = hanse_bytes_find(text, at + 2, '.');
    if (at == 0 || hanse_bytes_find(text, at + 1, '@') < text.size || dot + 1 >= text.size)
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] <= ' ' || text.data[i] == ',' || text.data[i] == ';' || text.data[i] == '<' ||
            text.data[i] == '>')
            return false;
    return true;
}

bool hanse_rule_is_decimal(const struct hanse_value *value)
{
    struct hanse_bytes text = value->as.bytes;
    size_t start = text.size > 0 && text.data[0] == '-';
    size_t point = hanse_bytes_find(text, start, '.');
    struct hanse_bytes fraction = hanse_bytes_slice(text, point + 1, text.size);
    return are_digits(hanse_bytes_slice(text, start, point - start)) &&
           (point == text.size || are_digits(fraction));
}

/* JP-LGCODE, 6 digits: the last is (11 - (sum of the first five times 6, 5, 4, 3, 2) mod 11) mod 10
 * (Ministry of Internal Affairs and Communications, code table of local governments). */
static bool is_lgcode(struct hanse_bytes code)
{
    if (code.size != 6 || !are_digits(code))
        return false;
    unsigned sum = 0;
    for (unsigned i = 0; i < 5; i++)
        sum += (unsigned)(code.data[i] - '0') * (6 - i);
    return (11 - sum % 11) % 10 == (unsigned)(code.data[5] - '0');
}

/* Corporate number of Japan, 13 digits: the first is 9 - (sum of the others, from the right times 1, 2, 1, 2
 * ...) mod 9 (Ordinance on the designation of corporate numbers, 2014). */
static bool is_corporate_number(struct hanse_bytes code)
{
    if (code.size != 13 || !are_digits(code))
        return false;
    unsigned sum = 0;
    for (unsigned i = 1; i < 13; i++)
        sum += (unsigned)(code.data[i] - '0') * (i % 2 == 0 ? 1 : 2);
    return 9 - sum % 9 == (unsigned)(code.data[0] - '0');
}

/* org-id.guide: list code, hyphen, number in that list; JP-JCN has a check digit. */
static bool is_orgid(struct hanse_bytes code)
{
    struct hanse_bytes list = hanse_bytes_slice(code, 0, 7);
    size_t hyphen = hanse_bytes_find(code, 0, '-');
    if (hanse_bytes_equal_text(list, "JP-JCN-"))
        return is_corporate_number(hanse_bytes_slice(code, 7, code.size));
    return hyphen > 0 && hyphen + 1 < code.size && hanse_bytes_find(code, 0, ' ') == code.size;
}

/* UN/LOCODE: country, then three of A-Z and 2-9. */
static bool is_unlocode(struct hanse_bytes code)
{
    if (code.size != 5 || !is_capital(code.data[0]) || !is_capital(code.data[1]))
        return false;
    for (size_t i = 2; i < 5; i++)
        if (!is_capital(code.data[i]) && (code.data[i] < '2' || code.data[i] > '9'))
            return false;
    return true;
}

static bool is_wikidata(struct hanse_bytes code)
{
    return code.size > 1 && code.data[0] == 'Q' && code.data[1] != '0' &&
           are_digits(hanse_bytes_slice(code, 1, code.size));
}

/* IATI rules 1.3.x and 1.12.x: nothing that would be read as part of a query or a list. */
static bool is_iati(struct hanse_bytes code)
{
    for (size_t i = 0; i < code.size; i++)
        if (code.data[i] <= ' ' || code.data[i] == '/' || code.data[i] == '&' || code.data[i] == '|' ||
            code.data[i] == '?')
            return false;
    return true;
}

bool hanse_rule_is_identifier(struct hanse_bytes scheme, struct hanse_bytes value)
{
    static const struct {
        const char *scheme;
        bool (*is_valid)(struct hanse_bytes code);
    } forms[] = {
        {"JP-LGCODE", is_lgcode},  {"UNLOCODE", is_unlocode}, {"ORGID", is_orgid},
        {"WIKIDATA", is_wikidata}, {"GEONAMES", are_digits},  {"CDP-ACCOUNT", are_digits},
        {"IATI-ORG", is_iati},     {"IATI-ACT", is_iati},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (hanse_bytes_equal_text(scheme, forms[i].scheme))
            return forms[i].is_valid(value);
    return true;
}
