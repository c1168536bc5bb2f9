/* SPDX-License-Identifier: Apache-2.0 */
/* The presiding city: how often it changes, and how long one holds the post. */
#include <stdlib.h>

#include "report/figures.h"

enum { PRESIDENT = 1, CHAIR = 7, CO_CHAIR = 8, ADJACENT_DAYS = 31, DAYS_A_YEAR = 365, TEN_YEARS = 10 };

/* Terms of one holder without a gap between them. */
struct tenure {
    uint32_t holder;
    int32_t start;
    int32_t end; /* 0: goes on */
};

struct rotation {
    const struct hanse_fact *post;
    const struct hanse_fact **terms; /* by their start */
    size_t term_count;
    struct tenure *tenures;
    size_t tenure_count;
    int32_t vacant_days;
};

/* The post of president, else that of the chair. */
static const struct hanse_fact *find_post(const struct hanse_maker *maker)
{
    static const uint32_t kinds[] = {PRESIDENT, CHAIR, CO_CHAIR};
    struct hanse_fact_list posts = hanse_facts_of(maker->facts, HANSE_KIND_POST);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (size_t i = 0; i < posts.count; i++)
            if (posts.items[i]->main.type == kinds[k] && posts.items[i]->main.network == maker->network)
                return posts.items[i];
    return NULL;
}

static int by_start(const void *a, const void *b)
{
    const struct hanse_fact *const *x = a;
    const struct hanse_fact *const *y = b;
    if ((*x)->main.start != (*y)->main.start)
        return (*x)->main.start < (*y)->main.start ? -1 : 1;
    return ((*x)->main.other > (*y)->main.other) - ((*x)->main.other < (*y)->main.other);
}

static void take_term(const struct hanse_maker *maker, struct rotation *rotation,
                      const struct hanse_fact *term)
{
    struct tenure *before =
        rotation->tenure_count > 0 ? &rotation->tenures[rotation->tenure_count - 1] : NULL;
    int32_t end = term->main.end > maker->last ? 0 : term->main.end;
    if (before != NULL && before->end != 0 && term->main.start > before->end + 1)
        rotation->vacant_days += term->main.start - before->end - 1;
    bool goes_on = before != NULL && before->holder == term->main.other &&
                   (before->end == 0 || term->main.start <= before->end + ADJACENT_DAYS + 1);
    if (!goes_on) {
        rotation->tenures[rotation->tenure_count++] =
            (struct tenure){.holder = term->main.other, .start = term->main.start, .end = end};
        return;
    }
    if (before->end != 0 && (end == 0 || end > before->end))
        before->end = end;
}

static void read_terms(const struct hanse_maker *maker, struct rotation *rotation)
{
    struct hanse_fact_list list =
        hanse_facts_about(maker->facts, HANSE_KIND_TERM_OF_OFFICE, rotation->post->self);
    rotation->terms = hanse_pool_alloc(maker->pool, list.count + 1, sizeof(struct hanse_fact *));
    rotation->tenures = hanse_pool_alloc(maker->pool, list.count + 1, sizeof *rotation->tenures);
    if (rotation->terms == NULL || rotation->tenures == NULL)
        return;
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i]->main.start > 0 && list.items[i]->main.start <= maker->last)
            rotation->terms[rotation->term_count++] = list.items[i];
    if (rotation->term_count > 1)
        qsort(rotation->terms, rotation->term_count, sizeof *rotation->terms, by_start);
    for (size_t i = 0; i < rotation->term_count; i++)
        take_term(maker, rotation, rotation->terms[i]);
    if (rotation->tenure_count > 0) {
        int32_t end = rotation->tenures[rotation->tenure_count - 1].end;
        rotation->vacant_days += end != 0 && end < maker->last ? maker->last - end : 0;
    }
}

static int32_t last_day(const struct hanse_maker *maker, const struct tenure *tenure)
{
    return tenure->end != 0 ? tenure->end : maker->last;
}

static void cite(struct hanse_figure *figure, const struct rotation *rotation)
{
    hanse_figure_cite(figure, rotation->post);
    for (size_t i = 0; i < rotation->term_count; i++)
        hanse_figure_cite(figure, rotation->terms[i]);
}

static const char *lacks(const struct rotation *rotation)
{
    if (rotation->post == NULL)
        return "no Post record of the network is that of its president or chair";
    return rotation->term_count == 0 ? "no TermOfOffice record tells who held the post" : NULL;
}

static void count_changes(struct hanse_maker *maker, const struct rotation *rotation)
{
    struct hanse_figure figure =
        hanse_figure_of(maker, "G1", "", "changes of the presiding city in ten years", "number");
    const char *reason = lacks(rotation);
    size_t changes = 0;
    double years = 0;
    for (size_t i = 1; i < rotation->tenure_count; i++)
        changes += rotation->tenures[i].holder != rotation->tenures[i - 1].holder ? 1 : 0;
    if (rotation->tenure_count > 0)
        years = (double)(maker->last - rotation->tenures[0].start + 1) / (DAYS_A_YEAR + 0.2425);
    if (reason == NULL && years < 1)
        reason = "less than a year is known of";
    cite(&figure, rotation);
    figure.indicator.numerator = (double)(TEN_YEARS * changes);
    figure.indicator.denominator = years;
    hanse_figure_value(&figure, years > 0 ? (double)(TEN_YEARS * changes) / years : 0, rotation->term_count,
                       reason);
}

static void count_tenure(struct hanse_maker *maker, const struct rotation *rotation)
{
    struct hanse_figure longest =
        hanse_figure_of(maker, "G2", "", "longest time that one city presided without a break", "days");
    struct hanse_figure overdue = hanse_figure_of(
        maker, "G2", "overdue", "days by which the presiding city is past its longest time", "days");
    int32_t most = 0;
    for (size_t i = 0; i < rotation->tenure_count; i++) {
        int32_t days = last_day(maker, &rotation->tenures[i]) - rotation->tenures[i].start + 1;
        most = days > most ? days : most;
    }
    cite(&longest, rotation);
    cite(&overdue, rotation);
    hanse_figure_value(&longest, most, rotation->tenure_count, lacks(rotation));
    const char *reason = lacks(rotation);
    int32_t past = 0;
    if (reason == NULL && (rotation->post->main.number == 0 || rotation->post->main.status == 0)) {
        reason = "the Post record does not limit the terms";
    } else if (reason == NULL) {
        const struct tenure *now = &rotation->tenures[rotation->tenure_count - 1];
        int64_t months = rotation->post->main.number * (int64_t)rotation->post->main.status;
        int32_t limit = hanse_day_add_months(now->start, months < 1200 ? (int)months : 1200) - 1;
        past = now->end == 0 && maker->last > limit ? maker->last - limit : 0;
    }
    hanse_figure_value(&overdue, past, rotation->term_count, reason);
}

static void count_holders(struct hanse_maker *maker, const struct rotation *rotation)
{
    struct hanse_figure holders =
        hanse_figure_of(maker, "G3", "", "different presiding cities, of all terms", "share");
    struct hanse_figure vacancy =
        hanse_figure_of(maker, "G3", "vacancy", "days without a presiding city", "days");
    size_t distinct = 0;
    for (size_t i = 0; i < rotation->tenure_count; i++) {
        size_t before = 0;
        while (rotation->tenures[before].holder != rotation->tenures[i].holder)
            before++;
        distinct += before == i ? 1 : 0;
    }
    cite(&holders, rotation);
    cite(&vacancy, rotation);
    hanse_figure_ratio(&holders, (double)distinct, (double)rotation->term_count, rotation->term_count,
                       lacks(rotation));
    hanse_figure_value(&vacancy, rotation->vacant_days, rotation->term_count, lacks(rotation));
}

/* Sum over countries of the square of their share of the days. */
static void count_countries(struct hanse_maker *maker, const struct rotation *rotation)
{
    struct hanse_figure figure = hanse_figure_of(
        maker, "G3", "country-concentration", "how far one country presides (1: always the same)", "index");
    const struct hanse_entities *entities = &maker->facts->entities;
    double *days = hanse_pool_alloc(maker->pool, 26 * 26, sizeof *days);
    double known = 0;
    double squares = 0;
    for (size_t i = 0; days != NULL && i < rotation->tenure_count; i++) {
        const char *country = hanse_entity_get(entities, rotation->tenures[i].holder)->country;
        if (country[0] < 'A' || country[0] > 'Z' || country[1] < 'A' || country[1] > 'Z')
            continue;
        double held = last_day(maker, &rotation->tenures[i]) - rotation->tenures[i].start + 1;
        days[(country[0] - 'A') * 26 + country[1] - 'A'] += held;
        known += held;
    }
    for (size_t i = 0; days != NULL && i < 26 * 26; i++)
        squares += days[i] * days[i];
    cite(&figure, rotation);
    const char *reason = lacks(rotation);
    hanse_figure_ratio(&figure, squares, known * known, rotation->tenure_count,
                       reason != NULL ? reason : "no record tells the country of a presiding city");
}

static void list_tenures(struct hanse_maker *maker, const struct rotation *rotation)
{
    static const char *const columns[] = {"presiding city", "from", "until", "days"};
    const char **cells =
        hanse_maker_table(maker, "rotation", "Who presided when", columns, 4, rotation->tenure_count);
    for (size_t i = 0; cells != NULL && i < rotation->tenure_count; i++) {
        const struct tenure *tenure = &rotation->tenures[i];
        cells[i * 4] = hanse_entity_shown(&maker->facts->entities, tenure->holder);
        cells[i * 4 + 1] = hanse_maker_day(maker, tenure->start);
        cells[i * 4 + 2] = hanse_maker_day(maker, tenure->end);
        cells[i * 4 + 3] = hanse_maker_number(maker, last_day(maker, tenure) - tenure->start + 1);
    }
}

void hanse_figures_rotation(struct hanse_maker *maker)
{
    struct rotation rotation = {.post = find_post(maker)};
    if (rotation.post != NULL)
        read_terms(maker, &rotation);
    count_changes(maker, &rotation);
    count_tenure(maker, &rotation);
    count_holders(maker, &rotation);
    count_countries(maker, &rotation);
    list_tenures(maker, &rotation);
}
