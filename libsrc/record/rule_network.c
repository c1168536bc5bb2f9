/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for networks, their members and posts. */
#include "record/rule.h"

static bool bodies_differ(const struct hanse_part *network)
{
    return hanse_rule_ids_differ(network, "bodies", "id");
}

static bool classes_differ(const struct hanse_part *network)
{
    return hanse_rule_ids_differ(network, "membership_classes", "id");
}

static bool leaving_is_dated(const struct hanse_part *membership)
{
    const struct hanse_part *period = hanse_rule_child(membership, "period", 0);
    return hanse_rule_count(membership, "left_reason") == 0 ||
           (period != NULL && hanse_rule_count(period, "end") > 0);
}

static bool membership_ends_differ(const struct hanse_part *membership)
{
    return !hanse_rule_same_ref(hanse_rule_child(membership, "network", 0),
                                hanse_rule_child(membership, "member", 0));
}

static bool term_votes_suit(const struct hanse_part *term)
{
    return hanse_rule_are_ordered(term, "votes_for", "votes_total");
}

static bool occasion_is_named(const struct hanse_part *participation)
{
    return hanse_rule_count(participation, "event") + hanse_rule_count(participation, "subject") +
               hanse_rule_count(participation, "occasion") >
           0;
}

static bool published_is_linked(const struct hanse_part *disclosure)
{
    return hanse_rule_count(disclosure, "published") == 0 || hanse_rule_count(disclosure, "documents") > 0;
}

static const struct hanse_rule network_rules[] = {
    HANSE_RULE_REQUIRED("network-name-required", "name", "the network has no name",
                        "give its name in at least one language"),
    HANSE_RULE_REQUIRED("network-kind-required", "kind", "nobody knows what kind of network it is",
                        "set kind, such as NETWORK_KIND_REGIONAL"),
    HANSE_RULE_REQUIRED("network-secretariat-required", "secretariat", "nobody knows who runs the network",
                        "name the organisation that is its secretariat"),
    {"network-body-ids-differ", false, "bodies", NULL, bodies_differ, "two bodies have one id",
     "give each body its own"},
    {"membership-class-ids-differ", false, "membershipClasses", NULL, classes_differ,
     "two classes of membership have one id", "give each class its own"},
    {"website-form", true, "website", hanse_rule_is_url, NULL, "the website is no absolute URL",
     "write it in full, https:// included"},
    {"language-form", false, "languages", hanse_rule_is_language, NULL, "the language is no BCP 47 tag",
     "use a tag such as \"en\", \"zh-Hant\" or \"pt-BR\""},
};

static const struct hanse_rule network_body_rules[] = {
    HANSE_RULE_REQUIRED("network-body-id-required", "id", "nobody can refer to the body",
                        "give it an id of its own within the network"),
    HANSE_RULE_REQUIRED("network-body-name-required", "name", "the body has no name",
                        "give its name in at least one language"),
};

static const struct hanse_rule membership_class_rules[] = {
    HANSE_RULE_REQUIRED("membership-class-id-required", "id", "nobody can refer to the class",
                        "give it an id of its own within the network"),
    HANSE_RULE_REQUIRED("membership-class-name-required", "name", "the class has no name",
                        "give its name in at least one language"),
};

static const struct hanse_rule disclosure_rule_rules[] = {
    HANSE_RULE_REQUIRED("disclosure-rule-category-required", "category",
                        "nobody knows what is to be published",
                        "name the kind of document, such as IATI-DOC B01"),
    {"language-form", false, "languages", hanse_rule_is_language, NULL, "the language is no BCP 47 tag",
     "use a tag such as \"en\", \"zh-Hant\" or \"pt-BR\""},
};

static const struct hanse_rule membership_rules[] = {
    HANSE_RULE_REQUIRED("membership-network-required", "network", "nobody knows which network it is about",
                        "name its record or code"),
    HANSE_RULE_REQUIRED("membership-member-required", "member", "nobody knows who is a member",
                        "name the member by its record or a code"),
    HANSE_RULE_REQUIRED("membership-period-required", "period", "nobody knows since when",
                        "give period.start, at least the year"),
    {"membership-end-missing", true, "period", NULL, leaving_is_dated,
     "the member left and nobody knows when", "give period.end, at least the year"},
    {"membership-ends-differ", false, "member", NULL, membership_ends_differ, "the network is its own member",
     "name the member"},
};

static const struct hanse_rule post_rules[] = {
    HANSE_RULE_REQUIRED("post-title-required", "title", "the post has no title",
                        "give a title in at least one language"),
    HANSE_RULE_REQUIRED("post-network-required", "network", "nobody knows which network it is about",
                        "name its record or code"),
    HANSE_RULE_REQUIRED("post-kind-required", "kind", "nobody knows what kind of post it is",
                        "set kind, such as POST_KIND_PRESIDENT"),
};

static const struct hanse_rule term_of_office_rules[] = {
    HANSE_RULE_REQUIRED("term-post-required", "post", "nobody knows which post it is",
                        "name the Post record"),
    HANSE_RULE_REQUIRED("term-holder-required", "holder", "nobody knows who holds the post",
                        "name the city or organisation, not a person"),
    HANSE_RULE_REQUIRED("term-period-required", "period", "nobody knows when",
                        "give period.start; leave the end unset while it lasts"),
    {"term-votes", false, "votesFor", NULL, term_votes_suit, "more votes were for it than were cast",
     "mend the votes"},
};

static const struct hanse_rule participation_rules[] = {
    HANSE_RULE_REQUIRED("participation-member-required", "member", "nobody knows who took part",
                        "name the member"),
    HANSE_RULE_REQUIRED("participation-kind-required", "kind", "nobody knows in what it took part",
                        "set kind, such as PARTICIPATION_KIND_MEETING"),
    HANSE_RULE_REQUIRED("participation-date-required", "date", "nobody knows when", "give at least the year"),
    {"participation-occasion-missing", true, "event", NULL, occasion_is_named,
     "nobody knows on which occasion", "name the event or subject, or describe the occasion"},
};

static const struct hanse_rule disclosure_rules[] = {
    HANSE_RULE_REQUIRED("disclosure-subject-required", "subject", "nobody knows what it is about",
                        "name the network, project or body"),
    HANSE_RULE_REQUIRED("disclosure-category-required", "category",
                        "nobody knows what kind of document it is",
                        "name it, such as IATI-DOC B01 for an annual report"),
    {"disclosure-document-required", false, "documents", NULL, published_is_linked,
     "it is published and nobody knows where", "give the document's address"},
};

static const struct hanse_rule decision_rules[] = {
    HANSE_RULE_REQUIRED("decision-network-required", "network", "nobody knows which network it is about",
                        "name its record or code"),
    HANSE_RULE_REQUIRED("decision-title-required", "title", "nobody knows what was decided",
                        "give a title in at least one language"),
    HANSE_RULE_REQUIRED("decision-outcome-required", "outcome", "nobody knows how it was decided",
                        "set outcome, such as DECISION_OUTCOME_ADOPTED"),
    HANSE_RULE_REQUIRED("decision-date-required", "date", "nobody knows when", "give at least the year"),
};

static const struct hanse_rule working_group_rules[] = {
    HANSE_RULE_REQUIRED("working-group-network-required", "network", "nobody knows which network it is about",
                        "name its record or code"),
    HANSE_RULE_REQUIRED("working-group-name-required", "name", "the group has no name",
                        "give its name in at least one language"),
};

static const struct hanse_rule advocacy_rules[] = {
    HANSE_RULE_REQUIRED("advocacy-network-required", "network", "nobody knows which network it is about",
                        "name its record or code"),
    HANSE_RULE_REQUIRED("advocacy-title-required", "title", "the advocacy has no title",
                        "give a title in at least one language"),
    HANSE_RULE_REQUIRED("advocacy-targets-required", "targets", "nobody knows who is asked",
                        "name whom the network asks"),
    HANSE_RULE_REQUIRED("advocacy-ask-required", "ask", "nobody knows what is asked",
                        "say what the network wants"),
};

static const struct hanse_rule service_received_rules[] = {
    HANSE_RULE_REQUIRED("service-network-required", "network", "nobody knows which network it is about",
                        "name its record or code"),
    HANSE_RULE_REQUIRED("service-member-required", "member", "nobody knows who got it", "name the member"),
    HANSE_RULE_REQUIRED("service-kind-required", "kind", "nobody knows what kind of service it was",
                        "set kind, such as SERVICE_KIND_TRAINING"),
    HANSE_RULE_REQUIRED("service-period-required", "period", "nobody knows when", "give at least the year"),
    {"service-rating-range", false, "rating", hanse_rule_is_rating, NULL, "the rating is over 5",
     "use 1 (of no use) to 5 (could not do without); 0 is not rated"},
};

const struct hanse_rule_group hanse_rules_network[] = {
    HANSE_RULE_GROUP("Network", network_rules),
    HANSE_RULE_GROUP("NetworkBody", network_body_rules),
    HANSE_RULE_GROUP("MembershipClass", membership_class_rules),
    HANSE_RULE_GROUP("DisclosureRule", disclosure_rule_rules),
    HANSE_RULE_GROUP("Membership", membership_rules),
    HANSE_RULE_GROUP("Post", post_rules),
    HANSE_RULE_GROUP("TermOfOffice", term_of_office_rules),
    HANSE_RULE_GROUP("Participation", participation_rules),
    HANSE_RULE_GROUP("Disclosure", disclosure_rules),
    HANSE_RULE_GROUP("Decision", decision_rules),
    HANSE_RULE_GROUP("WorkingGroup", working_group_rules),
    HANSE_RULE_GROUP("Advocacy", advocacy_rules),
    HANSE_RULE_GROUP("ServiceReceived", service_received_rules),
    {NULL, NULL, 0},
};
