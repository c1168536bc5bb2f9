/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns by hand: few enough, and linear in the text whatever it holds. */
#include "record/personal.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"

enum { TELEPHONE_DIGITS_INTERNATIONAL = 8, TELEPHONE_DIGITS = 9, TELEPHONE_MAX_DIGITS = 15, SEEN_BYTES = 64 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_local_part(char c)
{
    return is_word(c) || (c != '\0' && strchr("._%+-", c) != NULL);
}

/* Length of a domain with at least one dot between labels, 0 if there is none. */
static size_t domain_size(const char *text)
{
    size_t at = 0;
    size_t size = 0;
    size_t labels = 0;
    while (is_word(text[at])) {
        while (is_word(text[at]) || text[at] == '-')
            at++;
        labels++;
        size = at;
        if (text[at] != '.')
            break;
        at++;
    }
    return labels >= 2 ? size : 0;
}

bool hanse_personal_find_email(const char *text, struct hanse_bytes *out)
{
    const char *unclaimed = text; /* a local part never reaches back over an earlier "@" */
    for (const char *at = strchr(text, '@'); at != NULL; at = strchr(at + 1, '@')) {
        const char *start = at;
        while (start > unclaimed && is_local_part(start[-1]))
            start--;
        size_t domain = domain_size(at + 1);
        if (start < at && domain > 0) {
            *out = hanse_bytes_of(start, (size_t)(at - start) + 1 + domain);
            return true;
        }
        unclaimed = at + 1;
    }
    return false;
}

/* Size of the run of digits and separators at the start, up to its last digit. */
static size_t number_size(const char *text, unsigned *out_digits)
{
    unsigned digits = 0;
    size_t size = 0;
    size_t gap = 0;
    for (size_t i = text[0] == '+' ? 1 : 0; text[i] != '\0' && gap <= 2; i++) {
        if (is_digit(text[i])) {
            digits++;
            size = i + 1;
            gap = 0;
        } else if (strchr(" -()", text[i]) != NULL) {
            gap++;
        } else {
            break;
        }
    }
    *out_digits = digits;
    return size;
}

static bool reads_as_telephone(const char *text, size_t *out_size)
{
    unsigned digits;
    bool international = text[0] == '+' && (is_digit(text[1]) || text[1] == '(');
    bool national = text[0] == '0' || (text[0] == '(' && is_digit(text[1]));
    *out_size = number_size(text, &digits);
    unsigned least = international ? TELEPHONE_DIGITS_INTERNATIONAL : TELEPHONE_DIGITS;
    return (international || national) && digits >= least && digits <= TELEPHONE_MAX_DIGITS &&
           !is_word(text[*out_size]);
}

bool hanse_personal_find_telephone(const char *text, struct hanse_bytes *out)
{
    for (size_t at = 0; text[at] != '\0';) {
        size_t size = 0;
        bool starts = at == 0 || (!is_word(text[at - 1]) && strchr(".,@/_-", text[at - 1]) == NULL);
        if (starts && reads_as_telephone(text + at, &size)) {
            *out = hanse_bytes_of(text + at, size);
            return true;
        }
        at += starts && size > 0 ? size : 1;
    }
    return false;
}

static void report_seen(hanse_finding_report *report, void *context, const char *path, const char *rule,
                        const char *what, struct hanse_bytes seen)
{
    char message[SEEN_BYTES + 64];
    int shown = (int)(seen.size < SEEN_BYTES ? seen.size : SEEN_BYTES);
    (void)snprintf(message, sizeof message, "text shows %s \"%.*s\"", what, shown, (const char *)seen.data);
    struct hanse_finding finding = {
        .severity = "warning",
        .rule = rule,
        .path = path,
        .message = message,
        .remedy = "name an office instead, or move it into a ContactPoint record with an audience of its own",
    };
    report(context, &finding);
}

static bool is_localized_text(const char *path)
{
    static const char end[] = ".text";
    size_t size = strlen(path);
    return size >= sizeof end && strcmp(path + size - (sizeof end - 1), end) == 0;
}

static void scan_text(const char *path, const char *text, hanse_finding_report *report, void *context)
{
    struct hanse_bytes seen;
    if (hanse_personal_find_email(text, &seen))
        report_seen(report, context, path, "personal-email", "the e-mail address", seen);
    if (hanse_personal_find_telephone(text, &seen))
        report_seen(report, context, path, "personal-telephone", "the telephone number", seen);
}

static void close_cursor(struct hanse_record_cursor **cursor)
{
    hanse_record_cursor_close(*cursor);
}

enum hanse_status hanse_personal_scan(const struct hanse_record *record, hanse_finding_report *report,
                                      void *context, struct hanse_error *err)
{
    __attribute__((cleanup(close_cursor))) struct hanse_record_cursor *cursor = NULL;
    enum hanse_status status = hanse_record_cursor_open(record, &cursor, err);
    while (status == HANSE_OK) {
        const char *path;
        const char *value;
        bool is_text;
        struct hanse_error ended;
        status = hanse_record_cursor_next(cursor, &path, &value, &is_text, &ended);
        if (status == HANSE_NOT_FOUND)
            return HANSE_OK;
        if (status == HANSE_OK && is_text && is_localized_text(path))
            scan_text(path, value, report, context);
        else if (status != HANSE_OK && err != NULL)
            *err = ended;
    }
    return status;
}
