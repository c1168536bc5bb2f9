/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for evaluations. */
#include "record/rule.h"

/* Number of EvaluationStatus. */
enum { COMPLETED = 3 };

static bool completion_is_dated(const struct hanse_part *evaluation)
{
    return hanse_rule_number(evaluation, "status") != COMPLETED ||
           hanse_rule_count(evaluation, "completed") > 0;
}

static bool recommendations_differ(const struct hanse_part *evaluation)
{
    return hanse_rule_ids_differ(evaluation, "recommendations", "id");
}

static const struct hanse_rule evaluation_rules[] = {
    HANSE_RULE_REQUIRED("evaluation-subjects-required", "subjects", "nobody knows what was evaluated",
                        "name the project, cooperation, network or programme"),
    HANSE_RULE_REQUIRED("evaluation-timing-required", "timing", "nobody knows when in its life it was made",
                        "set timing, such as EVALUATION_TIMING_TERMINAL"),
    HANSE_RULE_REQUIRED("evaluation-status-required", "status", "nobody knows how far the evaluation is",
                        "set status, such as EVALUATION_STATUS_COMPLETED"),
    {"evaluation-completed-required", false, "completed", NULL, completion_is_dated,
     "the evaluation is completed and nobody knows when", "give completed, at least the year"},
    {"recommendation-ids-differ", false, "recommendations", NULL, recommendations_differ,
     "two recommendations have one id", "give each its own, so that responses can name it"},
};

/* A decimal in thousandths; what is finer than that is cut. Digits past a million do not count: no scale has
 * them, and the sum must not overflow. */
static int64_t thousandths(struct hanse_bytes decimal)
{
    enum { MAX_THOUSANDTHS = 1000000000 };
    bool negative = decimal.size > 0 && decimal.data[0] == '-';
    int64_t value = 0;
    int places = -1; /* after the point; -1 before it */
    for (size_t i = negative ? 1 : 0; i < decimal.size && places < 3 && value < MAX_THOUSANDTHS; i++) {
        if (decimal.data[i] != '.')
            value = value * 10 + (decimal.data[i] - '0');
        if (places >= 0 || decimal.data[i] == '.')
            places++;
    }
    for (places = places < 0 ? 0 : places; places < 3; places++)
        value *= 10;
    return negative ? -value : value;
}

static bool score_is_on_scale(const struct hanse_part *rating)
{
    struct hanse_value score = {.as.bytes = hanse_rule_text(rating, "score")};
    if (score.as.bytes.size == 0 || !hanse_rule_is_decimal(&score))
        return true;
    if (hanse_rule_count(rating, "scale_min") == 0 || hanse_rule_count(rating, "scale_max") == 0)
        return false;
    return hanse_rule_number(rating, "scale_min") * 1000 <= thousandths(score.as.bytes) &&
           thousandths(score.as.bytes) <= hanse_rule_number(rating, "scale_max") * 1000;
}

static bool rating_is_explained(const struct hanse_part *rating)
{
    return hanse_rule_count(rating, "score") + hanse_rule_count(rating, "evidence") +
               hanse_rule_count(rating, "not_rated") >
           0;
}

static const struct hanse_rule rating_rules[] = {
    HANSE_RULE_REQUIRED("rating-criterion-required", "criterion", "nobody knows what was rated",
                        "name the criterion, such as DAC-EVAL effectiveness"),
    {"rating-score-form", false, "score", hanse_rule_is_decimal, NULL, "the score is no decimal number",
     "write digits with a point, such as \"3.5\""},
    {"rating-score-scale", false, "score", NULL, score_is_on_scale,
     "the score is not on its scale, or the scale is not known",
     "give scaleMin and scaleMax with the score between them"},
    {"rating-empty", true, "score", NULL, rating_is_explained, "there is no score and no reason why",
     "give the score, evidence, or why it was not rated"},
};

static const struct hanse_rule finding_rules[] = {
    HANSE_RULE_REQUIRED("finding-text-required", "text", "the finding is empty",
                        "write it or remove the element"),
};

static const struct hanse_rule recommendation_rules[] = {
    HANSE_RULE_REQUIRED("recommendation-id-required", "id", "nobody can respond to the recommendation",
                        "give it an id of its own within the evaluation, such as \"R1\""),
    HANSE_RULE_REQUIRED("recommendation-text-required", "text", "the recommendation is empty",
                        "write it or remove the element"),
};

static const struct hanse_rule self_assessment_rules[] = {
    HANSE_RULE_REQUIRED("assessment-subject-required", "subject", "nobody knows what was assessed",
                        "name the cooperation, project or network"),
    HANSE_RULE_REQUIRED("assessment-assessor-required", "assessor", "nobody knows who assessed",
                        "name the party"),
    HANSE_RULE_REQUIRED("assessment-date-required", "date", "nobody knows when", "give at least the year"),
    HANSE_RULE_REQUIRED("assessment-framework-required", "framework", "nobody knows the questions",
                        "name the framework, such as EVAL-FRAMEWORK G20-C2C"),
    HANSE_RULE_REQUIRED("assessment-answers-required", "answers", "nothing was answered",
                        "add an answer for each question"),
};

static const struct hanse_rule assessment_answer_rules[] = {
    HANSE_RULE_REQUIRED("assessment-question-required", "questionId",
                        "nobody knows which question it answers", "give the question's id in the framework"),
    {"assessment-score-range", false, "score", hanse_rule_is_rating, NULL, "the score is over 5",
     "use 1 (worst) to 5 (best); 0 is not rated"},
};

const struct hanse_rule_group hanse_rules_evaluation[] = {
    HANSE_RULE_GROUP("Evaluation", evaluation_rules),
    HANSE_RULE_GROUP("CriterionRating", rating_rules),
    HANSE_RULE_GROUP("Finding", finding_rules),
    HANSE_RULE_GROUP("Recommendation", recommendation_rules),
    HANSE_RULE_GROUP("SelfAssessment", self_assessment_rules),
    HANSE_RULE_GROUP("AssessmentAnswer", assessment_answer_rules),
    {NULL, NULL, 0},
};
