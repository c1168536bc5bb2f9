/* SPDX-License-Identifier: Apache-2.0 */
/* Indicators against cases counted by hand: the numbers stand in comments beside the records. */
#include "anomaly.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "report/report.h"

#define NET "\"network\":{\"id\":\"ORGID:XX-NET\"}"
#define DAY(y, m, d) "{\"year\":" #y ",\"month\":" #m ",\"day\":" #d "}"
#define SPAN(a, b) "{\"start\":" a ",\"end\":" b "}"
#define FROM(a) "{\"start\":" a "}"
#define REF(id) "{\"id\":\"" id "\"}"
#define EN(text) "[{\"text\":\"" text "\",\"language\":\"en\"}]"
#define UUID "00000000-0000-7000-8000-0000000000"
#define NAME(nn) "hanse:net.example/x/" UUID nn
#define EUR(units) "{\"currency\":\"EUR\",\"units\":\"" #units "\"}"
#define JPY(units) "{\"currency\":\"JPY\",\"units\":\"" #units "\"}"

static struct hanse_error err;

static struct hanse_report *start(void)
{
    struct hanse_report *report;
    assert_int_equal(hanse_report_new("en", &report, &err), HANSE_OK);
    return report;
}

/* Adds a record of a feed; `nn` are the last two digits of its id. */
static void add_to(struct hanse_report *report, const char *origin, const char *nn, const char *day,
                   uint32_t audience, const char *json)
{
    struct hanse_record *record;
    char id[128];
    uint64_t unix_s;
    (void)snprintf(id, sizeof id, "hanse:%s/" UUID "%s", origin, nn);
    assert_true(hanse_time_decode(hanse_bytes_of_text(day), &unix_s));
    if (hanse_record_from_json(hanse_bytes_of_text(json), &record, &err) != HANSE_OK)
        fail_msg("%s: %s", json, err.message);
    const struct hanse_report_input input = {.id = id,
                                             .origin = origin,
                                             .first_published_unix_s = unix_s,
                                             .published_unix_s = unix_s,
                                             .audience = audience,
                                             .record = record};
    hanse_facts_add(&report->facts, &input);
    hanse_record_free(record);
}

static void add(struct hanse_report *report, const char *nn, const char *json)
{
    add_to(report, "net.example/x", nn, "2020-01-01", 0, json);
}

/* As add, with ' for ". */
static void put(struct hanse_report *report, const char *nn, const char *json)
{
    char quoted[1500];
    (void)snprintf(quoted, sizeof quoted, "%s", json);
    for (char *c = quoted; *c != '\0'; c++)
        *c = *c == '\'' ? '"' : *c;
    add(report, nn, quoted);
}

/* The year 2025. */
static void end_2025(struct hanse_report *report)
{
    if (hanse_report_end(report, NULL, 2025, hanse_day_of(2026, 6, 30), &err) != HANSE_OK)
        fail_msg("%s", err.message);
}

static const struct hanse_indicator *find_in(const struct hanse_report *report, const char *id,
                                             const char *part, const char *currency)
{
    for (size_t i = 0; i < hanse_report_indicator_count(report); i++) {
        const struct hanse_indicator *indicator = hanse_report_indicator(report, i);
        if (strcmp(indicator->id, id) == 0 && strcmp(indicator->part, part) == 0 &&
            (currency == NULL || strcmp(indicator->currency, currency) == 0))
            return indicator;
    }
    fail_msg("there is no %s %s", id, part);
    return NULL;
}

static const struct hanse_indicator *find(const struct hanse_report *report, const char *id, const char *part)
{
    return find_in(report, id, part, NULL);
}

static void is_value(const struct hanse_indicator *indicator, double wanted)
{
    if (!indicator->computable || indicator->value < wanted - 1e-6 || indicator->value > wanted + 1e-6)
        fail_msg("%s %s is %g (%s), not %g", indicator->id, indicator->part, indicator->value,
                 indicator->reason != NULL ? indicator->reason : "computable", wanted);
}

static void is_ratio(const struct hanse_indicator *indicator, double numerator, double denominator)
{
    if (!indicator->computable || indicator->numerator < numerator - 1e-6 ||
        indicator->numerator > numerator + 1e-6 || indicator->denominator < denominator - 1e-6 ||
        indicator->denominator > denominator + 1e-6)
        fail_msg("%s %s is %g of %g, not %g of %g", indicator->id, indicator->part, indicator->numerator,
                 indicator->denominator, numerator, denominator);
    is_value(indicator, numerator / denominator);
}

static void is_not_computable(const struct hanse_indicator *indicator)
{
    assert_false(indicator->computable);
    assert_non_null(indicator->reason);
    assert_true(strlen(indicator->reason) > 10);
    assert_true(indicator->value == 0);
}

static bool is_cited(const struct hanse_indicator *indicator, const char *name)
{
    for (size_t i = 0; i < indicator->record_count; i++)
        if (strcmp(indicator->records[i], name) == 0)
            return true;
    return false;
}

static void add_network(struct hanse_report *report)
{
    add(report, "01",
        "{\"header\":{\"identifiers\":[{\"scheme\":\"ORGID\",\"value\":\"XX-NET\"}]},\"network\":{"
        "\"name\":" EN("Harbour Net") ",\"acronym\":\"HN\"}}");
}

static void add_city(struct hanse_report *report, const char *nn, const char *name, const char *locode,
                     const char *qid, const char *country)
{
    char json[512];
    (void)snprintf(json, sizeof json,
                   "{\"header\":{\"identifiers\":[{\"scheme\":\"UNLOCODE\",\"value\":\"%s\"},"
                   "{\"scheme\":\"WIKIDATA\",\"value\":\"%s\"}]},\"localGovernment\":{\"name\":"
                   "[{\"text\":\"%s\",\"language\":\"en\"}],\"country\":\"%s\"}}",
                   locode, qid, name, country);
    add(report, nn, json);
}

static void add_cities(struct hanse_report *report)
{
    add_network(report);
    add_city(report, "02", "Alba", "JPAAA", "Q1", "JP");
    add_city(report, "03", "Bora", "IDBBB", "Q2", "ID");
    add_city(report, "04", "Cera", "ECCCC", "Q3", "EC");
}

static void add_member(struct hanse_report *report, const char *nn, const char *ref, const char *period,
                       const char *rest)
{
    char json[512];
    (void)snprintf(json, sizeof json, "{\"membership\":{" NET ",\"member\":%s,\"period\":%s%s}}", ref, period,
                   rest);
    add(report, nn, json);
}

/* Alba, Bora and Cera are in; Dora left in 2025 for the fee; Eira left in 2020. */
static void add_members(struct hanse_report *report)
{
    add_cities(report);
    add_member(report, "11", REF("UNLOCODE:JPAAA"), FROM(DAY(2010, 1, 1)), "");
    add_member(report, "12", REF("WIKIDATA:Q2"), FROM(DAY(2025, 3, 1)), "");
    add_member(report, "13", "{\"name\":" EN("Cera") "}", FROM(DAY(2020, 1, 1)), "");
    add_member(report, "14", REF("UNLOCODE:XXDDD"), SPAN(DAY(2015, 1, 1), DAY(2025, 6, 30)),
               ",\"leftReason\":\"LEAVING_REASON_FEE\"");
    add_member(report, "15", REF("UNLOCODE:XXEEE"), SPAN(DAY(2015, 1, 1), DAY(2020, 6, 30)), "");
}

static void test_m1_active_members(void **state)
{
    (void)state;
    struct hanse_report *report = start();
    add_members(report);
    /* By another code than that of the membership; 24 months before 2025-12-31 begin on 2024-01-01. */
    add(report, "21",
        "{\"participation\":{\"member\":" REF("WIKIDATA:Q1") ",\"kind\":\"PARTICIPATION_KIND_MEETING\","
                                                             "\"date\":" DAY(2024, 1, 1) "}}");
    /* Too early by a day; Bora does nothing. */
    add(report, "22",
        "{\"participation\":{\"member\":" REF("UNLOCODE:IDBBB") ",\"kind\":\"PARTICIPATION_KIND_MEETING\","
                                                                "\"date\":" DAY(2023, 12, 31) "}}");
    /* In another network. */
    add(report, "23",
        "{\"participation\":{\"member\":" REF(
            "UNLOCODE:IDBBB") ",\"kind\":\"PARTICIPATION_KIND_MEETING\","
                              "\"date\":" DAY(2025, 1, 1) ",\"network\":" REF("ORGID:XX-"
                                                                              "OTHER") "}}");
    /* Cera learned in an exchange; one that was not held does not count. */
    add(report, "24",
        "{\"exchange\":{\"mode\":\"EXCHANGE_MODE_WORKSHOP\",\"status\":\"EXCHANGE_STATUS_HELD\","
        "\"period\":" SPAN(DAY(2025, 5, 1), DAY(2025, 5, 2)) ",\"flows\":[{\"from\":" REF(
            "UNLOCODE:XXZZZ") ",\"to\":" REF("UNLOCODE:ECCCC") ",\"personDays\":\"2\"}]}}");
    add(report, "25",
        "{\"exchange\":{\"mode\":\"EXCHANGE_MODE_WORKSHOP\",\"status\":\"EXCHANGE_STATUS_CANCELLED\","
        "\"period\":" SPAN(DAY(2025, 5, 1), DAY(2025, 5, 2)) ",\"flows\":[{\"from\":" REF(
            "UNLOCODE:IDBBB") ",\"to\":" REF("UNLOCODE:ECCCC") ",\"personDays\":\"2\"}]}}");
    end_2025(report);
    const struct hanse_indicator *active = find(report, "M1", "");
    is_ratio(active, 2, 3); /* Alba, Cera of Alba, Bora, Cera */
    assert_true(is_cited(active, NAME("21")));
    assert_true(is_cited(active, NAME("24")));
    assert_true(is_cited(active, NAME("13")));
    assert_false(is_cited(active, NAME("22")));
    is_ratio(find(report, "M2", ""), 0, 2);
    /* Counts 0, 0, 1: (2*3 - 3 - 1) * 1 = 2, by 3 * 1. */
    is_ratio(find(report, "M2", "gini"), 2, 3);
    hanse_report_free(report);
}

/* Whoever gave is a giver, also where something else came later. */
static void test_m2_givers(void **state)
{
    (void)state;
    struct hanse_report *report = start();
    add_members(report);
    add(report, "21",
        "{\"participation\":{\"member\":{\"id\":\"WIKIDATA:Q1\"},\"kind\":\"PARTICIPATION_KIND_MEETING\","
        "\"date\":{\"year\":2025,\"month\":9,\"day\":1}}}");
    add(report, "22",
        "{\"exchange\":{\"mode\":\"EXCHANGE_MODE_WORKSHOP\",\"status\":\"EXCHANGE_STATUS_HELD\","
        "\"period\":{\"start\":{\"year\":2025,\"month\":5,\"day\":1}},"
        "\"flows\":[{\"from\":{\"id\":\"UNLOCODE:JPAAA\"},\"to\":{\"id\":\"UNLOCODE:IDBBB\"}}]}}");
    end_2025(report);
    is_ratio(find(report, "M2", ""), 1, 2);
    assert_true(is_cited(find(report, "M2", ""), NAME("22")));
    is_not_computable(find(report, "R1", "")); /* no person-days are stated */
    is_ratio(find(report, "R3", ""), 0, 1);
    hanse_report_free(report);
}

static void test_m3_churn(void **state)
{
    (void)state;
    struct hanse_report *report = start();
    add_members(report);
    end_2025(report);
    /* On 2024-12-31: Alba, Cera, Dora. Left in 2025: Dora. Joined: Bora. */
    is_ratio(find(report, "M3", ""), 1, 3);
    is_value(find(report, "M3", "net-growth"), 0);
    /* Alba 2010-01-01: 5843 days to 2025-12-31, Bora 305, Cera 2191: the middle one. */
    is_value(find(report, "M3", "tenure"), 2191);
    is_ratio(find(report, "H4", "left-for-fee"), 1, 1);
    is_not_computable(find(report, "M4", ""));
    hanse_report_free(report);
}

/* A change of class is no leaving: the next time begins within 31 days. */
static void test_m3_adjacent_memberships(void **state)
{
    (void)state;
    struct hanse_report *report = start();
    add_cities(report);
    add_member(report, "11", REF("UNLOCODE:JPAAA"), SPAN(DAY(2010, 1, 1), DAY(2025, 3, 31)), "");
    add_member(report, "12", REF("WIKIDATA:Q1"), FROM(DAY(2025, 4, 15)), "");
    end_2025(report);
    is_ratio(find(report, "M3", ""), 0, 1);
    hanse_report_free(report);
}

/* Who joined on the first day was no member on the day before it; who left on the last day has left. */
static void test_m3_edges(void **state)
{
    (void)state;
    struct hanse_report *report = start();
    add_cities(report);
    add_member(report, "11", REF("UNLOCODE:JPAAA"), FROM(DAY(2025, 1, 1)), "");
    add_member(report, "12", REF("WIKIDATA:Q2"), SPAN(DAY(2024, 12, 31), DAY(2025, 12, 31)), "");
    end_2025(report);
    is_ratio(find(report, "M3", ""), 1, 1);
    is_value(find(report, "M3", "net-growth"), 0);
    hanse_report_free(report);
}

static void add_income(struct hanse_report *report, const char *nn, const char *source, const char *type,
                       const char *amount, const char *rest)
{
    char json[600];
    (void)snprintf(
        json, sizeof json,
        "{\"incomeRecord\":{" NET ",\"fiscalYear\":" SPAN(
            DAY(2025, 4, 1), DAY(2026, 3, 31)) ",\"source\":%s,\"sourceType\":\"INCOME_"
                                               "SOURCE_%s\",\"amount\":%s,\"status\":\"INCOME_STATUS_%s}}",
        source, type, amount, rest);
    add(report, nn, json);
}

static void test_h1_to_h3_funding(void **state)
{
    (void)state;
    struct hanse_report *report = start();
    add_cities(report);
    /* Alba 300 + 200 under two codes, fund 400, Bora 100: 1000 in all. */
    add_income(report, "31", REF("UNLOCODE:JPAAA"), "HOST_CITY", EUR(300), "RECEIVED\",\"earmarking\":1");
    add_income(report, "32", REF("WIKIDATA:Q1"), "MEMBERSHIP_FEE", EUR(200), "RECEIVED\",\"earmarking\":3");
    add_income(report, "33", REF("ORGID:XX-FUND"), "FOUNDATION", EUR(400), "RECEIVED\",\"earmarking\":4");
    add_income(report, "34", REF("UNLOCODE:IDBBB"), "IN_KIND", EUR(100), "RECEIVED\"");
    /* Promised only. */
    add_income(report, "35", REF("ORGID:XX-FUND"), "FOUNDATION", EUR(9000), "PLEDGED\"");
    end_2025(report);
    const struct hanse_indicator *hhi = find(report, "H1", "");
    is_value(hhi, 0.42); /* 0.5^2 + 0.4^2 + 0.1^2 */
    assert_string_equal(hhi->currency, "EUR");
    assert_int_equal(hhi->count, 4);
    assert_int_equal(hhi->record_count, 4);
    assert_false(is_cited(hhi, NAME("35")));
    is_value(find(report, "H1", "source-types"), 0.3); /* 0.09 + 0.04 + 0.16 + 0.01 */
    is_value(find(report, "H2", ""), 1 / 0.42);
    is_value(find(report, "H2", "normalised"), (0.42 - 1.0 / 3) / (1 - 1.0 / 3));
    is_ratio(find(report, "H3", ""), 500, 1000);
    is_ratio(find(report, "H3", "fee-share"), 200, 1000);
    is_ratio(find(report, "H3", "unearmarked-share"), 300, 1000);
    is_ratio(find(report, "H3", "host-city-share"), 300, 1000);
    is_ratio(find(report, "H3", "in-kind-share"), 100, 1000);
    hanse_report_free(report);
}

/* Without rates two currencies are two sets of figures; with a rate they are one. */
static void test_h1_currencies(void **state)
{
    (void)state;
    for (int has_rate = 0; has_rate < 2; has_rate++) {
        struct hanse_report *report = start();
        add_cities(report);
        add_income(report, "31", REF("UNLOCODE:JPAAA"), "HOST_CITY", EUR(300), "RECEIVED\"");
        add_income(report, "32", REF("ORGID:XX-FUND"), "FOUNDATION", EUR(100), "RECEIVED\"");
        add_income(report, "33", REF("UNLOCODE:IDBBB"), "MEMBERSHIP_FEE", JPY(16000), "RECEIVED\"");
        if (has_rate)
            add(report, "39",
                "{\"rateTable\":{\"rates\":[{\"from\":\"EUR\",\"to\":\"JPY\",\"date\":" DAY(
                    2026, 3,
                    31) ",\"rate\":\"160\"},{\"from\":\"EUR\",\"to\":\"JPY\",\"date\":" DAY(2020, 1,
                                                                                            1) ",\"rate\":"
                                                                                               "\"100\"}]}}");
        end_2025(report);
        if (has_rate) {
            /* 16000 / 160 = 100: 300, 100, 100 of 500. */
            is_value(find_in(report, "H1", "", "EUR"), 0.44);
            is_ratio(find(report, "H3", "fee-share"), 100, 500);
            assert_true(is_cited(find(report, "H1", ""), NAME("39")));
        } else {
            is_value(find_in(report, "H1", "", "EUR"), 0.625);
            is_value(find_in(report, "H1", "", "JPY"), 1);
            is_not_computable(find_in(report, "H2", "normalised", "JPY"));
            assert_non_null(find_in(report, "H1", "", "JPY")->note);
        }
        hanse_report_free(report);
    }
}

static void test_h4_fees(void **state)
{
    (void)state;
    struct hanse_report *report = start();
    add_members(report);
    /* Alba pays 100 of 100, 40 of it after the year; Bora has 50 waived of 200 and owes 150 since 2025-06-30.
     */
    add(report, "41",
        "{\"feeRecord\":{\"membership\":" REF(NAME("11")) ",\"fiscalYear\":" SPAN(DAY(2025, 1, 1), DAY(2025, 12, 31)) ",\"invoiced\":" EUR(
            100) ",\"due\":" DAY(2025, 12,
                                 1) ",\"payments\":[{\"amount\":" EUR(60) ",\"date\":" DAY(2025, 2,
                                                                                           1) "},{"
                                                                                              "\"amount\""
                                                                                              ":" EUR(
                                                                                                  40) ","
                                                                                                      "\""
                                                                                                      "da"
                                                                                                      "te"
                                                                                                      "\""
                                                                                                      ":" DAY(
                                                                                                          2026,
                                                                                                          1,
                                                                                                          15) "}]}}");
    add(report, "42",
        "{\"feeRecord\":{\"membership\":" REF(NAME("12")) ",\"fiscalYear\":" SPAN(
            DAY(2025, 1, 1),
            DAY(2025, 12, 31)) ",\"invoiced\":" EUR(200) ",\"due\":" DAY(2025, 6,
                                                                         30) ",\"waived\":" EUR(50) "}}");
    end_2025(report);
    is_ratio(find(report, "H4", ""), 60, 300);
    is_ratio(find(report, "H4", "arrears-90-days"), 40, 300);
    is_ratio(find(report, "H4", "arrears-one-year"), 150, 300);
    is_ratio(find(report, "H4", "arrears-older"), 0, 300);
    is_ratio(find(report, "H4", "waived"), 50, 300);
    hanse_report_free(report);
}

static void add_profile(struct hanse_report *report, const char *origin, const char *nn, const char *owner)
{
    char json[300];
    (void)snprintf(
        json, sizeof json,
        "{\"feedProfile\":{\"title\":" EN("x") ",\"owner\":{\"id\":\"%s\"},\"ownerKind\":\"OWNER_KIND_LOCAL_"
                                               "GOVERNMENT\",\"custody\":\"CUSTODY_SELF\"}}",
        owner);
    add_to(report, origin, nn, "2020-01-01", 0, json);
}

/* Alba's record of one visit: Alba to Bora 10 person-days, Bora to Alba 4. Bora's own record of it is the
 * same. */
static void add_visit(struct hanse_report *report, const char *origin, const char *nn, const char *header)
{
    char json[900];
    (void)snprintf(
        json, sizeof json,
        "{%s\"exchange\":{\"mode\":\"EXCHANGE_MODE_STUDY_VISIT\",\"status\":\"EXCHANGE_STATUS_HELD\","
        "\"period\":" SPAN(DAY(2025, 5, 1), DAY(2025, 5, 9)) "," NET ",\"flows\":[{\"from\":" REF(
            "UNLOCO"
            "DE:"
            "JPAAA") ",\"to\":" REF("WIKIDATA:Q2") ",\"personDays\":\"10\"},{"
                                                   "\"from\":" REF("UNLOCODE:"
                                                                   "IDBBB") ",\"to"
                                                                            "\""
                                                                            ":" REF("W"
                                                                                    "I"
                                                                                    "K"
                                                                                    "I"
                                                                                    "D"
                                                                                    "A"
                                                                                    "T"
                                                                                    "A"
                                                                                    ":"
                                                                                    "Q"
                                                                                    "1") ",\"person"
                                                                                         "Days\":"
                                                                                         "\"4.0\"}]"
                                                                                         "}}",
        header);
    add_to(report, origin, nn, "2025-06-01", 0, json);
}

static void add_confirmation(struct hanse_report *report, const char *origin, const char *nn,
                             const char *party, const char *verdict)
{
    char json[400];
    (void)snprintf(json, sizeof json,
                   "{\"confirmation\":{\"record\":{\"id\":\"hanse:alba.example/x/" UUID
                   "50\"},\"party\":{\"id\":\"%s\"},"
                   "\"verdict\":\"CONFIRMATION_VERDICT_%s\",\"paths\":[\"exchange.flows[0]\"]}}",
                   party, verdict);
    add_to(report, origin, nn, "2025-07-01", 0, json);
}

static void test_r4_confirmed_learning(void **state)
{
    static const struct {
        const char *origin; /* of the confirmation */
        const char *party;
        const char *verdict;
        double confirmed;
    } cases[] = {
        {"bora.example/x", "UNLOCODE:IDBBB", "CONFIRMED", 2}, /* Alba says itself that it learned */
        {"bora.example/x", "UNLOCODE:IDBBB", "DISPUTED", 1},
        {"alba.example/x", "UNLOCODE:IDBBB", "CONFIRMED", 1}, /* nobody states another's act */
        {"bora.example/x", "UNLOCODE:JPAAA", "CONFIRMED", 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct hanse_report *report = start();
        add_members(report);
        add_profile(report, "alba.example/x", "00", "WIKIDATA:Q1");
        add_profile(report, "bora.example/x", "00", "UNLOCODE:IDBBB");
        add_visit(report, "alba.example/x", "50", "");
        add_confirmation(report, cases[i].origin, "51", cases[i].party, cases[i].verdict);
        end_2025(report);
        is_ratio(find(report, "R4", ""), cases[i].confirmed, 2);
        is_ratio(find(report, "R2", ""), 8, 14); /* twice the smaller way, over both */
        is_ratio(find(report, "R3", ""), 2, 2);
        hanse_report_free(report);
    }
}

/* Feeds that do not say whose they are: the claimant's own feed still cannot confirm. */
static void test_r4_without_profiles(void **state)
{
    static const char *const origins[] = {"alba.example/x", "bora.example/x"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct hanse_report *report = start();
        add_members(report);
        add_visit(report, "alba.example/x", "50", "");
        add_confirmation(report, origins[i], "51", "UNLOCODE:IDBBB", "CONFIRMED");
        end_2025(report);
        is_ratio(find(report, "R4", ""), i == 0 ? 0 : 1, 2);
        hanse_report_free(report);
    }
}

/* A feed that goes on under another origin: its record and the new one are one, by whatever name they are
 * called. */
static void test_successor(void **state)
{
    (void)state;
    struct hanse_report *report = start();
    add_members(report);
    add_visit(report, "alba.example/x", "50", "");
    add_visit(report, "alba.example/new", "50", "");
    add_confirmation(report, "bora.example/x", "51", "UNLOCODE:IDBBB", "CONFIRMED");
    hanse_facts_alias(&report->facts, "hanse:alba.example/x/" UUID "50", "hanse:alba.example/new/" UUID "50");
    end_2025(report);
    is_ratio(find(report, "R4", ""), 1, 2);
    hanse_report_free(report);
}

/* A name alone means the one thing that is called so; of two with that name it means neither. */
static void test_name_of_two(void **state)
{
    (void)state;
    struct hanse_report *report = start();
    add_members(report);
    add_city(report, "05", "Cera", "PTCER", "Q9", "PT");
    put(report, "a1",
        "{'participation':{'member':{'id':'UNLOCODE:ECCCC'},'kind':1,'date':{'year':2025,'month':2,'day':1}}"
        "}");
    end_2025(report);
    is_ratio(find(report, "M1", ""), 0, 3);
    hanse_report_free(report);
}

/* Two records of one visit, linked from one side, count once; and each side's own record confirms what it
 * got. */
static void test_r4_same_as(void **state)
{
    (void)state;
    struct hanse_report *report = start();
    add_members(report);
    add_profile(report, "alba.example/x", "00", "WIKIDATA:Q1");
    add_profile(report, "bora.example/x", "00", "UNLOCODE:IDBBB");
    add_visit(report, "alba.example/x", "50", "");
    add_visit(report, "bora.example/x", "60",
              "\"header\":{\"sameAs\":[{\"id\":\"hanse:alba.example/x/" UUID "50\"}]},");
    end_2025(report);
    is_ratio(find(report, "R4", ""), 2, 2);
    hanse_report_free(report);
}

static void add_project(struct hanse_report *report, const char *nn, const char *end, const char *rest)
{
    char json[700];
    (void)snprintf(json, sizeof json,
                   "{%s\"project\":{\"title\":" EN(
                       "p") ",\"status\":\"PROJECT_STATUS_CLOSED\",\"dates\":[{\"type\":"
                            "\"PROJECT_DATE_TYPE_ACTUAL_START\",\"date\":" DAY(
                                2020, 1, 1) "},{\"type\":\"PROJECT_DATE_TYPE_ACTUAL_END\","
                                            "\"date\":%s}],\"participants\":[{\"actor\":" REF(
                                                "UNLOCODE:JPAAA") ",\"role\":\"PARTICIPANT_"
                                                                  "ROLE_"
                                                                  "IMPLEMENTING\"}]}}",
                   rest, end);
    add(report, nn, json);
}

static void add_evaluation(struct hanse_report *report, const char *nn, const char *subject,
                           const char *timing, const char *completed)
{
    char json[400];
    (void)snprintf(
        json, sizeof json,
        "{\"evaluation\":{\"subjects\":[{\"id\":\"%s\"}],\"timing\":\"EVALUATION_TIMING_%s\",\"status\":"
        "\"EVALUATION_STATUS_COMPLETED\",\"completed\":%s,\"framework\":{\"scheme\":\"EVAL-FRAMEWORK\","
        "\"code\":\"DAC-EVAL\"},\"ratings\":[{\"criterion\":{\"scheme\":\"DAC-EVAL\",\"code\":"
        "\"impact\"},\"score\":\"3\"}]}}",
        subject, timing, completed);
    add(report, nn, json);
}

static void test_e1_coverage(void **state)
{
    (void)state;
    struct hanse_report *report = start();
    add_members(report);
    add_project(report, "61", DAY(2025, 2, 1), "");   /* evaluated after its end */
    add_project(report, "62", DAY(2025, 3, 1), "");   /* only before its start */
    add_project(report, "63", DAY(2025, 4, 1), "");   /* not evaluated */
    add_project(report, "64", DAY(2024, 12, 31), ""); /* ended before the year */
    /* The same project as 63, told by another: counts once. */
    add_project(report, "65", DAY(2025, 4, 1), "\"header\":{\"sameAs\":[" REF(NAME("63")) "]},");
    add_evaluation(report, "71", NAME("61"), "TERMINAL", DAY(2025, 9, 1));
    add_evaluation(report, "72", NAME("62"), "EX_ANTE", DAY(2019, 9, 1));
    add_evaluation(report, "73", NAME("63"), "MID_TERM", DAY(2024, 9, 1));
    end_2025(report);
    const struct hanse_indicator *coverage = find(report, "E1", "");
    is_ratio(coverage, 1, 3);
    assert_true(is_cited(coverage, NAME("71")));
    assert_false(is_cited(coverage, NAME("64")));
    is_not_computable(find(report, "E2", ""));
    is_ratio(find(report, "E2", "same-framework"), 3, 3);
    is_ratio(find(report, "E4", ""), 3, 18);
    is_not_computable(find(report, "E5", ""));
    hanse_report_free(report);
}

static void add_answer(struct hanse_report *report, const char *origin, const char *nn, const char *day,
                       const char *who, const char *status, const char *answers)
{
    char json[500];
    (void)snprintf(
        json, sizeof json,
        "{\"informationAnswer\":{\"request\":" REF(NAME("80")) ",\"respondent\":{\"id\":\"%s\"},\"status\":"
                                                               "\"ANSWER_STATUS_%s\",\"answers\":[%s]}}",
        who, status, answers);
    add_to(report, origin, nn, day, 0, json);
}

static void test_e3_requests(void **state)
{
    (void)state;
    struct hanse_report *report = start();
    add_members(report);
    add_profile(report, "alba.example/x", "00", "WIKIDATA:Q1");
    add_profile(report, "bora.example/x", "00", "WIKIDATA:Q2");
    add_profile(report, "net.example/x", "00", "ORGID:XX-NET");
    add(report, "80",
        "{\"informationRequest\":{\"recipients\":[" REF("UNLOCODE:JPAAA") "," REF("UNLOCODE:IDBBB") "," REF(
            "UNLOCODE:ECCCC") "],\"title\":" EN("q") ",\"purpose\":\"REQUEST_PURPOSE_EVALUATION\","
                                                     "\"sent\":" DAY(2025, 3, 1) ",\"due\":" DAY(
                                                         2025, 3,
                                                         31) ",\"questio"
                                                             "ns\":[{"
                                                             "\"id\":"
                                                             "\"a\","
                                                             "\"text\""
                                                             ":" EN("a") "},{\"id\":\"b\",\"text\":" EN(
                                                                 "b") "}]}}");
    /* Alba after 10 days with one of two; Bora after 40 days, late, with both. */
    add_answer(report, "alba.example/x", "81", "2025-03-11", "UNLOCODE:JPAAA", "PARTIAL",
               "{\"questionId\":\"a\",\"value\":\"1\"}");
    add_answer(report, "bora.example/x", "82", "2025-04-10", "UNLOCODE:IDBBB", "COMPLETE",
               "{\"questionId\":\"a\",\"value\":\"1\"},{\"questionId\":\"b\",\"value\":\"1\"}");
    /* The secretariat says that Cera answered: that is Cera's to say. */
    add_answer(report, "net.example/x", "83", "2025-03-12", "UNLOCODE:ECCCC", "COMPLETE", "");
    end_2025(report);
    is_ratio(find(report, "E3", ""), 2, 3);
    is_ratio(find(report, "E3", "on-time"), 1, 3);
    is_ratio(find(report, "E3", "completeness"), 1.5, 2);
    is_value(find(report, "E3", "days"), 25);
    hanse_report_free(report);
}

static void add_term(struct hanse_report *report, const char *nn, const char *holder, const char *period)
{
    char json[300];
    (void)snprintf(json, sizeof json,
                   "{\"termOfOffice\":{\"post\":" REF(NAME("90")) ",\"holder\":%s,\"period\":%s}}", holder,
                   period);
    add(report, nn, json);
}

static void test_g1_rotation(void **state)
{
    (void)state;
    struct hanse_report *report = start();
    add_cities(report);
    add(report, "90",
        "{\"post\":{\"title\":" EN("President") "," NET ",\"kind\":\"POST_KIND_PRESIDENT\",\"termMonths\":24,"
                                                "\"maxConsecutiveTerms\":1}}");
    /* Alba for two terms, then Bora, a gap of 31 days, then Cera until today. */
    add_term(report, "91", REF("UNLOCODE:JPAAA"), SPAN(DAY(2016, 1, 1), DAY(2017, 12, 31)));
    add_term(report, "92", REF("WIKIDATA:Q1"), SPAN(DAY(2018, 1, 1), DAY(2019, 12, 31)));
    add_term(report, "93", REF("UNLOCODE:IDBBB"), SPAN(DAY(2020, 1, 1), DAY(2021, 12, 31)));
    add_term(report, "94", REF("UNLOCODE:ECCCC"), FROM(DAY(2022, 2, 1)));
    end_2025(report);
    /* Two changes in the 3653 days from 2016-01-01 to 2025-12-31. */
    is_value(find(report, "G1", ""), 10 * 2 / (3653 / 365.2425));
    is_value(find(report, "G2", ""), 1461);
    /* Cera's 24 months end on 2024-01-31; 2025-12-31 is 700 days later. */
    is_value(find(report, "G2", "overdue"), 700);
    is_ratio(find(report, "G3", ""), 3, 4);
    is_value(find(report, "G3", "vacancy"), 31);
    /* Days 1461 JP, 731 ID, 1430 EC. */
    is_value(find(report, "G3", "country-concentration"),
             (1461.0 * 1461 + 731.0 * 731 + 1430.0 * 1430) / (3622.0 * 3622));
    hanse_report_free(report);
}

static void test_t1_disclosure(void **state)
{
    (void)state;
    struct hanse_report *report = start();
    add(report, "01",
        "{\"header\":{\"identifiers\":[{\"scheme\":\"ORGID\",\"value\":\"XX-NET\"}]},\"network\":{"
        "\"name\":" EN(
            "Harbour Net") ",\"disclosurePolicy\":[{\"category\":{\"scheme\":\"IATI-DOC\",\"code\":\"B01\"},"
                           "\"periodMonths\":12,\"dueDays\":180},{\"category\":{\"scheme\":\"IATI-DOC\","
                           "\"code\":"
                           "\"B06\"},\"periodMonths\":6,\"dueDays\":90}]}}");
    static const char form[] =
        "{\"disclosure\":{\"subject\":" REF("ORGID:XX-NET") ",\"category\":{\"scheme\":\"IATI-"
                                                            "DOC\",\"code\":\"%s\"},\"due\":%s%s}}";
    char json[500];
    /* The annual report 10 days late, for everybody; one audit on time, for members; the other audit of the
     * rule is not spoken of. */
    (void)snprintf(json, sizeof json, form, "B01", DAY(2025, 6, 30),
                   ",\"published\":" DAY(2025, 7, 10) ",\"documents\":[{\"url\":\"https://a.example/\","
                                                      "\"languages\":[\"en\"]}]");
    add(report, "95", json);
    (void)snprintf(json, sizeof json, form, "B06", DAY(2025, 3, 31), ",\"published\":" DAY(2025, 3, 1));
    add_to(report, "net.example/x", "96", "2025-03-01", 1, json);
    end_2025(report);
    const struct hanse_indicator *published = find(report, "T1", "");
    is_ratio(published, 2, 3);
    assert_string_equal(published->audience, "NETWORK");
    is_value(find(report, "T1", "days-late"), 5);
    is_ratio(find(report, "T1", "public-share"), 1, 2);
    is_value(find(report, "T1", "languages"), 1);
    assert_string_equal(hanse_report_scope(report)->audience, "NETWORK");
    hanse_report_free(report);
}

static void add_commitment(struct hanse_report *report, const char *nn, const char *target)
{
    char json[600];
    (void)snprintf(json, sizeof json,
                   "{\"commitment\":{\"city\":" REF("UNLOCODE:JPAAA") "," NET ",\"statement\":" EN(
                       "s") ",\"kind\":\"COMMITMENT_KIND_ABSOLUTE\","
                            "\"indicator\":" EN("i") ",\"baseline\":{\"year\":"
                                                     "2020,\"value\":\"100\"},%s,"
                                                     "\"declaredOn\":" DAY(2022, 12, 31) ",\"reportMonths\":"
                                                                                         "12}}",
                   target);
    add(report, nn, json);
}

static void add_progress(struct hanse_report *report, const char *nn, const char *of, const char *day,
                         const char *actual)
{
    char json[300];
    (void)snprintf(
        json, sizeof json,
        "{\"progressReport\":{\"commitment\":{\"id\":\"%s\"},\"actual\":{\"year\":2025,\"value\":\"%s\"}}}",
        of, actual);
    add_to(report, "net.example/x", nn, day, 0, json);
}

static void test_b1_commitments(void **state)
{
    (void)state;
    struct hanse_report *report = start();
    add_members(report);
    add_commitment(report, "a1", "\"target\":{\"year\":2030,\"value\":\"60\"}");
    add_commitment(report, "a2", "\"target\":{\"year\":2030},\"changeMillionths\":-400000");
    add_commitment(report, "a3", "\"target\":{\"year\":2030,\"value\":\"60\"}");
    /* Half of the time has gone: half of the 40 is 20, so 80 is on the way and 81 is not. */
    add_progress(report, "a4", NAME("a1"), "2025-10-01", "80");
    add_progress(report, "a5", NAME("a2"), "2025-11-01", "81");
    end_2025(report);
    const struct hanse_indicator *track = find(report, "B1", "");
    is_ratio(track, 1, 2);
    assert_int_equal(track->count, 3);
    /* One report of each was due, on 2025-12-31. */
    is_ratio(find(report, "B2", ""), 2, 3);
    hanse_report_free(report);
}

static void test_c1_contacts(void **state)
{
    (void)state;
    struct hanse_report *report = start();
    add_members(report);
    static const char form[] = "{\"contactPoint\":{\"party\":%s,\"department\":"
                               "[{\"text\":\"%s\",\"language\":\"en\"}]%s}}";
    static const struct {
        const char *party, *department, *rest;
    } contacts[] = {
        {REF("UNLOCODE:JPAAA"), "Water", ",\"lastConfirmed\":" DAY(2025, 6, 1)},
        {REF("WIKIDATA:Q1"), "Mayor", ""},
        {REF("UNLOCODE:IDBBB"), "Water", ""},
        {REF("UNLOCODE:IDBBB"), "Water", ",\"period\":" FROM(DAY(2024, 1, 1))},
        {REF("UNLOCODE:ECCCC"), "Water", ""},
        {REF("UNLOCODE:ECCCC"), "Parks", ",\"period\":" SPAN(DAY(2020, 1, 1), DAY(2024, 1, 1))},
    };
    for (size_t i = 0; i < sizeof contacts / sizeof *contacts; i++) {
        char json[300];
        char nn[8];
        (void)snprintf(json, sizeof json, form, contacts[i].party, contacts[i].department, contacts[i].rest);
        (void)snprintf(nn, sizeof nn, "b%zu", i);
        add_to(report, "net.example/x", nn, "2025-01-01", 1, json);
    }
    end_2025(report);
    is_ratio(find(report, "C1", ""), 1, 3); /* Alba; Bora's are of one department, Cera has one left */
    is_ratio(find(report, "C2", ""), 4, 5);
    assert_string_equal(find(report, "C1", "")->audience, "NETWORK");
    hanse_report_free(report);
}

static void test_s1_objectives_and_d1_clarity(void **state)
{
    (void)state;
    struct hanse_report *report = start();
    add_members(report);
    put(report, "a1",
        "{'strategy':{'title':[{'text':'s','language':'en'}],'objectives':[{'id':'o1','indicators':[{'"
        "baselines':"
        "[{'date':{'year':2020},'value':{'value':'5'}}],'periods':[{'targets':[{'value':'3'}]}]}]},{'id':'o2'"
        "}]}}");
    put(report, "a2",
        "{'project':{'participants':[{'actor':{'id':'UNLOCODE:JPAAA'}}],'objectives':[{'id':'hanse:net."
        "example/x/"
        "00000000-0000-7000-8000-0000000000a1#o1'}]}}");
    put(report, "a3", "{'project':{'participants':[{'actor':{'id':'UNLOCODE:JPAAA'}}]}}");
    put(report, "a4", "{'project':{'participants':[{'actor':{'id':'UNLOCODE:XXXXX'}}]}}"); /* no member's */
    put(report, "a5",
        "{'divisionOfWork':{'assignments':["
        "{'function':{'code':'planning'},'responsibility':1,'legalBasis':{'id':'L:1'}},"
        "{'function':{'code':'financing'},'responsibility':1},{'function':{'code':'planning'},'"
        "responsibility':2},"
        "{'function':{'code':'financing'},'responsibility':1},{'function':{'code':'mandate'},'responsibility'"
        ":3}]}}");
    end_2025(report);
    is_ratio(find(report, "S1", ""), 1, 2);
    is_ratio(find(report, "S2", ""), 1, 2);
    is_ratio(find(report, "S3", ""), 1, 2);
    is_ratio(find(report, "D1", ""), 1, 3); /* planning; two answer for financing, nobody for the mandate */
    is_ratio(find(report, "D1", "gaps"), 1, 3);
    is_ratio(find(report, "D1", "overlaps"), 1, 3);
    is_ratio(find(report, "D1", "legal-basis"), 1, 5);
    is_ratio(find(report, "Q1", ""), 0, 2); /* neither has a title */
    hanse_report_free(report);
}

static void test_p1_sister_ties(void **state)
{
    (void)state;
    struct hanse_report *report = start();
    add_members(report);
    put(report, "a1", "{'legalInstrument':{'type':7,'signed':{'year':1990}}}");
    put(report, "a2",
        "{'cooperation':{'kind':1,'status':2,'parties':[{'actor':{'id':'UNLOCODE:JPAAA'}}],'instruments':[{'"
        "id':"
        "'hanse:net.example/x/"
        "00000000-0000-7000-8000-0000000000a1'}],'fields':[{'code':'youth'},{'code':'sport'}],"
        "'reviewDue':{'year':2024}}}");
    put(report, "a3",
        "{'institutionalSupport':{'kind':3,'date':{'year':2025,'month':3},'cooperation':{'id':"
        "'hanse:net.example/x/00000000-0000-7000-8000-0000000000a2'}}}");
    /* One field only, and nothing else; but something happened. */
    put(report, "a4",
        "{'cooperation':{'kind':1,'status':2,'parties':[{'actor':{'id':'WIKIDATA:Q2'}}],'fields':[{'code':'"
        "youth'},"
        "{'code':'youth'}]}}");
    put(report, "a5",
        "{'exchange':{'status':2,'period':{'start':{'year':2024,'month':2}},'cooperation':{'id':"
        "'hanse:net.example/x/00000000-0000-7000-8000-0000000000a4'}}}");
    put(report, "a6", "{'cooperation':{'kind':1,'status':6,'parties':[{'actor':{'id':'WIKIDATA:Q2'}}]}}");
    end_2025(report);
    is_ratio(find(report, "P1", ""), 3, 2);
    is_ratio(find(report, "P1", "all-three"), 1, 2);
    is_ratio(find(report, "P2", ""), 1, 2);
    is_ratio(find(report, "P2", "review-passed"), 1, 2);
    hanse_report_free(report);
}

static void test_k1_replication(void **state)
{
    (void)state;
    struct hanse_report *report = start();
    add_members(report);
    put(report, "a1", "{'practice':{'city':{'id':'UNLOCODE:JPAAA'}}}");
    put(report, "a2", "{'practice':{'city':{'id':'UNLOCODE:IDBBB'}}}");
    static const char form[] =
        "{'adoption':{'practice':{'id':'hanse:net.example/x/00000000-0000-7000-8000-0000000000%s'"
        "},'adopter':{'id':'%s'},'status':%d,'period':{'start':{'year':2020,'month':1,'day':%d}}%s}}";
    char json[400];
    /* Alba's practice: Bora scaled it after 10 days, Cera is interested; Bora's one is on trial in Alba. */
    (void)snprintf(json, sizeof json, form, "a1", "WIKIDATA:Q2", 4, 11,
                   ",'originBenefit':[{'text':'x','language':'en'}]");
    put(report, "a3", json);
    (void)snprintf(json, sizeof json, form, "a1", "UNLOCODE:ECCCC", 1, 21, "");
    put(report, "a4", json);
    (void)snprintf(json, sizeof json, form, "a2", "WIKIDATA:Q1", 3, 31, "");
    put(report, "a5", json);
    end_2025(report);
    is_ratio(find(report, "K1", ""), 2, 2);
    is_value(find(report, "K2", ""), 20);
    is_value(find(report, "K3", ""), 2); /* ID and JP */
    is_ratio(find(report, "R5", ""), 2, 3);
    is_ratio(find(report, "R5", "origin-benefit"), 1, 3);
    hanse_report_free(report);
}

static void test_a1_advocacy(void **state)
{
    (void)state;
    struct hanse_report *report = start();
    add_members(report);
    put(report, "a1",
        "{'advocacy':{'network':{'id':'ORGID:XX-NET'},'outcome':3,'period':{'start':{'year':2024}},'"
        "signatories':"
        "[{'id':'UNLOCODE:JPAAA'},{'id':'WIKIDATA:Q1'},{'id':'UNLOCODE:XXDDD'}]}}");
    put(report, "a2",
        "{'advocacy':{'network':{'id':'ORGID:XX-NET'},'outcome':5,'period':{'start':{'year':2019},"
        "'end':{'year':2020}},'signatories':[{'id':'UNLOCODE:IDBBB'}]}}");
    put(report, "a3", "{'advocacy':{'network':{'id':'ORGID:XX-NET'},'period':{'start':{'year':2025}}}}");
    put(report, "a4", "{'header':{'identifiers':[{'scheme':'ORGID','value':'X-1'}]},'organisation':{}}");
    put(report, "a5", "{'organisation':{}}");
    end_2025(report);
    is_ratio(find(report, "A1", ""), 1, 2);
    is_ratio(find(report, "A2", ""), 1, 3); /* Alba, once; Dora has left, and Bora signed before the time */
    is_ratio(find(report, "Q2", ""), 1, 2);
    hanse_report_free(report);
}

static void test_r6_directions(void **state)
{
    (void)state;
    struct hanse_report *report = start();
    add_members(report);
    put(report, "a1",
        "{'countryTable':{'rows':[{'country':'JP','year':2024,'incomeGroup':'H'},{'country':'ID','year':2020,"
        "'incomeGroup':'H'},{'country':'ID','year':2024,'incomeGroup':'UM'}]}}");
    add_visit(report, "alba.example/x", "50", "");
    end_2025(report);
    is_ratio(find(report, "R6", "low-to-high"), 4, 14);
    is_ratio(find(report, "R6", "high-to-low"), 10, 14);
    is_ratio(find(report, "R6", "same"), 0, 14);
    hanse_report_free(report);
}

/* With nothing in hand no figure is made up. */
static void test_nothing(void **state)
{
    (void)state;
    struct hanse_report *report = start();
    end_2025(report);
    assert_true(hanse_report_indicator_count(report) > 30);
    for (size_t i = 0; i < hanse_report_indicator_count(report); i++) {
        is_not_computable(hanse_report_indicator(report, i));
        assert_int_equal(hanse_report_indicator(report, i)->record_count, 0);
    }
    assert_null(hanse_report_indicator(report, 1000));
    assert_null(hanse_report_table(report, 1000));
    assert_null(hanse_report_scope(report)->network);
    hanse_report_free(report);
}

static enum hanse_status make_report(void *context)
{
    struct hanse_report *report = NULL;
    struct hanse_record *record = context;
    const struct hanse_report_input input = {
        .id = NAME("50"), .origin = "net.example/x", .published_unix_s = 1, .record = record};
    enum hanse_status status = hanse_report_new("en", &report, &err);
    if (status != HANSE_OK)
        return status;
    hanse_facts_add(&report->facts, &input);
    hanse_report_add_feed(report, "net.example/x", 1, (const uint8_t[32]){0});
    status = hanse_report_end(report, NULL, 2025, hanse_day_of(2026, 6, 30), &err);
    hanse_report_free(report);
    return status;
}

static void test_allocations(void **state)
{
    struct hanse_record *record;
    (void)state;
    assert_int_equal(
        hanse_record_from_json(
            hanse_bytes_of_text("{\"network\":{\"name\":[{\"text\":\"N\",\"language\":\"en\"}]}}"), &record,
            &err),
        HANSE_OK);
    assert_true(anomaly_fail_each_allocation(make_report, record) > 5);
    hanse_record_free(record);
}

/* The same for all that is computed, over records of many kinds. */
static void test_allocations_of_end(void **state)
{
    struct anomaly_countdown countdown = {.failed = true};
    (void)state;
    for (long n = 0; countdown.failed; n++) {
        struct hanse_report *report = start();
        add_members(report);
        add_profile(report, "alba.example/x", "00", "WIKIDATA:Q1");
        add_visit(report, "alba.example/x", "50", "");
        add_confirmation(report, "bora.example/x", "51", "UNLOCODE:IDBBB", "CONFIRMED");
        add_income(report, "31", REF("UNLOCODE:JPAAA"), "HOST_CITY", EUR(300), "RECEIVED\"");
        add_project(report, "61", DAY(2025, 2, 1), "");
        add_evaluation(report, "71", NAME("61"), "TERMINAL", DAY(2025, 9, 1));
        countdown = (struct anomaly_countdown){.left = n};
        hanse_alloc_set_failure_hook(anomaly_hook, &countdown);
        enum hanse_status status = hanse_report_end(report, NULL, 2025, hanse_day_of(2026, 6, 30), &err);
        hanse_alloc_set_failure_hook(NULL, NULL);
        assert_int_equal(status, countdown.failed ? HANSE_NO_MEMORY : HANSE_OK);
        hanse_report_free(report);
        assert_true(n < 1000);
    }
}

static void test_choice_of_network(void **state)
{
    static const char *const names[] = {"Harbour Net", "HN", "ORGID:XX-NET", NAME("01")};
    (void)state;
    for (size_t i = 0; i < 6; i++) {
        struct hanse_report *report = start();
        add_members(report);
        add(report, "f1", "{\"network\":{\"name\":" EN("Other Net") "}}");
        const char *name = i < 4 ? names[i] : i == 4 ? NULL : "Nobody";
        enum hanse_status status = hanse_report_end(report, name, 2025, hanse_day_of(2026, 6, 30), &err);
        if (i < 4) {
            assert_int_equal(status, HANSE_OK);
            assert_string_equal(hanse_report_scope(report)->network, "Harbour Net");
            assert_int_equal(find(report, "M1", "")->count, 3);
        } else {
            assert_int_equal(status, i == 4 ? HANSE_INVALID_ARGUMENT : HANSE_NOT_FOUND);
            assert_non_null(strstr(err.message, i == 4 ? "\"Other Net\"" : "\"Nobody\""));
        }
        hanse_report_free(report);
    }
    struct hanse_report *report = start();
    assert_int_equal(hanse_report_end(report, NULL, 2027, hanse_day_of(2026, 6, 30), &err),
                     HANSE_INVALID_ARGUMENT);
    hanse_report_free(report);
}

static void test_days(void **state)
{
    char text[16];
    (void)state;
    assert_int_equal(hanse_day_of(1, 1, 1), 1);
    assert_int_equal(hanse_day_of_unix(0), hanse_day_of(1970, 1, 1));
    for (int32_t day = 1; day < 3652059; day += 13) {
        int year;
        int month;
        int of_month;
        hanse_day_text(day, text);
        assert_int_equal(sscanf(text, "%d-%d-%d", &year, &month, &of_month), 3);
        assert_int_equal(hanse_day_of(year, month, of_month), day);
        assert_int_equal(hanse_day_year(day), year);
    }
    hanse_day_text(hanse_day_of(2025, 2, 31), text);
    assert_string_equal(text, "2025-02-28");
    hanse_day_text(hanse_day_add_months(hanse_day_of(2024, 1, 31), 1), text);
    assert_string_equal(text, "2024-02-29");
    assert_int_equal(hanse_day_months(hanse_day_of(2025, 1, 1), hanse_day_of(2026, 1, 1)), 12);
    assert_int_equal(hanse_day_of(10000, 1, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_m1_active_members),
        cmocka_unit_test(test_m2_givers),
        cmocka_unit_test(test_m3_churn),
        cmocka_unit_test(test_m3_adjacent_memberships),
        cmocka_unit_test(test_m3_edges),
        cmocka_unit_test(test_h1_to_h3_funding),
        cmocka_unit_test(test_h1_currencies),
        cmocka_unit_test(test_h4_fees),
        cmocka_unit_test(test_r4_confirmed_learning),
        cmocka_unit_test(test_r4_same_as),
        cmocka_unit_test(test_r4_without_profiles),
        cmocka_unit_test(test_successor),
        cmocka_unit_test(test_name_of_two),
        cmocka_unit_test(test_e1_coverage),
        cmocka_unit_test(test_e3_requests),
        cmocka_unit_test(test_g1_rotation),
        cmocka_unit_test(test_t1_disclosure),
        cmocka_unit_test(test_b1_commitments),
        cmocka_unit_test(test_c1_contacts),
        cmocka_unit_test(test_s1_objectives_and_d1_clarity),
        cmocka_unit_test(test_p1_sister_ties),
        cmocka_unit_test(test_k1_replication),
        cmocka_unit_test(test_a1_advocacy),
        cmocka_unit_test(test_r6_directions),
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_allocations),
        cmocka_unit_test(test_allocations_of_end),
        cmocka_unit_test(test_choice_of_network),
        cmocka_unit_test(test_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
