/* SPDX-License-Identifier: Apache-2.0 */
/* Whether cities answer when they are asked: each recipient of each request is a question sent. */
#include "report/figures.h"

enum { ANSWER_COMPLETE = 1, ANSWER_PARTIAL = 2 };

static const char none_sent[] = "no InformationRequest record was sent to a member in the time";

struct answers {
    size_t sent;
    size_t answered;
    size_t with_due;
    size_t on_time;
    size_t rated; /* answers whose completeness is known */
    double completeness;
    int32_t *days; /* to the answer, one each */
};

/* The first own answer of the recipient that has content, until the last day. */
static const struct hanse_fact *find_answer(const struct hanse_maker *maker, const struct hanse_fact *request,
                                            uint32_t recipient)
{
    struct hanse_fact_list list =
        hanse_facts_about(maker->facts, HANSE_KIND_INFORMATION_ANSWER, request->self);
    const struct hanse_fact *found = NULL;
    for (size_t i = 0; i < list.count; i++) {
        const struct hanse_fact *answer = list.items[i];
        bool has_content = answer->main.status == ANSWER_COMPLETE || answer->main.status == ANSWER_PARTIAL;
        if (answer->main.other == recipient && has_content && answer->published <= maker->last &&
            hanse_facts_is_own_word(maker->facts, answer, recipient) &&
            (found == NULL || answer->published < found->published))
            found = answer;
    }
    return found;
}

static size_t count_parts(const struct hanse_fact *fact, uint32_t tag)
{
    size_t count = 0;
    for (size_t i = 0; i < fact->part_count; i++)
        count += fact->parts[i].tag == tag ? 1 : 0;
    return count;
}

static void take_answer(struct answers *answers, const struct hanse_fact *request,
                        const struct hanse_fact *answer)
{
    size_t questions = count_parts(request, HANSE_PART_QUESTION);
    size_t given = count_parts(answer, HANSE_PART_ANSWER);
    if (questions > 0 || answer->main.status == ANSWER_COMPLETE) {
        answers->rated++;
        answers->completeness += questions == 0 || given >= questions ? 1 : (double)given / (double)questions;
    }
    answers->on_time += request->main.due != 0 && answer->published <= request->main.due ? 1 : 0;
    answers->days[answers->answered++] =
        answer->published > request->main.date ? answer->published - request->main.date : 0;
}

static bool is_asked(const struct hanse_maker *maker, uint32_t recipient)
{
    return recipient != 0 && (maker->network == 0 || hanse_maker_member(maker, recipient) != NULL);
}

static size_t count_recipients(struct hanse_fact_list list)
{
    size_t count = 0;
    for (size_t i = 0; i < list.count; i++)
        count += count_parts(list.items[i], HANSE_PART_RECIPIENT);
    return count;
}

static void take_request(struct hanse_maker *maker, const struct hanse_fact *request, struct answers *answers,
                         struct hanse_figure figures[4])
{
    for (size_t i = 0; i < request->part_count; i++) {
        uint32_t recipient = request->parts[i].subject;
        if (request->parts[i].tag != HANSE_PART_RECIPIENT || !is_asked(maker, recipient))
            continue;
        const struct hanse_fact *answer = find_answer(maker, request, recipient);
        answers->sent++;
        answers->with_due += request->main.due != 0 ? 1 : 0;
        if (answer != NULL)
            take_answer(answers, request, answer);
        for (size_t k = 0; k < 4; k++) {
            hanse_figure_cite(&figures[k], request);
            hanse_figure_cite(&figures[k], answer);
        }
    }
}

void hanse_figures_requests(struct hanse_maker *maker)
{
    struct hanse_figure figures[] = {
        hanse_figure_of(maker, "E3", "", "requests to members that were answered", "share"),
        hanse_figure_of(maker, "E3", "on-time", "requests with a due day that were answered by then",
                        "share"),
        hanse_figure_of(maker, "E3", "completeness", "questions that an answer answers, in the mean",
                        "share"),
        hanse_figure_of(maker, "E3", "days", "half of the answers came within", "days"),
    };
    struct hanse_fact_list list = hanse_facts_of(maker->facts, HANSE_KIND_INFORMATION_REQUEST);
    struct answers answers = {
        .days = hanse_pool_alloc(maker->pool, count_recipients(list) + 1, sizeof *answers.days)};
    for (size_t i = 0; answers.days != NULL && i < list.count; i++)
        if (hanse_maker_in_window(maker, list.items[i]->main.date))
            take_request(maker, list.items[i], &answers, figures);
    const char *no_answer = answers.sent == 0 ? none_sent : "nobody has answered";
    hanse_figure_ratio(&figures[0], (double)answers.answered, (double)answers.sent, answers.sent, none_sent);
    hanse_figure_ratio(&figures[1], (double)answers.on_time, (double)answers.with_due, answers.with_due,
                       answers.sent == 0 ? none_sent : "no request has a due day");
    hanse_figure_ratio(&figures[2], answers.completeness, (double)answers.rated, answers.rated, no_answer);
    hanse_figure_value(&figures[3], hanse_maker_median(answers.days, answers.answered), answers.answered,
                       answers.answered > 0 ? NULL : no_answer);
}
