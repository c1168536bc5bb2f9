/* SPDX-License-Identifier: Apache-2.0 */
/* Options by table, help from the same table, times and durations. */
#include "args.h"

#include <stdio.h>
#include <string.h>

static void print_option(const char *name, const char *value, const char *help)
{
    char left[64];
    (void)snprintf(left, sizeof left, "--%s%s%s", name, value != NULL ? " " : "", value != NULL ? value : "");
    (void)printf("  %-24s %s\n", left, help);
}

static void print_help(const struct args *args)
{
    const struct verb *verb = args->verb;
    (void)printf("hanse %s: %s\n\nusage: hanse [-C DIR] %s%s%s\n", verb->name, verb->changes, verb->name,
                 verb->synopsis[0] != '\0' ? " " : "", verb->synopsis);
    if (verb->help != NULL) {
        (void)printf("\n%s\n", verb->help);
    }
    (void)printf("\noptions:\n");
    for (size_t i = 0; i < args->option_count; i++) {
        const struct args_option *option = &args->options[i];
        if (option->text != NULL || option->flag != NULL) {
            print_option(option->name, option->value, option->help);
        }
    }
    print_option("json", NULL, "JSON on stdout: one document, or one a line for lists");
    print_option("as", "ORIGIN", "the own feed to work on, where the node has several");
}

static bool wrong(const struct args *args, int *out_exit, const char *what, const char *subject)
{
    char advice[512];
    const char *synopsis = args->verb->synopsis;
    (void)snprintf(advice, sizeof advice, "usage: hanse %s%s%s", args->verb->name,
                   synopsis[0] != '\0' ? " " : "", synopsis);
    cli_complain(advice, "%s '%s'", what, subject);
    *out_exit = CLI_USAGE;
    return false;
}

size_t args_distance(const char *a, const char *b)
{
    enum { MOST = 32 };
    size_t row[MOST + 1];
    size_t a_size = strlen(a);
    size_t b_size = strlen(b);
    if (a_size > MOST || b_size > MOST) {
        return MOST;
    }
    for (size_t j = 0; j <= b_size; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a_size; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            size_t best = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            if (row[j] + 1 < best) {
                best = row[j] + 1;
            }
            if (row[j - 1] + 1 < best) {
                best = row[j - 1] + 1;
            }
            row[j] = best;
        }
    }
    return row[b_size];
}

static const struct args_option *find_option(const struct args *args, const char *name, size_t size)
{
    for (size_t i = 0; i < args->option_count; i++) {
        const char *candidate = args->options[i].name;
        if (strlen(candidate) == size && memcmp(candidate, name, size) == 0) {
            return &args->options[i];
        }
    }
    return NULL;
}

static bool unknown_option(const struct args *args, int *out_exit, const char *given, size_t size)
{
    char name[40];
    (void)snprintf(name, sizeof name, "--%.*s", (int)size, given);
    const struct args_option *nearest = NULL;
    size_t least = 3;
    for (size_t i = 0; i < args->option_count; i++) {
        size_t distance = args_distance(name + 2, args->options[i].name);
        if (distance < least) {
            least = distance;
            nearest = &args->options[i];
        }
    }
    if (nearest == NULL) {
        return wrong(args, out_exit, "unknown option", name);
    }
    char what[128];
    (void)snprintf(what, sizeof what, "unknown option '%s'; did you mean", name);
    char meant[64];
    (void)snprintf(meant, sizeof meant, "--%s", nearest->name);
    return wrong(args, out_exit, what, meant);
}

/* What one "--name[=value]" did: how many further words it took, or -1 with *out_exit set. */
static int read_option(struct args *args, const struct args_option *shared, size_t shared_count, char **words,
                       int *out_exit)
{
    const char *name = words[0] + 2;
    const char *equals = strchr(name, '=');
    size_t size = equals != NULL ? (size_t)(equals - name) : strlen(name);
    const struct args common = {.options = shared, .option_count = shared_count};
    const struct args_option *option = find_option(args, name, size);
    if (option == NULL) {
        option = find_option(&common, name, size);
    }
    if (option == NULL) {
        (void)unknown_option(args, out_exit, name, size);
        return -1;
    }
    if (option->text == NULL && option->flag == NULL) {
        (void)wrong(args, out_exit, "this version does not have the option yet:", words[0]);
        return -1;
    }
    if (option->flag != NULL) {
        if (equals != NULL) {
            (void)wrong(args, out_exit, "this option takes no value:", words[0]);
            return -1;
        }
        *option->flag = true;
        return 0;
    }
    if (equals != NULL) {
        *option->text = equals + 1;
        return 0;
    }
    if (words[1] == NULL) {
        (void)wrong(args, out_exit, "a value must follow the option", words[0]);
        return -1;
    }
    *option->text = words[1];
    return 1;
}

static bool check_count(struct args *args, int *out_exit)
{
    if (args->found_count < args->least) {
        return wrong(args, out_exit, "an argument is missing after", args->verb->name);
    }
    if (args->found_count > args->most) {
        return wrong(args, out_exit, "one argument too many:", args->found[args->most]);
    }
    return true;
}

bool args_read(struct args *args, struct cli *cli, int argc, char **argv, int *out_exit)
{
    bool help = false;
    const struct args_option shared[] = {
        {"json", NULL, NULL, NULL, &cli->json},
        {"as", "ORIGIN", NULL, &cli->origin, NULL},
        {"help", NULL, NULL, NULL, &help},
    };
    bool only_words = false;
    int found = 0;
    for (int i = 1; i < argc; i++) {
        if (!only_words && strcmp(argv[i], "--") == 0) {
            only_words = true;
        } else if (!only_words && strcmp(argv[i], "-h") == 0) {
            help = true;
        } else if (!only_words && strncmp(argv[i], "--", 2) == 0) {
            int taken = read_option(args, shared, sizeof shared / sizeof *shared, argv + i, out_exit);
            if (taken < 0) {
                return false;
            }
            i += taken;
        } else if (!only_words && !args->hyphened && argv[i][0] == '-' && argv[i][1] != '\0') {
            bool is_dir = strncmp(argv[i], "-C", 2) == 0;
            return wrong(args, out_exit, is_dir ? "before the verb belongs" : "unknown option", argv[i]);
        } else {
            argv[found++] = argv[i];
        }
    }
    if (help) {
        print_help(args);
        *out_exit = CLI_DONE;
        return false;
    }
    args->found = (const char **)argv;
    args->found_count = (size_t)found;
    return check_count(args, out_exit);
}

size_t args_take_all(int *argc, char **argv, const char *name, const char **values)
{
    size_t size = strlen(name);
    size_t count = 0;
    int kept = 1;
    int i = 1;
    for (; i < *argc && strcmp(argv[i], "--") != 0; i++) {
        bool is_option = strncmp(argv[i], "--", 2) == 0 && strncmp(argv[i] + 2, name, size) == 0;
        char end = is_option ? argv[i][2 + size] : 'x';
        if (end == '=') {
            values[count++] = argv[i] + 2 + size + 1;
        } else if (end == '\0' && is_option && i + 1 < *argc) {
            values[count++] = argv[++i];
        } else {
            argv[kept++] = argv[i];
        }
    }
    while (i < *argc) {
        argv[kept++] = argv[i++];
    }
    argv[kept] = NULL;
    *argc = kept;
    return count;
}

static bool read_digits(const char **text, size_t count, unsigned *out)
{
    unsigned value = 0;
    for (size_t i = 0; i < count; i++, (*text)++) {
        if (**text < '0' || **text > '9') {
            return false;
        }
        value = value * 10 + (unsigned)(**text - '0');
    }
    *out = value;
    return true;
}

bool args_duration(const char *text, uint64_t *out_s)
{
    uint64_t value = 0;
    size_t digits = 0;
    for (; text[digits] >= '0' && text[digits] <= '9'; digits++) {
        value = value * 10 + (uint64_t)(text[digits] - '0');
    }
    /* Nine digits of days stay far below 64 bits of seconds. */
    if (digits == 0 || digits > 9 || (text[digits] != '\0' && text[digits + 1] != '\0')) {
        return false;
    }
    switch (text[digits]) {
    case '\0':
    case 's':
        break;
    case 'm':
        value *= 60;
        break;
    case 'h':
        value *= 60 * 60;
        break;
    case 'd':
        value *= 24 * 60 * 60;
        break;
    default:
        return false;
    }
    *out_s = value;
    return true;
}

bool args_amount(const char *text, uint64_t *out)
{
    static const char units[] = "kMGT";
    uint64_t value = 0;
    size_t at = 0;
    for (; text[at] >= '0' && text[at] <= '9'; at++) {
        if (value > (INT64_MAX - 9) / 10) {
            return false;
        }
        value = value * 10 + (uint64_t)(text[at] - '0');
    }
    const char *unit = at > 0 && text[at] != '\0' ? strchr(units, text[at]) : NULL;
    for (const char *of = units; unit != NULL && of <= unit; of++) {
        if (value > INT64_MAX / 1000) {
            return false;
        }
        value *= 1000;
    }
    if (value == 0 || text[unit != NULL ? at + 1 : at] != '\0') {
        return false;
    }
    *out = value;
    return true;
}

/* Days from 1970-01-01 of a date from 1970 on. */
static uint64_t days_of(unsigned year, unsigned month, unsigned day)
{
    static const unsigned before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    unsigned past = year - 1;
    uint64_t leaps = past / 4 - past / 100 + past / 400 - (1969 / 4 - 1969 / 100 + 1969 / 400);
    return (uint64_t)(year - 1970) * 365 + leaps + before[month - 1] + (leap && month > 2 ? 1 : 0) + day - 1;
}

static unsigned month_days(unsigned year, unsigned month)
{
    static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (leap && month == 2 ? 1 : 0);
}

static bool read_day(const char **text, uint64_t *out_days)
{
    unsigned year;
    unsigned month;
    unsigned day;
    if (!read_digits(text, 4, &year) || *(*text)++ != '-' || !read_digits(text, 2, &month) ||
        *(*text)++ != '-' || !read_digits(text, 2, &day)) {
        return false;
    }
    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > month_days(year, month)) {
        return false;
    }
    *out_days = days_of(year, month, day);
    return true;
}

bool args_date(const char *text, uint64_t *out_unix_s)
{
    uint64_t days;
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;
    if (!read_day(&text, &days)) {
        return false;
    }
    if (*text != '\0') {
        if (*text++ != 'T' || !read_digits(&text, 2, &hour) || *text++ != ':' ||
            !read_digits(&text, 2, &minute) || *text++ != ':' || !read_digits(&text, 2, &second) ||
            *text++ != 'Z' || *text != '\0' || hour > 23 || minute > 59 || second > 59) {
            return false;
        }
    }
    *out_unix_s = days * 86400 + hour * 3600u + minute * 60u + second;
    return true;
}

const char *args_find_equals(const char *text)
{
    int depth = 0;
    for (; *text != '\0'; text++) {
        depth += *text == '[' ? 1 : *text == ']' ? -1 : 0;
        if (*text == '=' && depth <= 0) {
            return text;
        }
    }
    return NULL;
}
