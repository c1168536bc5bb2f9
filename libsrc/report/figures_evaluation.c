/* SPDX-License-Identifier: Apache-2.0 */
/* Whether what was done is judged, and always in the same way. */
#include <stdlib.h>
#include <string.h>

#include "report/figures.h"

enum {
    STATUS_FINALISATION = 3,
    STATUS_CLOSED = 4,
    DATE_PLANNED_END = 3,
    DATE_ACTUAL_END = 4,
    TIMING_TERMINAL = 3,
    TIMING_EX_POST = 4,
    EVALUATION_COMPLETED = 3,
    GRACE_MONTHS = 24,
    DAC_CRITERIA = 6,
    RESPONSE_ACCEPTED = 1,
    ACTION_DONE = 3
};

/* The day on which a project ended: as it did, or as planned where it is said to be over. 0: it goes on. */
static int32_t end_of(const struct hanse_fact *project)
{
    bool is_over = project->main.status == STATUS_FINALISATION || project->main.status == STATUS_CLOSED;
    int32_t planned = 0;
    for (size_t i = 0; i < project->part_count; i++) {
        const struct hanse_facet *date = &project->parts[i];
        if (date->tag == HANSE_PART_DATE && date->type == DATE_ACTUAL_END)
            return date->end;
        if (date->tag == HANSE_PART_DATE && date->type == DATE_PLANNED_END)
            planned = date->end;
    }
    return is_over ? planned : 0;
}

/* It judges the end: made for it, or completed after it. */
static bool judges_end(const struct hanse_maker *maker, const struct hanse_fact *evaluation, int32_t end)
{
    int32_t day = evaluation->main.due;
    bool is_for_end = evaluation->main.type == TIMING_TERMINAL || evaluation->main.type == TIMING_EX_POST;
    return evaluation->main.status == EVALUATION_COMPLETED && day != 0 && day <= maker->last &&
           (is_for_end || day >= end) && day <= hanse_day_add_months(end, GRACE_MONTHS);
}

/* An evaluation of a subject, for finding those of one. */
struct judgement {
    uint32_t subject;
    const struct hanse_fact *evaluation;
};

struct judgements {
    struct judgement *items; /* by subject */
    size_t count;
};

static int by_subject(const void *a, const void *b)
{
    const struct judgement *x = a;
    const struct judgement *y = b;
    if (x->subject != y->subject)
        return x->subject < y->subject ? -1 : 1;
    return strcmp(x->evaluation->id, y->evaluation->id);
}

static struct judgements read_judgements(struct hanse_maker *maker)
{
    struct hanse_fact_list list = hanse_facts_of(maker->facts, HANSE_KIND_EVALUATION);
    struct judgements found = {.count = 0};
    size_t parts = 0;
    for (size_t i = 0; i < list.count; i++)
        parts += list.items[i]->part_count;
    found.items = hanse_pool_alloc(maker->pool, parts + 1, sizeof *found.items);
    for (size_t i = 0; found.items != NULL && i < list.count; i++)
        for (size_t k = 0; k < list.items[i]->part_count; k++)
            if (list.items[i]->parts[k].tag == HANSE_PART_SUBJECT)
                found.items[found.count++] = (struct judgement){.subject = list.items[i]->parts[k].subject,
                                                                .evaluation = list.items[i]};
    if (found.count > 1)
        qsort(found.items, found.count, sizeof *found.items, by_subject);
    return found;
}

static size_t first_judgement(const struct judgements *all, uint32_t subject)
{
    size_t low = 0;
    size_t high = all->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (all->items[middle].subject < subject)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const struct hanse_fact *find_judgement(const struct hanse_maker *maker, const struct judgements *all,
                                               uint32_t subject, int32_t end)
{
    for (size_t i = first_judgement(all, subject); i < all->count && all->items[i].subject == subject; i++)
        if (judges_end(maker, all->items[i].evaluation, end))
            return all->items[i].evaluation;
    return NULL;
}

enum { SHOWN_YEARS = 10 };

struct coverage {
    size_t ended[SHOWN_YEARS]; /* by year, the last is that of the last day */
    size_t judged[SHOWN_YEARS];
};

static void list_coverage(struct hanse_maker *maker, const struct coverage *coverage)
{
    static const char *const columns[] = {"year", "projects ended", "of them evaluated"};
    int last = hanse_day_year(maker->last);
    size_t from = 0;
    while (from < SHOWN_YEARS && coverage->ended[from] == 0)
        from++;
    const char **cell = hanse_maker_table(maker, "evaluation", "Projects that ended, and their evaluation",
                                          columns, 3, SHOWN_YEARS - from);
    for (size_t i = from; cell != NULL && i < SHOWN_YEARS; i++) {
        *cell++ = hanse_maker_number(maker, last - SHOWN_YEARS + 1 + (int)i);
        *cell++ = hanse_maker_number(maker, (double)coverage->ended[i]);
        *cell++ = hanse_maker_number(maker, (double)coverage->judged[i]);
    }
}

static void count_coverage(struct hanse_maker *maker, const struct judgements *all)
{
    struct hanse_figure figure = hanse_figure_of(
        maker, "E1", "", "projects that ended with an evaluation completed within 24 months", "share");
    struct hanse_fact_list list = hanse_facts_of(maker->facts, HANSE_KIND_PROJECT);
    struct coverage coverage = {.ended = {0}};
    size_t ended = 0;
    size_t judged = 0;
    for (size_t i = 0; i < list.count; i++) {
        int32_t end = end_of(list.items[i]);
        if (end == 0 || end > maker->last || !hanse_maker_is_of_members(maker, list.items[i]))
            continue;
        const struct hanse_fact *evaluation = find_judgement(maker, all, list.items[i]->self, end);
        int back = hanse_day_year(maker->last) - hanse_day_year(end);
        if (back < SHOWN_YEARS) {
            coverage.ended[SHOWN_YEARS - 1 - back]++;
            coverage.judged[SHOWN_YEARS - 1 - back] += evaluation != NULL ? 1 : 0;
        }
        if (end < maker->first)
            continue;
        ended++;
        judged += evaluation != NULL ? 1 : 0;
        hanse_figure_cite(&figure, list.items[i]);
        hanse_figure_cite(&figure, evaluation);
    }
    hanse_figure_ratio(&figure, (double)judged, (double)ended, ended, "no project ended in the time");
    list_coverage(maker, &coverage);
}

/* Years from the first evaluation of the network to the last day. */
static void count_years(struct hanse_maker *maker, const struct judgements *all)
{
    enum { MAX_YEARS = 200 };
    struct hanse_figure figure = hanse_figure_of(
        maker, "E2", "", "years in which the network itself was evaluated, since it first was", "share");
    bool seen[MAX_YEARS] = {false};
    int last = hanse_day_year(maker->last);
    int first = 0;
    size_t years = 0;
    for (size_t i = first_judgement(all, maker->network);
         maker->network != 0 && i < all->count && all->items[i].subject == maker->network; i++) {
        const struct hanse_fact *evaluation = all->items[i].evaluation;
        int year = hanse_day_year(evaluation->main.due);
        if (evaluation->main.status != EVALUATION_COMPLETED || evaluation->main.due > maker->last ||
            year == 0 || last - year >= MAX_YEARS)
            continue;
        years += seen[last - year] ? 0 : 1;
        seen[last - year] = true;
        first = first == 0 || year < first ? year : first;
        hanse_figure_cite(&figure, evaluation);
    }
    hanse_figure_ratio(&figure, (double)years, first != 0 ? last - first + 1 : 0, years,
                       "no completed Evaluation record has the network as its subject");
}

static bool is_completed(const struct hanse_maker *maker, const struct hanse_fact *evaluation)
{
    return evaluation->main.status == EVALUATION_COMPLETED && evaluation->main.due != 0 &&
           evaluation->main.due <= maker->last;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* How often the most frequent code stands there. */
static size_t count_most(const char **codes, size_t count)
{
    size_t most = 0;
    size_t run = 0;
    if (count > 1)
        qsort(codes, count, sizeof *codes, by_text);
    for (size_t i = 0; i < count; i++) {
        run = i > 0 && strcmp(codes[i - 1], codes[i]) == 0 ? run + 1 : 1;
        most = run > most ? run : most;
    }
    return most;
}

static void count_framework(struct hanse_maker *maker)
{
    struct hanse_figure figure = hanse_figure_of(maker, "E2", "same-framework",
                                                 "evaluations that use the most common framework", "share");
    struct hanse_fact_list list = hanse_facts_of(maker->facts, HANSE_KIND_EVALUATION);
    const char **codes = hanse_pool_alloc(maker->pool, list.count + 1, sizeof *codes);
    size_t named = 0;
    size_t all = 0;
    for (size_t i = 0; codes != NULL && i < list.count; i++) {
        if (!is_completed(maker, list.items[i]))
            continue;
        all++;
        hanse_figure_cite(&figure, list.items[i]);
        if (list.items[i]->main.code[0] != '\0')
            codes[named++] = list.items[i]->main.code;
    }
    hanse_figure_ratio(&figure, (double)count_most(codes, named), (double)all, all,
                       "no evaluation is completed");
}

static size_t count_rated(const struct hanse_fact *evaluation)
{
    size_t rated = 0;
    for (size_t i = 0; i < evaluation->part_count; i++) {
        const struct hanse_facet *rating = &evaluation->parts[i];
        rated +=
            rating->tag == HANSE_PART_RATING && rating->has_quantity && strcmp(rating->text, "DAC-EVAL") == 0
                ? 1
                : 0;
    }
    return rated < DAC_CRITERIA ? rated : DAC_CRITERIA;
}

static void count_criteria(struct hanse_maker *maker)
{
    struct hanse_figure figure = hanse_figure_of(
        maker, "E4", "", "criteria rated, of the six of the DAC, in evaluations that use them", "share");
    struct hanse_fact_list list = hanse_facts_of(maker->facts, HANSE_KIND_EVALUATION);
    size_t rated = 0;
    size_t evaluations = 0;
    for (size_t i = 0; i < list.count; i++) {
        if (!is_completed(maker, list.items[i]) || strcmp(list.items[i]->main.code, "DAC-EVAL") != 0)
            continue;
        evaluations++;
        rated += count_rated(list.items[i]);
        hanse_figure_cite(&figure, list.items[i]);
    }
    hanse_figure_ratio(&figure, (double)rated, (double)(DAC_CRITERIA * evaluations), evaluations,
                       "no completed evaluation uses the framework DAC-EVAL");
}

/* Only what the addressee itself says counts. */
static void count_follow_up(struct hanse_maker *maker)
{
    struct hanse_figure figure =
        hanse_figure_of(maker, "E5", "", "recommendations carried out, of those accepted", "share");
    struct hanse_fact_list list = hanse_facts_of(maker->facts, HANSE_KIND_MANAGEMENT_RESPONSE);
    size_t accepted = 0;
    size_t done = 0;
    for (size_t i = 0; i < list.count; i++) {
        if (!hanse_facts_is_own_word(maker->facts, list.items[i], list.items[i]->main.other))
            continue;
        for (size_t k = 0; k < list.items[i]->part_count; k++) {
            const struct hanse_facet *answer = &list.items[i]->parts[k];
            if (answer->type != RESPONSE_ACCEPTED)
                continue;
            accepted++;
            done += answer->status == ACTION_DONE ? 1 : 0;
            hanse_figure_cite(&figure, list.items[i]);
        }
    }
    hanse_figure_ratio(&figure, (double)done, (double)accepted, accepted,
                       "no ManagementResponse record accepts a recommendation");
}

void hanse_figures_evaluation(struct hanse_maker *maker)
{
    struct judgements all = read_judgements(maker);
    count_coverage(maker, &all);
    count_years(maker, &all);
    count_framework(maker);
    count_criteria(maker);
    count_follow_up(maker);
}
