/* SPDX-License-Identifier: Apache-2.0 */
/* Who learned from whom: a flow goes from the giver to the one who learned. */
#include <stdlib.h>
#include <string.h>

#include "report/figures.h"

enum { EXCHANGE_HELD = 2, VERDICT_CONFIRMED = 1, VERDICT_IN_PART = 2, FIGURES = 7 };

static const char no_flow[] = "no Exchange record tells of an exchange held in the time";
static const char no_days[] = "no flow in the time says how many person-days it took";

/* All flows from one to another; the other way has its own. */
struct link {
    uint32_t from;
    uint32_t to;
    int64_t days; /* millionths of person-days */
    size_t flows;
    size_t confirmed;
};

struct flows {
    struct link *links; /* by their ends */
    size_t count;
    size_t flows;
    size_t confirmed;
};

static bool is_looked_at(const struct hanse_maker *maker, const struct hanse_fact *exchange,
                         const struct hanse_facet *flow)
{
    int32_t day = exchange->main.end != 0 ? exchange->main.end : exchange->main.start;
    if (exchange->main.status != EXCHANGE_HELD || !hanse_maker_in_window(maker, day) || flow->subject == 0 ||
        flow->other == 0 || flow->subject == flow->other)
        return false;
    return maker->network == 0 || exchange->main.network == maker->network ||
           (exchange->main.network == 0 && (hanse_maker_member(maker, flow->subject) != NULL ||
                                            hanse_maker_member(maker, flow->other) != NULL));
}

/* "exchange.flows[1].learning" is about the flow with this index; no path is about all. */
static bool is_about(const char *path, size_t flow)
{
    static const char start[] = "exchange.flows[";
    for (size_t i = 0; start[i] != '\0'; i++)
        if (path[i] != start[i])
            return path[i] == '\0';
    return (size_t)strtoul(path + sizeof start - 1, NULL, 10) == flow;
}

/* The receiver says so: in a Confirmation of this record or another's of the same exchange, or by a record of
 * its own. Nobody else can. */
static const struct hanse_fact *find_word(const struct hanse_maker *maker, const struct hanse_fact *exchange,
                                          size_t flow)
{
    uint32_t receiver = exchange->parts[flow].other;
    struct hanse_fact_list same = hanse_facts_same(maker->facts, exchange);
    struct hanse_fact_list words = hanse_facts_about(maker->facts, HANSE_KIND_CONFIRMATION, exchange->self);
    for (size_t i = 0; i < words.count; i++) {
        const struct hanse_fact *word = words.items[i];
        bool is_yes = word->main.status == VERDICT_CONFIRMED || word->main.status == VERDICT_IN_PART;
        if (is_yes && word->main.other == receiver && word->published <= maker->last &&
            hanse_facts_is_own_word(maker->facts, word, receiver) && word->publisher != exchange->publisher &&
            is_about(word->main.code, flow))
            return word;
    }
    struct hanse_fact_list profiles = hanse_facts_of(maker->facts, HANSE_KIND_FEED_PROFILE);
    for (size_t i = 0; i < same.count; i++)
        for (size_t k = 0; k < profiles.count; k++)
            if (profiles.items[k]->publisher == same.items[i]->publisher &&
                profiles.items[k]->main.subject == receiver)
                return same.items[i];
    return NULL;
}

static int by_ends(const void *a, const void *b)
{
    const struct link *x = a;
    const struct link *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->to > y->to) - (x->to < y->to);
}

static void join_links(struct flows *flows)
{
    size_t kept = 0;
    if (flows->count > 1)
        qsort(flows->links, flows->count, sizeof *flows->links, by_ends);
    for (size_t i = 0; i < flows->count; i++) {
        struct link *last = kept > 0 ? &flows->links[kept - 1] : NULL;
        if (last == NULL || by_ends(last, &flows->links[i]) != 0) {
            flows->links[kept++] = flows->links[i];
            continue;
        }
        last->days += flows->links[i].days;
        last->flows += flows->links[i].flows;
        last->confirmed += flows->links[i].confirmed;
    }
    flows->count = kept;
}

static void read_flows(struct hanse_maker *maker, struct flows *flows, struct hanse_figure figures[FIGURES])
{
    struct hanse_fact_list list = hanse_facts_of(maker->facts, HANSE_KIND_EXCHANGE);
    size_t parts = 0;
    for (size_t i = 0; i < list.count; i++)
        parts += list.items[i]->part_count;
    flows->links = hanse_pool_alloc(maker->pool, parts + 1, sizeof *flows->links);
    for (size_t i = 0; flows->links != NULL && i < list.count; i++) {
        for (size_t k = 0; k < list.items[i]->part_count; k++) {
            const struct hanse_facet *flow = &list.items[i]->parts[k];
            if (!is_looked_at(maker, list.items[i], flow))
                continue;
            const struct hanse_fact *word = find_word(maker, list.items[i], k);
            int64_t days = flow->has_quantity && flow->quantity > 0 ? flow->quantity : 0;
            flows->links[flows->count++] = (struct link){.from = flow->subject,
                                                         .to = flow->other,
                                                         .days = days,
                                                         .flows = 1,
                                                         .confirmed = word != NULL ? 1 : 0};
            flows->flows++;
            flows->confirmed += word != NULL ? 1 : 0;
            for (size_t f = 0; f < FIGURES; f++)
                hanse_figure_cite(&figures[f], list.items[i]);
            hanse_figure_cite(&figures[3], word);
        }
    }
    join_links(flows);
}

static const struct link *way_back(const struct flows *flows, const struct link *link)
{
    const struct link back = {.from = link->to, .to = link->from};
    return flows->count > 0 ? bsearch(&back, flows->links, flows->count, sizeof back, by_ends) : NULL;
}

/* Of each pair once: twice the smaller way over both. */
static void count_balance(const struct flows *flows, struct hanse_figure *pairs, struct hanse_figure *network)
{
    double balanced = 0;
    double all = 0;
    double sum_of_pairs = 0;
    size_t count = 0;
    for (size_t i = 0; i < flows->count; i++) {
        const struct link *back = way_back(flows, &flows->links[i]);
        double there = (double)flows->links[i].days / 1e6;
        double here = back != NULL ? (double)back->days / 1e6 : 0;
        if ((back != NULL && back < &flows->links[i]) || there + here <= 0)
            continue;
        double least = there < here ? there : here;
        balanced += 2 * least;
        all += there + here;
        sum_of_pairs += 2 * least / (there + here);
        count++;
    }
    const char *reason = flows->flows == 0 ? no_flow : no_days;
    hanse_figure_ratio(pairs, sum_of_pairs, (double)count, count, reason);
    hanse_figure_ratio(network, balanced, all, count, reason);
}

/* Rank of a city's country by income, 1 (low) to 4 (high), of the newest year; 0: not known. */
static int income_of(const struct hanse_maker *maker, uint32_t city)
{
    static const char *const groups[] = {"", "L", "LM", "UM", "H"};
    const char *country = hanse_entity_get(&maker->facts->entities, city)->country;
    struct hanse_fact_list tables = hanse_facts_of(maker->facts, HANSE_KIND_COUNTRY_TABLE);
    int64_t newest = 0;
    int rank = 0;
    for (size_t i = 0; country[0] != '\0' && i < tables.count; i++) {
        for (size_t k = 0; k < tables.items[i]->part_count; k++) {
            const struct hanse_facet *row = &tables.items[i]->parts[k];
            if (strcmp(row->code, country) != 0 || row->number <= newest ||
                row->number > hanse_day_year(maker->last))
                continue;
            for (int group = 1; group < 5; group++)
                rank = strcmp(row->text, groups[group]) == 0 ? group : rank;
            newest = row->number;
        }
    }
    return rank;
}

/* R6: person-days by whether the giver's country has a lower or a higher income than the receiver's. */
static void count_directions(struct hanse_maker *maker, const struct flows *flows,
                             struct hanse_figure figures[3])
{
    double sums[3] = {0, 0, 0};
    double all = 0;
    for (size_t i = 0; i < flows->count; i++) {
        int from = income_of(maker, flows->links[i].from);
        int to = income_of(maker, flows->links[i].to);
        if (from == 0 || to == 0)
            continue;
        double days = (double)flows->links[i].days / 1e6;
        sums[from == to ? 2 : from < to ? 0 : 1] += days;
        all += days;
    }
    for (size_t k = 0; k < 3; k++)
        hanse_figure_ratio(&figures[k], sums[k], all, flows->count,
                           flows->flows == 0 ? no_flow
                                             : "no CountryTable record has the income of both countries");
}

static void list_links(struct hanse_maker *maker, const struct flows *flows)
{
    static const char *const columns[] = {"from", "to", "person-days", "flows", "confirmed by the receiver"};
    const char **cell = hanse_maker_table(maker, "flows", "Who learned from whom", columns, 5, flows->count);
    for (size_t i = 0; cell != NULL && i < flows->count; i++) {
        const struct link *link = &flows->links[i];
        *cell++ = hanse_entity_shown(&maker->facts->entities, link->from);
        *cell++ = hanse_entity_shown(&maker->facts->entities, link->to);
        *cell++ = hanse_maker_number(maker, (double)link->days / 1e6);
        *cell++ = hanse_maker_number(maker, (double)link->flows);
        *cell++ = hanse_maker_number(maker, (double)link->confirmed);
    }
}

void hanse_figures_flows(struct hanse_maker *maker)
{
    struct hanse_figure figures[] = {
        hanse_figure_of(maker, "R1", "", "how even learning is between two cities, in the mean of pairs",
                        "index"),
        hanse_figure_of(maker, "R2", "", "how even learning is over all pairs (1: as much in both ways)",
                        "index"),
        hanse_figure_of(maker, "R3", "", "links from one city to another that also go back", "share"),
        hanse_figure_of(maker, "R4", "", "flows of learning that the receiver confirms", "share"),
        hanse_figure_of(maker, "R6", "low-to-high", "learning that goes to a country of higher income",
                        "share"),
        hanse_figure_of(maker, "R6", "high-to-low", "learning that goes to a country of lower income",
                        "share"),
        hanse_figure_of(maker, "R6", "same", "learning between countries of one income group", "share"),
    };
    struct flows flows = {.count = 0};
    read_flows(maker, &flows, figures);
    size_t returned = 0;
    for (size_t i = 0; i < flows.count; i++)
        returned += way_back(&flows, &flows.links[i]) != NULL ? 1 : 0;
    count_balance(&flows, &figures[0], &figures[1]);
    hanse_figure_ratio(&figures[2], (double)returned, (double)flows.count, flows.count, no_flow);
    hanse_figure_ratio(&figures[3], (double)flows.confirmed, (double)flows.flows, flows.flows, no_flow);
    count_directions(maker, &flows, figures + 4);
    list_links(maker, &flows);
}
