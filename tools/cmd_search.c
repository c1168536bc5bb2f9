/* SPDX-License-Identifier: Apache-2.0 */
/* hanse search: records by words. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <hanse/search.h>

#include "args.h"
#include "item_output.h"
#include "output.h"
#include "progress.h"
#include "verbs.h"

enum { TITLE_COLUMNS = 76 };

struct found {
    const struct cli *cli;
    bool records;
    bool bold; /* marks are shown by the terminal; else in brackets */
    uint64_t count;
};

/* The bytes [from, to) of a passage. */
static void print_part(const char *passage, size_t from, size_t to)
{
    char part[512];
    (void)snprintf(part, sizeof part, "%.*s", (int)(to - from), passage + from);
    output_text(stdout, part);
}

static void print_passage(const struct found *found, const struct hanse_search_hit *hit)
{
    size_t at = 0;
    (void)fputs("    ", stdout);
    for (size_t i = 0; i < hit->mark_count; i++) {
        print_part(hit->passage, at, hit->marks[i].start);
        at = hit->marks[i].start + hit->marks[i].size;
        (void)fputs(found->bold ? "\033[1m" : "[", stdout);
        print_part(hit->passage, hit->marks[i].start, at);
        (void)fputs(found->bold ? "\033[0m" : "]", stdout);
    }
    print_part(hit->passage, at, strlen(hit->passage));
    if (*hit->language != '\0' && strcmp(hit->language, "und") != 0) {
        (void)fputs("  (", stdout);
        output_text(stdout, hit->language);
        (void)fputc(')', stdout);
    }
    (void)fputc('\n', stdout);
}

static enum hanse_status print_hit(struct found *found, const struct hanse_search_hit *hit,
                                   struct hanse_error *err)
{
    char *title;
    char published[21];
    enum hanse_status status = item_title(hit->item, &title, err);
    if (status != HANSE_OK) {
        return status;
    }
    output_column(stdout, title != NULL ? title : "(without a title)", TITLE_COLUMNS, false);
    hanse_free(title);
    output_time(hit->item->published_unix_s, published);
    (void)printf("\n    ");
    output_text(stdout, hit->item->kind);
    (void)printf("  %.10s  ", published);
    output_text(stdout, hit->item->id);
    (void)fputc('\n', stdout);
    if (*hit->passage != '\0') {
        print_passage(found, hit);
    }
    return HANSE_OK;
}

/* Characters before a byte of a text. */
static uint64_t count_characters(const char *text, size_t size)
{
    uint64_t count = 0;
    for (size_t i = 0; i < size; i++) {
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    }
    return count;
}

static void json_marks(struct json *json, const struct hanse_search_hit *hit)
{
    json_open(json, "marks", '[');
    for (size_t i = 0; i < hit->mark_count; i++) {
        json_open(json, NULL, '[');
        json_number(json, NULL, count_characters(hit->passage, hit->marks[i].start));
        json_number(json, NULL, count_characters(hit->passage + hit->marks[i].start, hit->marks[i].size));
        json_close(json, ']');
    }
    json_close(json, ']');
}

static enum hanse_status print_json(const struct found *found, const struct hanse_search_hit *hit,
                                    struct hanse_error *err)
{
    struct json json = {.out = stdout};
    char *record = NULL;
    if (found->records && hit->item->record != NULL) {
        enum hanse_status status = hanse_record_json(hit->item->record, &record, err);
        if (status != HANSE_OK) {
            return status;
        }
    }
    json_open(&json, NULL, '{');
    json_number(&json, "rank", found->count + 1);
    json_number(&json, "score", hit->score);
    json_bool(&json, "ranked", hit->answer->ranked);
    json_number(&json, "total", hit->answer->total);
    json_text(&json, "id", hit->item->id);
    json_text(&json, "feed", hit->item->origin);
    json_number(&json, "revision", hit->item->revision);
    json_text(&json, "kind", hit->item->kind);
    json_time(&json, "published", hit->item->published_unix_s);
    json_text(&json, "language", *hit->language != '\0' ? hit->language : NULL);
    json_text(&json, "passage", *hit->passage != '\0' ? hit->passage : NULL);
    json_marks(&json, hit);
    if (found->records) {
        json_raw(&json, "record", record);
    }
    json_end(&json);
    hanse_free(record);
    return HANSE_OK;
}

static enum hanse_status visit(void *context, const struct hanse_search_hit *hit, struct hanse_error *err)
{
    struct found *found = context;
    enum hanse_status status = found->cli->json ? print_json(found, hit, err) : print_hit(found, hit, err);
    found->count++;
    return status;
}

static bool has_filter(const struct hanse_search *search)
{
    return search->kind != NULL || search->feed != NULL || search->city != NULL || search->country != NULL ||
           search->theme != NULL || search->since_unix_s > 0 || search->until_unix_s > 0;
}

static void advise_nothing(const struct hanse_search *search, const struct hanse_search_answer *answer)
{
    if (answer->near[0] != '\0') {
        cli_note("nothing found: no record has '%s'; did you mean '%s'?", answer->absent, answer->near);
    } else if (answer->absent[0] != '\0') {
        cli_note("nothing found: no record has '%s'; a beginning will do, as in 'transport*'",
                 answer->absent);
    } else if (has_filter(search)) {
        cli_note("nothing found; fewer filters or fewer words find more");
    } else {
        cli_note("nothing found: each word occurs, but no record has all of them");
    }
}

static void print_end(const struct found *found, const struct hanse_search *search,
                      const struct hanse_search_answer *answer)
{
    if (answer->behind > 0) {
        cli_note("%" PRIu64
                 " entries are not looked through: their words are not ready, and this node may only be read",
                 answer->behind);
    }
    if (answer->total == 0) {
        advise_nothing(search, answer);
        return;
    }
    if (found->cli->json) {
        return;
    }
    (void)fputc('\n', stdout);
    output_count(stdout, answer->total, "record", "records");
    if (answer->total > found->count) {
        (void)printf(", the %s %" PRIu64 " are shown", answer->ranked ? "best" : "newest", found->count);
    }
    (void)fputc('\n', stdout);
}

static int run_search(struct cli *cli, struct hanse_search *search, bool records)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    int code = cli_open(cli, &node);
    if (code != CLI_DONE) {
        return code;
    }
    struct progress progress;
    progress_start(&progress);
    search->progress = progress_tell;
    search->progress_context = &progress;
    struct found found = {.cli = cli, .records = records};
    found.bold = isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == NULL;
    struct hanse_search_answer answer;
    struct hanse_error err;
    enum hanse_status status = hanse_search_run(node, search, visit, &found, &answer, &err);
    progress_clear(&progress);
    if (status != HANSE_OK) {
        const char *advice = "'hanse feeds' lists the feeds; kinds are named as 'hanse list' shows them";
        return cli_fail_reading(&err, status == HANSE_NOT_FOUND ? advice : NULL);
    }
    print_end(&found, search, &answer);
    return CLI_DONE;
}

static int update(struct cli *cli)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    int code = cli_open(cli, &node);
    if (code != CLI_DONE) {
        return code;
    }
    struct progress progress;
    struct hanse_error err;
    progress_start(&progress);
    enum hanse_status status = hanse_search_update(node, progress_tell, &progress, &err);
    progress_clear(&progress);
    return status == HANSE_OK ? CLI_DONE : cli_fail(&err, NULL);
}

/* The words as one text; *out is the caller's. False: out of memory. */
static bool join_words(const struct args *args, char **out)
{
    size_t size = 1;
    for (size_t i = 0; i < args->found_count; i++) {
        size += strlen(args->found[i]) + 1;
    }
    char *text = calloc(1, size);
    for (size_t i = 0, used = 0; text != NULL && i < args->found_count; i++) {
        used += (size_t)snprintf(text + used, size - used, "%s%s", i > 0 ? " " : "", args->found[i]);
    }
    *out = text;
    return text != NULL;
}

static bool read_date(const char *text, uint64_t *out)
{
    if (text == NULL || args_date(text, out)) {
        return true;
    }
    cli_complain("write it as 2026-11-24 or 2026-11-24T13:09:57Z", "'%s' is no date", text);
    return false;
}

static bool read_limit(const char *text, uint32_t *out)
{
    char *end = NULL;
    unsigned long limit = text != NULL ? strtoul(text, &end, 10) : 0;
    if (text == NULL || (*text >= '1' && *text <= '9' && *end == '\0' && limit <= 1000)) {
        *out = (uint32_t)limit;
        return true;
    }
    cli_complain("it is a number from 1 to 1000", "'%s' is no limit", text);
    return false;
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct hanse_search search = {.version = 1};
    const char *since = NULL;
    const char *until = NULL;
    const char *limit = NULL;
    bool only_update = false;
    bool records = false;
    const struct args_option options[] = {
        {"kind", "K", "records of this kind only, such as Project", &search.kind, NULL},
        {"feed", "ORIGIN", "records of this feed only; its short name will do", &search.feed, NULL},
        {"city", "CODE", "of or about this city: UNLOCODE:JPKKJ, any of its codes, or its record's id",
         &search.city, NULL},
        {"country", "CC", "of or about this country: JP", &search.country, NULL},
        {"theme", "CODE", "with this code or a narrower one: SDG-GOAL:11 finds SDG-TARGET:11.6",
         &search.theme, NULL},
        {"since", "DATE", "published since then: 2026-11-24", &since, NULL},
        {"until", "DATE", "published before the end of that day", &until, NULL},
        {"limit", "N", "show so many (20); at most 1000", &limit, NULL},
        {"records", NULL, "with --json: the whole record in each line", NULL, &records},
        {"update", NULL, "look for nothing, only make the words of what arrived ready", NULL, &only_update},
    };
    struct args args = {.verb = &verb_search,
                        .options = options,
                        .option_count = sizeof options / sizeof *options,
                        .most = (size_t)argc,
                        .hyphened = true};
    int code;
    char *words = NULL;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    if (!read_date(since, &search.since_unix_s) || !read_date(until, &search.until_unix_s) ||
        !read_limit(limit, &search.limit)) {
        return CLI_USAGE;
    }
    if (until != NULL && strchr(until, 'T') == NULL) {
        search.until_unix_s += 86400;
    }
    if (only_update) {
        return update(cli);
    }
    if (args.found_count == 0 && !has_filter(&search)) {
        cli_complain("such as: hanse search waste --country JP", "there are no words to look for");
        return CLI_USAGE;
    }
    if (!join_words(&args, &words)) {
        cli_complain(NULL, "out of memory");
        return CLI_FAILED;
    }
    search.words = words;
    code = run_search(cli, &search, records);
    free(words);
    return code;
}

const struct verb verb_search = {
    .name = "search",
    .changes = "finds records by words, in any language; changes nothing but its own files",
    .synopsis = "WORDS [--kind K] [--city CODE] [--country CC] [--theme CODE] [--since DATE] [--until DATE]",
    .help = "All WORDS must occur, in any order. \"A phrase\" in quotes occurs as it stands (the shell takes "
            "quotes\n"
            "away: write '\"solid waste\"'), -word must not occur, word* is a beginning. Case, diacritics "
            "and widths make no difference; Japanese, Chinese, Korean and Thai need\n"
            "no spaces. The best come first; of more than 10,000, or without words, the newest. The first "
            "search\n"
            "after a large sync takes longer, since the words of what arrived are made ready; --update does "
            "that\n"
            "beforehand. Ids and codes are not words: 'hanse show' finds them.",
    .run = run,
};
