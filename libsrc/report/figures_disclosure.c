/* SPDX-License-Identifier: Apache-2.0 */
/* What a network must publish, and whether it does. */
#include <string.h>

#include "report/figures.h"

enum { MAX_LANGUAGES = 64 };

static const char none_due[] = "no Disclosure record or rule of the network says what was due in the time";

struct disclosures {
    size_t due;
    size_t published;
    size_t late;
    size_t public;
    int32_t *late_days; /* of those published and due */
    const char *languages[MAX_LANGUAGES];
    size_t language_count;
};

static void take_languages(struct disclosures *found, const struct hanse_fact *disclosure)
{
    for (size_t i = 0; i < disclosure->part_count; i++) {
        const char *language = disclosure->parts[i].code;
        size_t at = 0;
        while (at < found->language_count && strcmp(found->languages[at], language) != 0)
            at++;
        if (language[0] != '\0' && at == found->language_count && at < MAX_LANGUAGES)
            found->languages[found->language_count++] = language;
    }
}

static void take_disclosure(const struct hanse_maker *maker, struct disclosures *found,
                            const struct hanse_fact *disclosure)
{
    const struct hanse_facet *main = &disclosure->main;
    found->due++;
    if (main->date == 0 || main->date > maker->last)
        return;
    found->late_days[found->published++] = main->date > main->due ? main->date - main->due : 0;
    found->public += disclosure->audience == 0 ? 1 : 0;
    take_languages(found, disclosure);
}

/* What a rule of the network asks for and no record speaks of: due, and not published. */
static size_t count_unspoken(const struct hanse_maker *maker, const struct hanse_fact *network,
                             struct hanse_fact_list list)
{
    int months = hanse_day_months(maker->first, maker->last + 1);
    size_t missing = 0;
    for (size_t i = 0; network != NULL && i < network->part_count; i++) {
        const struct hanse_facet *rule = &network->parts[i];
        size_t spoken = 0;
        for (size_t k = 0; k < list.count; k++)
            spoken += strcmp(list.items[k]->main.code, rule->code) == 0 &&
                              hanse_maker_in_window(maker, list.items[k]->main.due)
                          ? 1
                          : 0;
        size_t wanted = rule->number > 0 && rule->number <= months ? (size_t)(months / rule->number) : 0;
        missing += wanted > spoken ? wanted - spoken : 0;
    }
    return missing;
}

void hanse_figures_disclosure(struct hanse_maker *maker)
{
    struct hanse_figure figures[] = {
        hanse_figure_of(maker, "T1", "", "documents published, of those that were due", "share"),
        hanse_figure_of(maker, "T1", "days-late", "half of the published documents were late by at most",
                        "days"),
        hanse_figure_of(maker, "T1", "public-share", "published documents that everybody may read", "share"),
        hanse_figure_of(maker, "T1", "languages", "languages in which documents were published", "number"),
    };
    const struct hanse_fact *network = hanse_facts_find(maker->facts, HANSE_KIND_NETWORK, maker->network);
    struct hanse_fact_list list = hanse_facts_about(maker->facts, HANSE_KIND_DISCLOSURE, maker->network);
    struct disclosures found = {.late_days =
                                    hanse_pool_alloc(maker->pool, list.count + 1, sizeof *found.late_days)};
    if (maker->network == 0)
        list.count = 0;
    for (size_t i = 0; found.late_days != NULL && i < list.count; i++) {
        if (!hanse_maker_in_window(maker, list.items[i]->main.due))
            continue;
        take_disclosure(maker, &found, list.items[i]);
        for (size_t k = 0; k < 4; k++)
            hanse_figure_cite(&figures[k], list.items[i]);
    }
    size_t unspoken = count_unspoken(maker, network, list);
    if (unspoken > 0)
        hanse_figure_cite(&figures[0], network);
    found.due += unspoken;
    const char *none_published = found.due == 0 ? none_due : "nothing that was due is published";
    hanse_figure_ratio(&figures[0], (double)found.published, (double)found.due, found.due, none_due);
    hanse_figure_value(&figures[1], hanse_maker_median(found.late_days, found.published), found.published,
                       found.published > 0 ? NULL : none_published);
    hanse_figure_ratio(&figures[2], (double)found.public, (double)found.published, found.published,
                       none_published);
    hanse_figure_value(&figures[3], (double)found.language_count, found.published,
                       found.published > 0 ? NULL : none_published);
}
