/* SPDX-License-Identifier: Apache-2.0 */
/* Each rule of validation: a record that breaks it, at the path it names, and one that keeps it. The cases of
 * the first kinds stand here, those of later ones in tests/data/rules. */
#include "anomaly.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include <hanse/record.h>

#include "base/bytes.h"
#include "record/rule.h"

struct rule_case {
    const char *rule;
    const char *path;   /* of the finding */
    const char *breaks; /* JSON */
    const char *keeps;
};

#define PROJECT(members) "{\"project\":{" members "}}"
#define HEADER(members) "{\"header\":{" members "},\"project\":{}}"
#define ID(scheme, value) HEADER("\"identifiers\":[{\"scheme\":\"" scheme "\",\"value\":\"" value "\"}]")
#define DATE(members) PROJECT("\"dates\":[{\"date\":{" members "}}]")
#define PERIOD(members) PROJECT("\"budgets\":[{\"period\":{" members "}}]")
#define MONEY(members) PROJECT("\"budgets\":[{\"value\":{" members "}}]")
#define SPAN(start, end) PERIOD("\"start\":{" start "},\"end\":{" end "}")

static const struct rule_case own_cases[] = {
    {"text-required", "project.title[0].text", PROJECT("\"title\":[{\"language\":\"ja\"}]"),
     PROJECT("\"title\":[{\"text\":\"a\"}]")},
    {"text-language-required", "project.title[0].language", PROJECT("\"title\":[{\"text\":\"a\"}]"),
     PROJECT("\"title\":[{\"language\":\"ja\"}]")},
    {"language-form", "project.title[0].language", PROJECT("\"title\":[{\"language\":\"j\"}]"),
     PROJECT("\"title\":[{\"language\":\"zh-Hant-TW\"}]")},
    {"language-form", "project.title[0].language", PROJECT("\"title\":[{\"language\":\"en_GB\"}]"),
     PROJECT("\"title\":[{\"language\":\"x-kitakyu\"}]")},
    {"language-form", "header.languages[1]", HEADER("\"languages\":[\"ja\",\"en-\"]"),
     HEADER("\"languages\":[\"ja\",\"und\"]")},
    {"language-form", "header.languages[0]", HEADER("\"languages\":[\"japanisch\"]"),
     HEADER("\"languages\":[\"de-1996\"]")},
    {"language-form", "project.documents[0].languages[0]",
     PROJECT("\"documents\":[{\"languages\":[\"1a\"]}]"),
     PROJECT("\"documents\":[{\"languages\":[\"i-klingon\"]}]")},
    {"language-form", "feedProfile.languages[0]", "{\"feedProfile\":{\"languages\":[\"abcd\"]}}",
     "{\"feedProfile\":{\"languages\":[\"pt-BR\"]}}"},
    {"date-year-required", "project.dates[0].date.year", DATE("\"month\":2"), DATE("\"year\":2020")},
    {"date-exists", "project.dates[0].date.day", DATE("\"year\":2023,\"month\":2,\"day\":29"),
     DATE("\"year\":2024,\"month\":2,\"day\":29")},
    {"date-exists", "project.dates[0].date.day", DATE("\"year\":1900,\"month\":2,\"day\":29"),
     DATE("\"year\":2000,\"month\":2,\"day\":29")},
    {"date-exists", "project.dates[0].date.day", DATE("\"year\":2020,\"month\":13"),
     DATE("\"year\":2020,\"month\":12")},
    {"date-exists", "project.dates[0].date.day", DATE("\"year\":2020,\"day\":1"), DATE("\"year\":2020")},
    {"date-exists", "project.dates[0].date.day", DATE("\"year\":10000"), DATE("\"year\":9999")},
    {"date-year-likely", "project.dates[0].date.year", DATE("\"year\":1799"), DATE("\"year\":1800")},
    {"date-year-likely", "project.dates[0].date.year", DATE("\"year\":2201"), DATE("\"year\":2200")},
    {"period-empty", "project.budgets[0].period.start", PERIOD(""), PERIOD("\"end\":{\"year\":2020}")},
    {"period-order", "project.budgets[0].period.end", SPAN("\"year\":2021", "\"year\":2020"),
     SPAN("\"year\":2020,\"month\":6", "\"year\":2020")},
    {"money-currency-required", "project.budgets[0].value.currency", MONEY("\"units\":1"),
     MONEY("\"currency\":\"JPY\"")},
    {"money-currency-form", "project.budgets[0].value.currency", MONEY("\"currency\":\"yen\""),
     MONEY("\"currency\":\"EUR\"")},
    {"money-currency-form", "project.budgets[0].value.currency", MONEY("\"currency\":\"EURO\""),
     MONEY("\"units\":1")},
    {"money-nanos-range", "project.budgets[0].value.nanos", MONEY("\"nanos\":1000000000"),
     MONEY("\"nanos\":-999999999")},
    {"money-nanos-range", "project.budgets[0].value.nanos", MONEY("\"units\":-1,\"nanos\":1"),
     MONEY("\"units\":-1,\"nanos\":-1")},
    {"identifier-scheme-required", "header.identifiers[0].scheme",
     HEADER("\"identifiers\":[{\"value\":\"a\"}]"), HEADER("\"identifiers\":[{\"scheme\":\"a\"}]")},
    {"identifier-value-required", "header.identifiers[0].value",
     HEADER("\"identifiers\":[{\"scheme\":\"a\"}]"), HEADER("\"identifiers\":[{\"value\":\"a\"}]")},
    {"identifier-form", "header.identifiers[0].value", ID("JP-LGCODE", "401006"), ID("JP-LGCODE", "401005")},
    {"identifier-form", "header.identifiers[0].value", ID("JP-LGCODE", "40100"), ID("JP-LGCODE", "011002")},
    {"identifier-form", "header.identifiers[0].value", ID("UNLOCODE", "JPKK1"), ID("UNLOCODE", "JPKKJ")},
    {"identifier-form", "header.identifiers[0].value", ID("UNLOCODE", "jpkkj"), ID("UNLOCODE", "US2AB")},
    {"identifier-form", "header.identifiers[0].value", ID("UNLOCODE", "JP KKJ"), ID("OTHER", "JP KKJ")},
    {"identifier-form", "header.identifiers[0].value", ID("ORGID", "JP-JCN-8000020401006"),
     ID("ORGID", "JP-JCN-8000020401005")},
    {"identifier-form", "header.identifiers[0].value", ID("ORGID", "Kitakyushu"),
     ID("ORGID", "BE-BCE_KBO-0847063187")},
    {"identifier-form", "header.identifiers[0].value", ID("WIKIDATA", "188806"), ID("WIKIDATA", "Q188806")},
    {"identifier-form", "header.identifiers[0].value", ID("GEONAMES", "Q1"), ID("GEONAMES", "1859307")},
    {"identifier-form", "header.identifiers[0].value", ID("CDP-ACCOUNT", "x"), ID("CDP-ACCOUNT", "31000")},
    {"identifier-form", "header.identifiers[0].value", ID("IATI-ORG", "XM DAC"),
     ID("IATI-ORG", "XM-DAC-701")},
    {"identifier-form", "header.identifiers[0].value", ID("IATI-ACT", "A/1"), ID("IATI-ACT", "XM-DAC-701-1")},
    {"code-scheme-required", "project.tags[0].scheme", PROJECT("\"tags\":[{\"code\":\"1\"}]"),
     PROJECT("\"tags\":[{\"scheme\":\"SDG-GOAL\"}]")},
    {"code-required", "project.tags[0].code", PROJECT("\"tags\":[{\"scheme\":\"SDG-GOAL\"}]"),
     PROJECT("\"tags\":[{\"code\":\"1\"}]")},
    {"share-range", "project.tags[0].shareMillionths", PROJECT("\"tags\":[{\"shareMillionths\":1000001}]"),
     PROJECT("\"tags\":[{\"shareMillionths\":1000000}]")},
    {"marker-significance-required", "project.markers[0].significance",
     PROJECT("\"markers\":[{\"scheme\":\"DAC-MARKER\",\"code\":\"2\"}]"),
     PROJECT("\"markers\":[{\"scheme\":\"DAC-MARKER\",\"code\":\"2\",\"significance\":\"0\"}]")},
    {"marker-significance-required", "project.markers[0].significance",
     PROJECT("\"markers\":[{\"scheme\":\"DAC-MARKER\",\"significance\":\"5\"}]"),
     PROJECT("\"markers\":[{\"scheme\":\"OWN\",\"code\":\"2\"}]")},
    {"geo-range", "project.locations[0].point.latE7",
     PROJECT("\"locations\":[{\"point\":{\"latE7\":900000001}}]"),
     PROJECT("\"locations\":[{\"point\":{\"latE7\":-900000000,\"lonE7\":1800000000}}]")},
    {"geo-range", "project.locations[0].point.latE7",
     PROJECT("\"locations\":[{\"point\":{\"lonE7\":-1800000001}}]"),
     PROJECT("\"locations\":[{\"point\":{}}]")},
    {"ref-empty", "project.cooperation.id", PROJECT("\"cooperation\":{}"),
     PROJECT("\"cooperation\":{\"id\":\"a:b\"}")},
    {"document-url-required", "project.documents[0].url", PROJECT("\"documents\":[{}]"),
     PROJECT("\"documents\":[{\"url\":\"https://a.example/\"}]")},
    {"document-url-form", "project.documents[0].url", PROJECT("\"documents\":[{\"url\":\"www.a.example\"}]"),
     PROJECT("\"documents\":[{\"url\":\"https://a.example/\"}]")},
    {"document-url-form", "project.documents[0].url",
     PROJECT("\"documents\":[{\"url\":\"https://a.example/a b\"}]"),
     PROJECT("\"documents\":[{\"url\":\"ftp://a.example/a%20b\"}]")},
    {"document-sha256-size", "project.documents[0].sha256", PROJECT("\"documents\":[{\"sha256\":\"AAEC\"}]"),
     PROJECT("\"documents\":[{\"sha256\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"}]")},
    {"extension-scheme-required", "extensions[0].scheme", "{\"extensions\":[{}],\"project\":{}}",
     "{\"extensions\":[{\"scheme\":\"IATI-2.03\"}],\"project\":{}}"},
    {"profile-title-required", "feedProfile.title", "{\"feedProfile\":{}}",
     "{\"feedProfile\":{\"title\":[{}]}}"},
    {"profile-owner-kind-missing", "feedProfile.ownerKind", "{\"feedProfile\":{}}",
     "{\"feedProfile\":{\"ownerKind\":1}}"},
    {"profile-custody-required", "feedProfile.custody", "{\"feedProfile\":{}}",
     "{\"feedProfile\":{\"custody\":1}}"},
    {"profile-operator-required", "feedProfile.operator", "{\"feedProfile\":{\"custody\":2}}",
     "{\"feedProfile\":{\"custody\":2,\"operator\":{\"id\":\"a:b\"}}}"},
    {"profile-contact-missing", "feedProfile.contactUrl", "{\"feedProfile\":{}}",
     "{\"feedProfile\":{\"contactUrl\":\"a\"}}"},
    {"profile-contact-form", "feedProfile.contactUrl",
     "{\"feedProfile\":{\"contactUrl\":\"office@a.example\"}}",
     "{\"feedProfile\":{\"contactUrl\":\"mailto:office@a.example\"}}"},
    {"website-form", "feedProfile.website", "{\"feedProfile\":{\"website\":\"a.example\"}}",
     "{\"feedProfile\":{\"website\":\"https://a.example\"}}"},
    {"website-form", "localGovernment.website", "{\"localGovernment\":{\"website\":\"a.example\"}}",
     "{\"localGovernment\":{\"website\":\"https://a.example\"}}"},
    {"website-form", "organisation.website", "{\"organisation\":{\"website\":\"a.example\"}}",
     "{\"organisation\":{\"website\":\"https://a.example\"}}"},
    {"local-government-name-required", "localGovernment.name", "{\"localGovernment\":{}}",
     "{\"localGovernment\":{\"name\":[{}]}}"},
    {"local-government-country-required", "localGovernment.country", "{\"localGovernment\":{}}",
     "{\"localGovernment\":{\"country\":\"JP\"}}"},
    {"country-form", "localGovernment.country", "{\"localGovernment\":{\"country\":\"JPN\"}}",
     "{\"localGovernment\":{\"country\":\"JP\"}}"},
    {"country-form", "organisation.country", "{\"organisation\":{\"country\":\"jp\"}}",
     "{\"organisation\":{\"country\":\"JP\"}}"},
    {"subdivision-form", "localGovernment.subdivision",
     "{\"localGovernment\":{\"country\":\"JP\",\"subdivision\":\"40\"}}",
     "{\"localGovernment\":{\"country\":\"JP\",\"subdivision\":\"JP-40\"}}"},
    {"subdivision-form", "localGovernment.subdivision",
     "{\"localGovernment\":{\"country\":\"ID\",\"subdivision\":\"JP-40\"}}",
     "{\"localGovernment\":{\"country\":\"ID\",\"subdivision\":\"ID-JI\"}}"},
    {"local-government-identifier-required", "header", "{\"localGovernment\":{}}",
     "{\"header\":{\"identifiers\":[{\"scheme\":\"OTHER\"},{\"scheme\":\"WIKIDATA\"}]},\"localGovernment\":{}"
     "}"},
    {"local-government-identifier-required", "header",
     "{\"header\":{\"identifiers\":[{\"scheme\":\"OTHER\"}]},\"localGovernment\":{}}", PROJECT("")},
    {"organisation-name-required", "organisation.name", "{\"organisation\":{}}",
     "{\"organisation\":{\"name\":[{}]}}"},
    {"project-title-required", "project.title", PROJECT(""), PROJECT("\"title\":[{}]")},
    {"project-status-required", "project.status", PROJECT(""), PROJECT("\"status\":1")},
    {"project-start-required", "project.dates", PROJECT("\"dates\":[{\"type\":3,\"date\":{\"year\":2020}}]"),
     PROJECT("\"dates\":[{\"type\":2,\"date\":{\"year\":2020}}]")},
    {"project-start-required", "project.dates", PROJECT(""),
     PROJECT("\"dates\":[{\"type\":1,\"date\":{\"year\":2020}}]")},
    {"project-dates-order", "project.dates",
     PROJECT("\"dates\":[{\"type\":1,\"date\":{\"year\":2020}},{\"type\":3,\"date\":{\"year\":2019}}]"),
     PROJECT("\"dates\":[{\"type\":1,\"date\":{\"year\":2020}},{\"type\":4,\"date\":{\"year\":2019}}]")},
    {"project-dates-order", "project.dates",
     PROJECT("\"dates\":[{\"type\":4,\"date\":{\"year\":2019}},{\"type\":2,\"date\":{\"year\":2020}}]"),
     PROJECT("\"dates\":[{\"type\":4,\"date\":{\"year\":2020}},{\"type\":2,\"date\":{\"year\":2020,\"month\":"
             "5}}]")},
    {"project-participants-required", "project.participants", PROJECT(""), PROJECT("\"participants\":[{}]")},
    {"sector-shares-sum", "project.sectors",
     PROJECT("\"sectors\":[{\"scheme\":\"A\",\"shareMillionths\":500000},{\"scheme\":\"A\","
             "\"shareMillionths\":499999}]"),
     PROJECT("\"sectors\":[{\"scheme\":\"A\",\"shareMillionths\":500000},{\"scheme\":\"B\"},"
             "{\"scheme\":\"A\",\"shareMillionths\":500000}]")},
    {"sector-shares-sum", "project.sectors",
     PROJECT("\"sectors\":[{\"scheme\":\"A\",\"shareMillionths\":1000000},{\"scheme\":\"A\"}]"),
     PROJECT("\"sectors\":[{\"scheme\":\"A\",\"shareMillionths\":1000000}]")},
    {"sector-shares-sum", "project.sectors", PROJECT("\"sectors\":[{\"shareMillionths\":0}]"),
     PROJECT("\"sectors\":[{}]")},
    {"sector-shares-sum", "project.transactions[0].sectors",
     PROJECT("\"transactions\":[{\"sectors\":[{\"shareMillionths\":9}]}]"),
     PROJECT("\"transactions\":[{\"sectors\":[{}]}]")},
    {"project-description-missing", "project.description", PROJECT(""), PROJECT("\"description\":[{}]")},
    {"project-sector-missing", "project.sectors", PROJECT("\"transactions\":[{\"sectors\":[{}]},{}]"),
     PROJECT("\"transactions\":[{\"sectors\":[{}]}]")},
    {"project-sector-missing", "project.sectors", PROJECT(""), PROJECT("\"sectors\":[{}]")},
    {"description-text-required", "project.description[0].text", PROJECT("\"description\":[{}]"),
     PROJECT("\"description\":[{\"text\":[{}]}]")},
    {"project-date-type-required", "project.dates[0].type", PROJECT("\"dates\":[{}]"),
     PROJECT("\"dates\":[{\"type\":1}]")},
    {"project-date-required", "project.dates[0].date", PROJECT("\"dates\":[{}]"),
     PROJECT("\"dates\":[{\"date\":{}}]")},
    {"participant-actor-required", "project.participants[0].actor", PROJECT("\"participants\":[{}]"),
     PROJECT("\"participants\":[{\"actor\":{}}]")},
    {"participant-role-required", "project.participants[0].role", PROJECT("\"participants\":[{}]"),
     PROJECT("\"participants\":[{\"role\":1}]")},
    {"budget-period-required", "project.budgets[0].period", PROJECT("\"budgets\":[{}]"), PERIOD("")},
    {"budget-value-required", "project.budgets[0].value", PROJECT("\"budgets\":[{}]"), MONEY("")},
    {"budget-period-closed", "project.budgets[0].period", PERIOD("\"start\":{\"year\":2020}"),
     SPAN("\"year\":2020", "\"year\":2020")},
    {"budget-period-one-year", "project.budgets[0].period", SPAN("\"year\":2020", "\"year\":2021"),
     SPAN("\"year\":2020", "\"year\":2020")},
    {"budget-period-one-year", "project.budgets[0].period",
     SPAN("\"year\":2020,\"month\":4,\"day\":1", "\"year\":2021,\"month\":4,\"day\":2"),
     SPAN("\"year\":2020,\"month\":4,\"day\":1", "\"year\":2021,\"month\":4,\"day\":1")},
    {"transaction-type-required", "project.transactions[0].type", PROJECT("\"transactions\":[{}]"),
     PROJECT("\"transactions\":[{\"type\":1}]")},
    {"transaction-date-required", "project.transactions[0].date", PROJECT("\"transactions\":[{}]"),
     PROJECT("\"transactions\":[{\"date\":{}}]")},
    {"transaction-value-required", "project.transactions[0].value", PROJECT("\"transactions\":[{}]"),
     PROJECT("\"transactions\":[{\"value\":{}}]")},
    {"contribution-party-required", "project.contributions[0].party", PROJECT("\"contributions\":[{}]"),
     PROJECT("\"contributions\":[{\"party\":{}}]")},
    {"contribution-kind-required", "project.contributions[0].kind", PROJECT("\"contributions\":[{}]"),
     PROJECT("\"contributions\":[{\"kind\":1}]")},
    {"contribution-quantity-form", "project.contributions[0].quantity",
     PROJECT("\"contributions\":[{\"quantity\":\"1,5\"}]"),
     PROJECT("\"contributions\":[{\"quantity\":\"-1.5\"}]")},
    {"contribution-quantity-form", "project.contributions[0].quantity",
     PROJECT("\"contributions\":[{\"quantity\":\"1.\"}]"),
     PROJECT("\"contributions\":[{\"quantity\":\"12\"}]")},
    {"result-type-required", "project.results[0].type", PROJECT("\"results\":[{}]"),
     PROJECT("\"results\":[{\"type\":9}]")},
    {"result-title-required", "project.results[0].title", PROJECT("\"results\":[{}]"),
     PROJECT("\"results\":[{\"title\":[{}]}]")},
    {"indicator-measure-required", "project.results[0].indicators[0].measure",
     PROJECT("\"results\":[{\"indicators\":[{}]}]"),
     PROJECT("\"results\":[{\"indicators\":[{\"measure\":1}]}]")},
    {"indicator-title-required", "project.results[0].indicators[0].title",
     PROJECT("\"results\":[{\"indicators\":[{}]}]"),
     PROJECT("\"results\":[{\"indicators\":[{\"title\":[{}]}]}]")},
    {"baseline-date-required", "project.results[0].indicators[0].baselines[0].date",
     PROJECT("\"results\":[{\"indicators\":[{\"baselines\":[{}]}]}]"),
     PROJECT("\"results\":[{\"indicators\":[{\"baselines\":[{\"date\":{}}]}]}]")},
    {"indicator-period-required", "project.results[0].indicators[0].periods[0].period",
     PROJECT("\"results\":[{\"indicators\":[{\"periods\":[{}]}]}]"),
     PROJECT("\"results\":[{\"indicators\":[{\"periods\":[{\"period\":{}}]}]}]")},
    {"indicator-value-missing", "project.results[0].indicators[0].periods[0].targets[0].value",
     PROJECT("\"results\":[{\"indicators\":[{\"periods\":[{\"targets\":[{}]}]}]}]"),
     PROJECT("\"results\":[{\"indicators\":[{\"periods\":[{\"targets\":[{\"notation\":\"NE\"}]}]}]}]")},
    {"dimension-name-required", "project.results[0].indicators[0].periods[0].actuals[0].dimensions[0].name",
     PROJECT("\"results\":[{\"indicators\":[{\"periods\":[{\"actuals\":[{\"dimensions\":[{}]}]}]}]}]"),
     PROJECT("\"results\":[{\"indicators\":[{\"periods\":[{\"actuals\":[{\"dimensions\":[{\"name\":\"sex\"}]}"
             "]}]}]}]")},
    {"dimension-value-required", "project.results[0].indicators[0].periods[0].actuals[0].dimensions[0].value",
     PROJECT("\"results\":[{\"indicators\":[{\"periods\":[{\"actuals\":[{\"dimensions\":[{}]}]}]}]}]"),
     PROJECT("\"results\":[{\"indicators\":[{\"periods\":[{\"actuals\":[{\"dimensions\":[{\"value\":\"f\"}]}]"
             "}]}]}]")},
    {"related-type-required", "project.related[0].type", PROJECT("\"related\":[{}]"),
     PROJECT("\"related\":[{\"type\":1}]")},
    {"related-project-required", "project.related[0].project", PROJECT("\"related\":[{}]"),
     PROJECT("\"related\":[{\"project\":{}}]")},
    {"condition-type-required", "project.conditions[0].type", PROJECT("\"conditions\":[{}]"),
     PROJECT("\"conditions\":[{\"type\":1}]")},
    {"condition-text-required", "project.conditions[0].text", PROJECT("\"conditions\":[{}]"),
     PROJECT("\"conditions\":[{\"text\":[{}]}]")},
};

enum { MAX_CASES = 1024, MAX_LINE_BYTES = 64 << 10 };
static struct rule_case cases[MAX_CASES];
static size_t case_count;
static json_t *case_lines; /* their texts */

static const char *keep_text(json_t *value)
{
    char *text = json_is_string(value) ? NULL : json_dumps(value, JSON_COMPACT);
    json_t *kept = text != NULL ? json_string(text) : json_incref(value);
    free(text);
    assert_int_equal(json_array_append_new(case_lines, kept), 0);
    return json_string_value(kept);
}

static void add_case(const char *line, size_t size, const char *path)
{
    json_error_t problem;
    json_t *made = json_loadb(line, size, JSON_REJECT_DUPLICATES, &problem);
    struct rule_case one = {0};
    json_t *breaks = NULL;
    json_t *keeps = NULL;
    if (made == NULL || json_unpack(made, "{s:s, s:s, s:o, s:o!}", "rule", &one.rule, "path", &one.path,
                                    "breaks", &breaks, "keeps", &keeps) != 0)
        fail_msg("%s: %.*s: %s", path, (int)size, line, made == NULL ? problem.text : "other members");
    one.rule = keep_text(json_object_get(made, "rule"));
    one.path = keep_text(json_object_get(made, "path"));
    one.breaks = keep_text(breaks);
    one.keeps = keep_text(keeps);
    json_decref(made);
    assert_true(case_count < MAX_CASES);
    cases[case_count++] = one;
}

static void each_line(const char *path, void (*take)(const char *line, size_t size, const char *path))
{
    static char line[MAX_LINE_BYTES];
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail_msg("%s cannot be opened", path);
    while (fgets(line, sizeof line, file) != NULL) {
        assert_non_null(strchr(line, '\n'));
        take(line, strlen(line), path);
    }
    assert_int_equal(fclose(file), 0);
}

static int load_cases(void **state)
{
    (void)state;
    static const char *const families[] = {"account",     "actor",      "commitment", "common",
                                           "cooperation", "evaluation", "exchange",   "experience",
                                           "framework",   "network",    "statement",  "table"};
    case_lines = json_array();
    for (size_t i = 0; i < sizeof own_cases / sizeof own_cases[0]; i++)
        cases[case_count++] = own_cases[i];
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        char path[64];
        (void)snprintf(path, sizeof path, "tests/data/rules/%s.jsonl", families[i]);
        each_line(path, add_case);
    }
    return 0;
}

static int forget_cases(void **state)
{
    (void)state;
    json_decref(case_lines);
    return 0;
}

struct findings {
    const char *rule; /* to look for */
    const char *path;
    size_t with_rule;
    size_t with_path;
    size_t errors;
    size_t total;
    char first_error[64];
};

static void note(void *context, const struct hanse_finding *finding)
{
    struct findings *findings = context;
    bool is_error = strcmp(finding->severity, "error") == 0;
    assert_true(is_error || strcmp(finding->severity, "warning") == 0);
    assert_true(strlen(finding->message) > 0 && strlen(finding->remedy) > 0);
    findings->total++;
    if (is_error && findings->errors++ == 0)
        (void)snprintf(findings->first_error, sizeof findings->first_error, "\"%s\"", finding->rule);
    if (findings->rule == NULL || strcmp(finding->rule, findings->rule) != 0)
        return;
    findings->with_rule++;
    findings->with_path += strcmp(finding->path, findings->path) == 0;
}

static struct findings judge(const char *json, const char *rule, const char *path)
{
    struct hanse_record *record = NULL;
    struct hanse_error err = {0};
    if (hanse_record_from_json(hanse_bytes_of_text(json), &record, &err) != HANSE_OK)
        fail_msg("%s in %s", err.message, json);
    struct findings findings = {.rule = rule, .path = path};
    enum hanse_status status = hanse_record_validate(record, note, &findings, &err);
    assert_int_equal(status, findings.errors > 0 ? HANSE_INVALID_RECORD : HANSE_OK);
    assert_int_equal(err.status, status);
    if (status != HANSE_OK)
        assert_non_null(strstr(err.message, findings.first_error));
    assert_int_equal(hanse_record_validate(record, NULL, NULL, NULL), status);
    hanse_record_free(record);
    return findings;
}

static void each_rule_is_broken_at_its_path_and_kept(void **state)
{
    (void)state;
    for (size_t i = 0; i < case_count; i++) {
        struct findings broken = judge(cases[i].breaks, cases[i].rule, cases[i].path);
        if (broken.with_rule != 1 || broken.with_path != 1)
            fail_msg("%s: %zu findings, %zu at %s", cases[i].rule, broken.with_rule, broken.with_path,
                     cases[i].path);
        if (judge(cases[i].keeps, cases[i].rule, cases[i].path).with_rule != 0)
            fail_msg("%s: broken by %s", cases[i].rule, cases[i].keeps);
    }
}

static void check_table(const struct hanse_rule_group *groups)
{
    for (; groups->type != NULL; groups++) {
        for (size_t i = 0; i < groups->count; i++) {
            size_t found = 0;
            for (size_t k = 0; k < case_count; k++)
                found += strcmp(cases[k].rule, groups->rules[i].id) == 0;
            if (found == 0)
                fail_msg("rule %s has no case", groups->rules[i].id);
        }
    }
}

/* What another publisher wrote is not lost for a code, and the nearest code is named. */
static void codes_of_others_are_warnings(void **state)
{
    (void)state;
#define OLD_FLOW "\"project\":{\"flowType\":{\"scheme\":\"DAC-FLOW\",\"code\":\"1O\"}}"
    size_t own = judge("{" OLD_FLOW "}", "code-exists", "project.flowType.code").errors;
    struct findings imported =
        judge("{\"header\":{\"provenance\":[{\"method\":\"PROVENANCE_METHOD_IMPORT\"}]}," OLD_FLOW "}",
              "code-exists", "project.flowType.code");
    assert_int_equal(imported.with_path, 1);
    assert_int_equal(imported.errors + 1, own);
    struct findings typed =
        judge("{\"header\":{\"provenance\":[{\"method\":\"PROVENANCE_METHOD_UNSPECIFIED\"}]}," OLD_FLOW "}",
              "code-exists", "project.flowType.code");
    assert_int_equal(typed.errors, own);
    struct hanse_record *record = NULL;
    struct hanse_error err;
    const char *json =
        "{\"feedProfile\":{\"title\":[{\"text\":\"a\",\"language\":\"en\"}],\"ownerKind\":1,\"custody\":1,"
        "\"contactUrl\":\"mailto:a@a.example\"},\"header\":{\"provenance\":[{\"publisherType\":"
        "{\"scheme\":\"IATI-ORGTYPE\",\"code\":\"1O\"}}]}}";
    assert_int_equal(hanse_record_from_json(hanse_bytes_of_text(json), &record, &err), HANSE_OK);
    assert_int_equal(hanse_record_validate(record, NULL, NULL, &err), HANSE_INVALID_RECORD);
    assert_non_null(strstr(err.message, "the nearest is \"10\": Government"));
    hanse_record_free(record);
}

static void no_rule_is_without_a_case(void **state)
{
    (void)state;
    for (size_t i = 0; hanse_rule_tables[i] != NULL; i++)
        check_table(hanse_rule_tables[i]);
}

static void complete_records_have_no_finding(void **state)
{
    (void)state;
    static const char *const complete[] = {
        "{\"feedProfile\":{\"title\":[{\"text\":\"Kitakyushu\",\"language\":\"en\"}],"
        "\"ownerKind\":\"OWNER_KIND_LOCAL_GOVERNMENT\",\"custody\":\"CUSTODY_SELF\","
        "\"contactUrl\":\"mailto:office@kitakyushu.example\"}}",
        "{\"header\":{\"identifiers\":[{\"scheme\":\"UNLOCODE\",\"value\":\"JPKKJ\"}]},"
        "\"localGovernment\":{\"name\":[{\"text\":\"Kitakyushu\",\"language\":\"en\"}],\"country\":\"JP\","
        "\"subdivision\":\"JP-40\"}}",
        "{\"organisation\":{\"name\":[{\"text\":\"Port Authority\",\"language\":\"en\"}]}}",
        "{\"project\":{\"title\":[{\"text\":\"Composting\",\"language\":\"en\"}],\"status\":2,"
        "\"description\":[{\"text\":[{\"text\":\"Less waste.\",\"language\":\"en\"}]}],"
        "\"dates\":[{\"type\":2,\"date\":{\"year\":2019}}],"
        "\"participants\":[{\"actor\":{\"id\":\"UNLOCODE:JPKKJ\"},\"role\":4}],"
        "\"sectors\":[{\"scheme\":\"DAC-5\",\"code\":\"14050\"}]}}",
    };
    for (size_t i = 0; i < sizeof complete / sizeof complete[0]; i++)
        assert_int_equal(judge(complete[i], NULL, NULL).total, 0);
}

static bool has_sample[64];

static void judge_sample(const char *line, size_t size, const char *path)
{
    struct hanse_record *record = NULL;
    struct hanse_error err = {0};
    if (hanse_record_from_json(hanse_bytes_of(line, size), &record, &err) != HANSE_OK)
        fail_msg("%s: %s", path, err.message);
    uint32_t kind = hanse_record_kind_number(record);
    char *language = NULL;
    assert_true(kind < sizeof has_sample);
    has_sample[kind] = true;
    assert_int_equal(hanse_record_get(record, "header.languages[1]", &language, NULL), HANSE_OK);
    hanse_free(language);
    hanse_record_free(record);
    assert_int_equal(judge(line, NULL, NULL).total, 0);
}

static void each_kind_has_a_sample_without_finding(void **state)
{
    (void)state;
    static const char *const earlier[] = {"FeedProfile", "LocalGovernment", "Organisation", "Project"};
    for (size_t i = 0; i < sizeof earlier / sizeof earlier[0]; i++)
        has_sample[hanse_kind_number(earlier[i])] = true;
    each_line("examples/data/catalogue.jsonl", judge_sample);
    for (uint32_t kind = 0; kind < sizeof has_sample; kind++)
        if (hanse_kind_name(kind) != NULL && !has_sample[kind])
            fail_msg("examples/data/catalogue.jsonl has no %s", hanse_kind_name(kind));
}

static void many_lists_of_sectors_take_no_quadratic_time(void **state)
{
    (void)state;
    struct hanse_record *record = NULL;
    assert_int_equal(hanse_record_new("Project", &record, NULL), HANSE_OK);
    for (int i = 0; i < 40; i++) {
        char scheme[16];
        (void)snprintf(scheme, sizeof scheme, "S%d", i);
        assert_int_equal(hanse_record_set(record, "project.sectors[+].scheme", scheme, NULL), HANSE_OK);
    }
    struct findings findings = {.rule = "sector-shares-sum", .path = "project.sectors"};
    assert_int_equal(hanse_record_validate(record, note, &findings, NULL), HANSE_INVALID_RECORD);
    assert_int_equal(findings.with_path, 1);
    hanse_record_free(record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_is_broken_at_its_path_and_kept),
        cmocka_unit_test(codes_of_others_are_warnings),
        cmocka_unit_test(no_rule_is_without_a_case),
        cmocka_unit_test(complete_records_have_no_finding),
        cmocka_unit_test(each_kind_has_a_sample_without_finding),
        cmocka_unit_test(many_lists_of_sectors_take_no_quadratic_time),
    };
    return cmocka_run_group_tests(tests, load_cases, forget_cases);
}
