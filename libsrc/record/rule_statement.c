/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for what is said about another's record. */
#include "base/bytes.h"
#include "record/rule.h"

/* Numbers of AnswerStatus and ConfirmationVerdict. */
enum { DECLINED = 3, DISPUTED = 3 };

static bool questions_differ(const struct hanse_part *request)
{
    return hanse_rule_ids_differ(request, "questions", "id");
}

static bool refusal_is_explained(const struct hanse_part *answer)
{
    return hanse_rule_number(answer, "status") != DECLINED || hanse_rule_count(answer, "reason") > 0;
}

static bool dispute_is_explained(const struct hanse_part *confirmation)
{
    return hanse_rule_number(confirmation, "verdict") != DISPUTED ||
           hanse_rule_count(confirmation, "remarks") > 0;
}

static bool answer_says_something(const struct hanse_part *answer)
{
    return hanse_rule_count(answer, "value") + hanse_rule_count(answer, "notation") +
               hanse_rule_count(answer, "text") >
           0;
}

static bool change_changes(const struct hanse_part *change)
{
    return !hanse_bytes_equal(hanse_rule_text(change, "old_value"), hanse_rule_text(change, "new_value"));
}

static const struct hanse_rule information_request_rules[] = {
    HANSE_RULE_REQUIRED("request-recipients-required", "recipients", "nobody is asked", "name who is asked"),
    HANSE_RULE_REQUIRED("request-title-required", "title", "the request has no title",
                        "give a title in at least one language"),
    HANSE_RULE_REQUIRED("request-purpose-required", "purpose", "nobody knows what it is for",
                        "set purpose, such as REQUEST_PURPOSE_EVALUATION"),
    HANSE_RULE_REQUIRED("request-sent-required", "sent", "nobody knows when it was sent", "give the day"),
    {"question-ids-differ", false, "questions", NULL, questions_differ, "two questions have one id",
     "give each its own, so that answers can name it"},
};

static const struct hanse_rule question_rules[] = {
    HANSE_RULE_REQUIRED("question-id-required", "id", "nobody can answer the question",
                        "give it an id of its own within the request"),
    HANSE_RULE_REQUIRED("question-text-required", "text", "the question is empty",
                        "write it or remove the element"),
};

static const struct hanse_rule information_answer_rules[] = {
    HANSE_RULE_REQUIRED("answer-request-required", "request", "nobody knows what is answered",
                        "name the InformationRequest record"),
    HANSE_RULE_REQUIRED("answer-respondent-required", "respondent", "nobody knows who answers",
                        "name the city or organisation, not a person"),
    HANSE_RULE_REQUIRED("answer-status-required", "status", "nobody knows whether this is all",
                        "set status, such as ANSWER_STATUS_COMPLETE"),
    {"answer-reason-missing", true, "reason", NULL, refusal_is_explained,
     "the answer is refused and nobody says why", "write in reason why"},
};

static const struct hanse_rule answer_rules[] = {
    HANSE_RULE_REQUIRED("answer-question-required", "questionId", "nobody knows which question it answers",
                        "give the question's id"),
    {"answer-empty", true, "value", NULL, answer_says_something, "there is no answer and no reason why",
     "give the value, a notation key or a text"},
    {"answer-value-form", false, "value", hanse_rule_is_decimal, NULL, "the value is no decimal number",
     "write digits with a point; words go into text"},
};

static const struct hanse_rule confirmation_rules[] = {
    HANSE_RULE_REQUIRED("confirmation-record-required", "record", "nobody knows what is confirmed",
                        "give the record's full name"),
    HANSE_RULE_REQUIRED("confirmation-verdict-required", "verdict", "nobody knows whether the party agrees",
                        "set verdict, such as CONFIRMATION_VERDICT_CONFIRMED"),
    HANSE_RULE_REQUIRED("confirmation-party-required", "party", "nobody knows who agrees",
                        "name the city or organisation, not a person"),
    {"confirmation-remarks-missing", true, "remarks", NULL, dispute_is_explained,
     "the record is disputed and nobody says why", "write in remarks what is wrong"},
};

static const struct hanse_rule review_rules[] = {
    HANSE_RULE_REQUIRED("review-record-required", "record", "nobody knows what was reviewed",
                        "give the record's full name"),
    HANSE_RULE_REQUIRED("review-verdict-required", "verdict", "nobody knows what came of it",
                        "set verdict, such as REVIEW_VERDICT_VALIDATED"),
    HANSE_RULE_REQUIRED("review-reviewer-required", "reviewer", "nobody knows who reviewed",
                        "name the body or city, not a person"),
};

static const struct hanse_rule correction_rules[] = {
    HANSE_RULE_REQUIRED("correction-record-required", "record", "nobody knows what is to be corrected",
                        "give the record's full name"),
    HANSE_RULE_REQUIRED("correction-changes-required", "changes", "nothing is to be changed",
                        "add a change with its path"),
    HANSE_RULE_REQUIRED("correction-reason-required", "reason", "nobody knows why", "say how you know"),
};

static const struct hanse_rule suggested_change_rules[] = {
    HANSE_RULE_REQUIRED("change-path-required", "path", "nobody knows which part it is about",
                        "give the path, such as \"localGovernment.population\""),
    {"change-changes", false, "newValue", NULL, change_changes, "old and new value are the same",
     "say what should stand there"},
};

static const struct hanse_rule management_response_rules[] = {
    HANSE_RULE_REQUIRED("response-evaluation-required", "evaluation",
                        "nobody knows which evaluation it is about", "name the Evaluation record"),
    HANSE_RULE_REQUIRED("response-addressee-required", "addressee", "nobody knows who responds",
                        "name the city or organisation, not a person"),
    HANSE_RULE_REQUIRED("responses-required", "responses", "no recommendation is responded to",
                        "add a response for each"),
};

static const struct hanse_rule recommendation_answer_rules[] = {
    HANSE_RULE_REQUIRED("response-recommendation-required", "recommendationId",
                        "nobody knows which recommendation it is",
                        "give the recommendation's id in the evaluation"),
    HANSE_RULE_REQUIRED("response-required", "response", "nobody knows whether it is accepted",
                        "set response, such as RECOMMENDATION_RESPONSE_ACCEPTED"),
};

const struct hanse_rule_group hanse_rules_statement[] = {
    HANSE_RULE_GROUP("InformationRequest", information_request_rules),
    HANSE_RULE_GROUP("Question", question_rules),
    HANSE_RULE_GROUP("InformationAnswer", information_answer_rules),
    HANSE_RULE_GROUP("Answer", answer_rules),
    HANSE_RULE_GROUP("Confirmation", confirmation_rules),
    HANSE_RULE_GROUP("Review", review_rules),
    HANSE_RULE_GROUP("Correction", correction_rules),
    HANSE_RULE_GROUP("SuggestedChange", suggested_change_rules),
    HANSE_RULE_GROUP("ManagementResponse", management_response_rules),
    HANSE_RULE_GROUP("RecommendationAnswer", recommendation_answer_rules),
    {NULL, NULL, 0},
};
