/* SPDX-License-Identifier: Apache-2.0 */
/* IATI activity files: the mapping value by value, the losses, and what hostile files meet. */
#include "import_collect.h"

#include "base/limits.h"
#include "base/text.h"
#include "record/iati/reader.h"

#define DATA "tests/data/iati/"
#define REAL "../shared/data/"

static struct collected all;
static struct hanse_loss_report losses;

static enum hanse_status read_bytes(struct hanse_bytes bytes, size_t piece, struct hanse_error *err)
{
    collect_release(&all);
    hanse_loss_report_release(&losses);
    struct piecewise source = {bytes, piece};
    struct hanse_import_sink sink = collect_sink(&all);
    return hanse_iati_read((struct hanse_source){read_piece, &source}, &sink, &losses, err);
}

static enum hanse_status read_file(const char *path, struct hanse_error *err)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer buffer;
    struct hanse_bytes bytes = load(&buffer, path);
    return read_bytes(bytes, SIZE_MAX, err);
}

static void assert_reads(const char *path)
{
    struct hanse_error err = {0};
    if (read_file(path, &err) != HANSE_OK)
        fail_msg("%s: %s", path, err.message);
}

/* The XML that a record keeps, "" if it keeps none; lives until the next call. */
static const char *kept(const struct hanse_record *record)
{
    static char text[1 << 16];
    HANSE_SCOPED_BUFFER struct hanse_buffer xml;
    char *base64 = NULL;
    hanse_buffer_init(&xml, sizeof text - 1);
    text[0] = '\0';
    if (hanse_record_get(record, "extensions[path=iati-activity].payload", &base64, NULL) != HANSE_OK)
        return text;
    assert_int_equal(hanse_base64_decode(hanse_bytes_of_text(base64), &xml, NULL), HANSE_OK);
    hanse_free(base64);
    memcpy(text, xml.data, xml.size);
    text[xml.size] = '\0';
    return text;
}

static void assert_kept(const struct hanse_record *record, const char *xml)
{
    if (strstr(kept(record), xml) == NULL)
        fail_msg("%s is not kept in %s", xml, kept(record));
}

static int teardown(void **state)
{
    (void)state;
    collect_release(&all);
    hanse_loss_report_release(&losses);
    return 0;
}

static void header_says_where_it_comes_from(void **state)
{
    (void)state;
    assert_reads(DATA "cities.xml");
    assert_int_equal(all.record_count, 2);
    const struct hanse_record *record = all.records[0];
    assert_string_equal(hanse_record_kind(record), "Project");
    assert_int_equal(all.record_items[0].line, 4);
    assert_string_equal(all.record_items[0].id, "XX-REG-0042-WASTE-1");
    assert_value(record, "header.identifiers[0].scheme", "IATI-ACT");
    assert_value(record, "header.identifiers[0].value", "XX-REG-0042-WASTE-1");
    assert_value(record, "header.identifiers[0].primary", "true");
    assert_value(record, "header.identifiers[1].scheme", "IATI-OTHER-A1");
    assert_value(record, "header.identifiers[1].value", "HCN-7");
    assert_count(record, "header.identifiers", 2);
    assert_value(record, "header.supersededIds[0]", "IATI-ACT:XX-REG-0042-OLD-1");
    assert_value(record, "header.updatedUnixS", "1774949400"); /* 2026-03-31T09:30:00Z */
    assert_value(record, "header.provenance[0].sourceScheme", "IATI-2.03");
    assert_value(record, "header.provenance[0].publisher.id", "IATI-ORG:XX-REG-0042");
    assert_value(record, "header.provenance[0].publisher.name[language=es].text",
                 "Red de Ciudades Portuarias");
    assert_value(record, "header.provenance[0].method", "PROVENANCE_METHOD_IMPORT");
    assert_value(record, "header.provenance[0].secondaryReporter", "true");
    assert_count(record, "header.provenance", 1);
    assert_value(record, "header.languages[0]", "en");
    assert_value(record, "header.languages[1]", "es");
    assert_value(record, "header.languages[2]", "ja");
    assert_count(record, "header.languages", 3);
}

static void texts_carry_their_language(void **state)
{
    (void)state;
    assert_reads(DATA "cities.xml");
    const struct hanse_record *record = all.records[0];
    assert_value(record, "project.title[language=en].text", "Composting & sorting at the source");
    assert_value(record, "project.title[language=es].text", "Compostaje y separación en origen");
    assert_value(record, "project.title[language=ja].text", "家庭での分別とたい肥化");
    assert_value(record, "project.description[0].type", "DESCRIPTION_TYPE_GENERAL");
    assert_value(record, "project.description[1].type", "DESCRIPTION_TYPE_OBJECTIVES");
    assert_value(record, "project.description[1].text[0].language", "en");
    assert_value(record, "project.description[1].text[1].text", "Menos residuos.");
    assert_value(record, "project.description[1].text[1].language", "und");
    assert_string_equal(all.findings[0].rule, "iati-language-repeated");
    assert_string_equal(all.findings[0].path, "iati-activity/description/narrative");
    /* The second activity states no language at all. */
    assert_value(all.records[1], "project.title[0].language", "und");
    assert_value(all.records[1], "project.description[0].text[0].language", "und");
    assert_string_equal(all.findings[1].rule, "iati-language-unknown");
    assert_int_equal(all.findings[1].line, 135);
}

static void plain_fields_are_mapped(void **state)
{
    (void)state;
    assert_reads(DATA "cities.xml");
    const struct hanse_record *record = all.records[0];
    assert_value(record, "project.status", "PROJECT_STATUS_IMPLEMENTATION");
    assert_value(record, "project.scope", "PROJECT_SCOPE_MULTI_NATIONAL");
    assert_value(record, "project.collaboration", "COLLABORATION_TRIANGULAR");
    assert_count(record, "project.dates", 3);
    assert_value(record, "project.dates[0].type", "PROJECT_DATE_TYPE_PLANNED_START");
    assert_value(record, "project.dates[0].note[0].text", "Start of the fiscal year");
    assert_value(record, "project.dates[2].date.year", "2028");
    assert_value(record, "project.dates[2].date.month", "2");
    assert_value(record, "project.dates[2].date.day", "29");
    assert_value(record, "project.participants[0].actor.id", "IATI-ORG:XX-LG-1");
    assert_value(record, "project.participants[0].role", "PARTICIPANT_ROLE_FUNDING");
    assert_value(record, "project.participants[0].activityId", "XX-LG-1-77&A<&#38;");
    assert_value(record, "project.participants[0].orgType.scheme", "IATI-ORGTYPE");
    assert_value(record, "project.participants[0].orgType.code", "11");
    assert_value(record, "project.participants[0].channel.code", "11002");
    assert_value(record, "project.participants[1].actor.name[language=es].text", "Municipio de Puerto Claro");
    assert_unset(record, "project.participants[1].actor.id");
    assert_value(record, "project.related[0].project.id", "IATI-ACT:XX-LG-2-9");
    assert_value(record, "project.related[0].type", "RELATION_TYPE_THIRD_PARTY");
    assert_value(record, "project.conditionsAttached", "true");
    assert_value(record, "project.conditions[0].type", "CONDITION_TYPE_PERFORMANCE");
    assert_value(record, "project.conditions[0].text[0].text", "Report each year");
    assert_unset(all.records[1], "project.conditionsAttached");
}

static void codes_carry_scheme_and_share(void **state)
{
    (void)state;
    assert_reads(DATA "cities.xml");
    const struct hanse_record *record = all.records[0];
    assert_count(record, "project.sectors", 3);
    assert_value(record, "project.sectors[0].scheme", "DAC-5");
    assert_value(record, "project.sectors[0].code", "14050");
    assert_value(record, "project.sectors[0].shareMillionths", "666667");
    assert_value(record, "project.sectors[1].scheme", "DAC-5");
    assert_value(record, "project.sectors[1].shareMillionths", "333333");
    assert_value(record, "project.sectors[2].scheme", "IATI-SECTOR-99");
    assert_value(record, "project.sectors[2].schemeUri", "https://network.example/themes");
    assert_value(record, "project.sectors[2].shareMillionths", "1000000");
    assert_value(record, "project.sectors[2].label[language=en].text", "Zero waste");
    assert_value(record, "project.tags[0].scheme", "SDG-TARGET");
    assert_value(record, "project.tags[0].code", "11.6");
    assert_unset(record, "project.tags[0].shareMillionths");
    assert_value(record, "project.tags[1].scheme", "IATI-TAG-99");
    assert_value(record, "project.markers[0].scheme", "DAC-MARKER");
    assert_value(record, "project.markers[0].significance", "0");
    assert_value(record, "project.markers[1].code", "6");
    assert_value(record, "project.aidTypes[0].scheme", "DAC-AID");
    assert_value(record, "project.aidTypes[1].scheme", "IATI-EARMARK");
}

static void places_are_mapped(void **state)
{
    (void)state;
    assert_reads(DATA "cities.xml");
    const struct hanse_record *record = all.records[0];
    assert_count(record, "project.locations", 2);
    assert_value(record, "project.locations[0].ref", "PC");
    assert_value(record, "project.locations[0].place.id", "GEONAMES:1234567");
    assert_value(record, "project.locations[0].point.latE7", "-123456789");
    assert_value(record, "project.locations[0].point.lonE7", "-771234567");
    assert_value(record, "project.locations[0].point.exactness", "GEO_EXACTNESS_APPROXIMATE");
    assert_value(record, "project.locations[0].reach", "LOCATION_REACH_ACTIVITY");
    assert_value(record, "project.locations[0].locationClass", "LOCATION_CLASS_POPULATED_PLACE");
    assert_value(record, "project.locations[0].name[0].text", "Puerto Claro");
    assert_value(record, "project.locations[0].activityDescription[0].text", "Three composting sites");
    assert_value(record, "project.locations[0].administrative[0].scheme", "ISO3166-1");
    assert_value(record, "project.locations[0].feature.code", "PPLA");
    /* Metres of another system of coordinates are no degrees. */
    assert_count(record, "project.locations[1].point", 0);
    assert_kept(record, "<point srsName=");
    assert_kept(record, "<exactness code=");
    assert_kept(record, "<location-id vocabulary=");
}

static void money_is_exact_and_states_its_currency(void **state)
{
    (void)state;
    assert_reads(DATA "cities.xml");
    const struct hanse_record *record = all.records[0];
    assert_value(record, "project.budgets[0].type", "BUDGET_TYPE_ORIGINAL");
    assert_value(record, "project.budgets[0].status", "BUDGET_STATUS_INDICATIVE");
    assert_value(record, "project.budgets[0].period.start.year", "2025");
    assert_value(record, "project.budgets[0].period.end.day", "31");
    assert_value(record, "project.budgets[0].value.currency", "EUR");
    assert_value(record, "project.budgets[0].value.units", "21189");
    assert_value(record, "project.budgets[0].value.nanos", "97500000");
    assert_value(record, "project.budgets[0].value.valueDate.month", "4");
    assert_value(record, "project.budgets[1].status", "BUDGET_STATUS_COMMITTED");
    assert_value(record, "project.budgets[1].value.currency", "JPY");
    assert_value(record, "project.budgets[1].value.nanos", "-250000000");
    assert_value(record, "project.transactions[1].value.units", "9000000000000000000");
}

static void transactions_inherit_nothing_silently(void **state)
{
    (void)state;
    assert_reads(DATA "cities.xml");
    const struct hanse_record *record = all.records[0];
    assert_value(record, "project.transactions[0].ref", "T-1");
    assert_value(record, "project.transactions[0].type", "TRANSACTION_TYPE_DISBURSEMENT");
    assert_value(record, "project.transactions[0].value.currency", "EUR");
    assert_value(record, "project.transactions[0].flowType.code", "10");
    assert_value(record, "project.transactions[0].financeType.code", "110");
    assert_value(record, "project.transactions[0].aidTypes[0].code", "C01");
    assert_count(record, "project.transactions[0].aidTypes", 1);
    assert_value(record, "project.transactions[0].earmarking", "EARMARKING_EARMARKED");
    assert_value(record, "project.transactions[0].tiedStatus.code", "5");
    assert_value(record, "project.transactions[0].provider.id", "IATI-ORG:XX-REG-0042");
    assert_value(record, "project.transactions[0].providerType.code", "15");
    assert_value(record, "project.transactions[0].receiver.id", "IATI-ORG:XX-LG-2");
    assert_value(record, "project.transactions[0].receiverActivityId", "XX-LG-2-9");
    assert_value(record, "project.transactions[0].disbursementChannel.code", "2");
    assert_value(record, "project.transactions[0].sectors[0].scheme", "DAC-5");
    assert_value(record, "project.transactions[0].description[0].text", "First instalment");
    /* What a transaction states wins, one vocabulary at a time. */
    assert_value(record, "project.transactions[1].flowType.code", "30");
    assert_value(record, "project.transactions[1].financeType.code", "421");
    assert_value(record, "project.transactions[1].aidTypes[0].code", "D02");
    assert_count(record, "project.transactions[1].aidTypes", 1);
    assert_value(record, "project.transactions[1].earmarking", "EARMARKING_UNEARMARKED");
    assert_value(record, "project.transactions[1].tiedStatus.code", "4");
    assert_value(record, "project.transactions[1].provider.name[0].text", "Foundation");
    assert_unset(record, "project.transactions[1].provider.id");
    assert_value(record, "project.transactions[1].receiver.id", "IATI-ORG:XX-REG-0042");
}

static void documents_and_results_are_mapped(void **state)
{
    (void)state;
    assert_reads(DATA "cities.xml");
    const struct hanse_record *record = all.records[0];
    assert_value(record, "project.documents[0].url", "https://network.example/plan.pdf");
    assert_value(record, "project.documents[0].mediaType", "application/pdf");
    assert_value(record, "project.documents[0].categories[1].scheme", "IATI-DOC");
    assert_value(record, "project.documents[0].categories[1].code", "A05");
    assert_value(record, "project.documents[0].languages[1]", "ja");
    assert_value(record, "project.documents[0].date.day", "1");
    assert_value(record, "project.results[0].type", "RESULT_TYPE_OUTPUT");
    assert_value(record, "project.results[0].aggregation", "true");
    assert_value(record, "project.results[0].refs[0].scheme", "IATI-RESULT-99");
    assert_value(record, "project.results[0].indicators[0].measure", "INDICATOR_MEASURE_UNIT");
    assert_value(record, "project.results[0].indicators[0].ascending", "true");
    assert_value(record, "project.results[0].indicators[0].refs[0].scheme", "SDG-IND");
    assert_value(record, "project.results[0].indicators[0].baselines[0].date.year", "2024");
    assert_unset(record, "project.results[0].indicators[0].baselines[0].date.month");
    assert_value(record, "project.results[0].indicators[0].baselines[0].value.comment[0].text", "Estimate");
    assert_value(record, "project.results[0].indicators[0].baselines[1].date.day", "15");
    assert_value(record, "project.results[0].indicators[0].periods[0].targets[0].value", "1000");
    assert_value(record, "project.results[0].indicators[0].periods[0].actuals[0].value", "1120.5");
    assert_value(record, "project.results[0].indicators[0].periods[0].actuals[0].dimensions[0].name", "sex");
}

/* All that is lost and kept of the sample, so that a rule that is dropped or a new silent gap shows. */
static void every_loss_is_named(void **state)
{
    (void)state;
    static const char *const expected[] = {
        "iati-activities/@generated-datetime",
        "iati-activities/net:note",
        "iati-activity/contact-info",
    };
    assert_reads(DATA "cities.xml");
    for (size_t i = 0; i < losses.count && i < sizeof expected / sizeof *expected; i++)
        assert_string_equal(losses.items[i].path, expected[i]);
    assert_int_equal(losses.count, sizeof expected / sizeof *expected);
    assert_int_equal(losses.other, 0);
    HANSE_SCOPED_BUFFER struct hanse_buffer rest;
    struct hanse_bytes expected_rest = load(&rest, DATA "cities-rest.xml");
    assert_true(hanse_bytes_equal(hanse_bytes_of_text(kept(all.records[0])), expected_rest));
    assert_string_equal(kept(all.records[1]), "");
}

static void addresses_in_free_text_are_reported(void **state)
{
    (void)state;
    assert_reads(DATA "cities.xml");
    assert_int_equal(all.finding_count, 4);
    assert_string_equal(all.findings[2].rule, "personal-email");
    assert_string_equal(all.findings[2].path, "project.description[0].text[0].text");
    assert_non_null(strstr(all.findings[2].message, "\"visits@network.example\""));
    assert_string_equal(all.findings[3].rule, "personal-telephone");
    assert_non_null(strstr(all.findings[3].message, "\"+81 93 555 0100\""));
    assert_value(all.records[1], "project.description[0].text[0].text",
                 "Ask visits@network.example or +81 93 555 0100.");
}

static void a_sink_without_findings_gets_the_same_records(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer buffer;
    struct hanse_bytes bytes = load(&buffer, DATA "cities.xml");
    collect_release(&all);
    struct hanse_import_sink sink = {.context = &all, .record = collect_record};
    assert_int_equal(hanse_iati_read(hanse_source_of_bytes(&bytes), &sink, &losses, NULL), HANSE_OK);
    assert_int_equal(all.record_count, 2);
}

static void pieces_of_any_size_give_the_same_records(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer buffer;
    struct hanse_bytes bytes = load(&buffer, DATA "cities.xml");
    HANSE_SCOPED_BUFFER struct hanse_buffer whole;
    hanse_buffer_init(&whole, HANSE_MAX_RECORD_BYTES);
    for (size_t piece = 1; piece < 40; piece = piece * 2 + 1) {
        struct hanse_error err = {0};
        struct hanse_bytes record = {0};
        assert_int_equal(read_bytes(bytes, piece, &err), HANSE_OK);
        assert_int_equal(all.record_count, 2);
        assert_int_equal(hanse_record_bytes(all.records[0], &record, &err), HANSE_OK);
        if (whole.size == 0)
            assert_int_equal(hanse_buffer_append(&whole, record, &err), HANSE_OK);
        assert_true(hanse_bytes_equal(record, hanse_buffer_view(&whole)));
    }
}

static void bad_values_cost_one_activity(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        uint64_t line;
        const char *message;
    } expected[] = {
        {"XX-1", 3, "\"12,5\" is no amount"},
        {"XX-2", 8, "\"100.5\" is no percentage"},
        {"XX-3", 13, "\"PROJECT_STATUS_CLOSED\" is no code: iati-activity/activity-status/@code at line 16"},
        {"XX-4", 18, "\"yes\" is no boolean"},
        {"XX-5", 23, "\"91 0\" is no latitude and longitude"},
        {"XX-6", 28, "\"EURO\" is no currency"},
        {"", 33, "activity at line 33 has no iati-identifier"},
        {"XX-8", 34, "amount has no currency"},
        {"XX-9", 35, "\"9223372036854775808\" is no amount"},
    };
    assert_reads(DATA "bad-values.xml");
    assert_int_equal(all.invalid_count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < all.invalid_count; i++) {
        assert_string_equal(all.invalid[i].id, expected[i].id);
        assert_int_equal(all.invalid[i].line, expected[i].line);
        assert_int_equal(all.invalid[i].problem.status, HANSE_MALFORMED);
        assert_non_null(strstr(all.invalid[i].problem.message, expected[i].message));
    }
    assert_int_equal(all.record_count, 1);
    assert_string_equal(all.record_items[0].id, "XX-10");
    assert_int_equal(losses.count, 0);
}

static void impossible_dates_cost_one_activity(void **state)
{
    (void)state;
    assert_reads(DATA "impossible-date.xml");
    assert_int_equal(all.record_count, 2);
    assert_int_equal(all.invalid_count, 1);
    assert_string_equal(all.invalid[0].id, "XX-2");
    assert_non_null(strstr(all.invalid[0].problem.message, "\"2023-02-29\" is no date"));
}

static void percentages_that_do_not_add_up_are_kept(void **state)
{
    (void)state;
    assert_reads(DATA "percentage-sum.xml");
    assert_int_equal(all.record_count, 3);
    assert_int_equal(all.finding_count, 3);
    assert_string_equal(all.findings[0].rule, "iati-number-rounded");
    assert_string_equal(all.findings[1].rule, "iati-percentage-sum");
    assert_non_null(strstr(all.findings[1].message, "add up to 99.9999 %"));
    assert_string_equal(all.findings[2].id, "XX-2");
    assert_value(all.records[0], "project.sectors[2].shareMillionths", "333333");
}

static void repeated_identifiers_are_both_given(void **state)
{
    (void)state;
    assert_reads(DATA "repeated-identifier.xml");
    assert_int_equal(all.record_count, 3);
    assert_value(all.records[2], "project.title[0].text", "Second");
    assert_int_equal(all.finding_count, 1);
    assert_string_equal(all.findings[0].rule, "iati-identifier-repeated");
    assert_int_equal(all.findings[0].line, 13);
}

static void refused_files(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        enum hanse_status status;
        const char *message;
        size_t records; /* that came before */
    } cases[] = {
        {DATA "doctype-entity-bomb.xml", HANSE_MALFORMED, "DOCTYPE is refused", 0},
        {DATA "doctype-external-entity.xml", HANSE_MALFORMED, "DOCTYPE is refused", 0},
        {DATA "doctype-parameter-entity.xml", HANSE_MALFORMED, "DOCTYPE is refused", 0},
        {DATA "doctype-plain.xml", HANSE_MALFORMED, "DOCTYPE is refused", 0},
        {DATA "undeclared-entity.xml", HANSE_MALFORMED, "'eacute' not defined", 0},
        {DATA "invalid-utf8.xml", HANSE_MALFORMED, "UTF-8", 0},
        {DATA "wrong-encoding.xml", HANSE_MALFORMED, "labelled UTF-16", 0},
        {DATA "unknown-encoding.xml", HANSE_MALFORMED, "encoding no-such-code", 0},
        {DATA "nul.xml", HANSE_MALFORMED, "XML is not well-formed", 0},
        {DATA "mismatched-tag.xml", HANSE_MALFORMED, "line 8", 1},
        {DATA "truncated.xml", HANSE_TRUNCATED, "XML ends inside an iati-activity", 1},
        {DATA "other-root.xml", HANSE_UNSUPPORTED, "root element \"html\"", 0},
        {DATA "organisations.xml", HANSE_UNSUPPORTED, "root element \"iati-organisations\"", 0},
        {DATA "version-1.xml", HANSE_UNSUPPORTED, "\"1.05\"", 0},
        {DATA "no-version.xml", HANSE_UNSUPPORTED, "states no version", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct hanse_error err = {0};
        enum hanse_status status = read_file(cases[i].path, &err);
        if (status != cases[i].status || strstr(err.message, cases[i].message) == NULL)
            fail_msg("%s: %s: %s", cases[i].path, hanse_status_name(status), err.message);
        assert_int_equal(err.status, status);
        assert_int_equal(all.record_count, cases[i].records);
        assert_true(err.offset != HANSE_NO_OFFSET && err.offset > 0);
        assert_non_null(strstr(err.message, "line "));
    }
}

static void nothing_at_all_is_no_xml(void **state)
{
    (void)state;
    struct hanse_error err = {0};
    assert_int_equal(read_bytes((struct hanse_bytes){0}, 1, &err), HANSE_MALFORMED);
    assert_non_null(strstr(err.message, "empty"));
}

static void other_encodings_become_utf8(void **state)
{
    (void)state;
    assert_reads(DATA "latin1.xml");
    assert_value(all.records[0], "project.title[0].text", "Café");
}

/* A file whose only activity is `inside`, repeated. */
static void make_file(struct hanse_buffer *out, const char *before, const char *inside, size_t repeat,
                      const char *after)
{
    struct hanse_error err = {0};
    hanse_buffer_init(out, COLLECT_FILE_BYTES);
    assert_int_equal(hanse_buffer_append_text(out, "<iati-activities version=\"2.03\">", &err), HANSE_OK);
    assert_int_equal(hanse_buffer_append_text(out, before, &err), HANSE_OK);
    for (size_t i = 0; i < repeat; i++)
        assert_int_equal(hanse_buffer_append_text(out, inside, &err), HANSE_OK);
    assert_int_equal(hanse_buffer_append_text(out, after, &err), HANSE_OK);
    assert_int_equal(hanse_buffer_append_text(out,
                                              "<iati-activity><iati-identifier>XX-LAST</iati-identifier>"
                                              "</iati-activity></iati-activities>",
                                              &err),
                     HANSE_OK);
}

/* An activity over a limit is skipped, the last one is read. */
static void assert_skipped(const char *before, const char *inside, size_t repeat, const char *after,
                           const char *message)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer file;
    make_file(&file, before, inside, repeat, after);
    struct hanse_error err = {0};
    if (read_bytes(hanse_buffer_view(&file), SIZE_MAX, &err) != HANSE_OK)
        fail_msg("%s", err.message);
    assert_int_equal(all.invalid_count, 1);
    assert_int_equal(all.invalid[0].problem.status, HANSE_LIMIT);
    if (strstr(all.invalid[0].problem.message, message) == NULL)
        fail_msg("%s", all.invalid[0].problem.message);
    assert_int_equal(all.record_count, 1);
    assert_string_equal(all.record_items[0].id, "XX-LAST");
}

static void limits_cost_one_activity(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer close;
    hanse_buffer_init(&close, COLLECT_FILE_BYTES);
    struct hanse_error err = {0};
    for (unsigned i = 0; i < HANSE_MAX_IATI_DEPTH; i++)
        assert_int_equal(hanse_buffer_append_text(&close, "</a>", &err), HANSE_OK);
    assert_int_equal(hanse_buffer_append_text(&close, "</iati-activity>", &err), HANSE_OK);
    assert_int_equal(hanse_buffer_append_u8(&close, 0, &err), HANSE_OK);
    assert_skipped("<iati-activity>", "<a>", HANSE_MAX_IATI_DEPTH, (const char *)close.data,
                   "deeper than 64");
    assert_skipped("<iati-activity>", "<a/>", HANSE_MAX_IATI_NODES, "</iati-activity>", "more than 250000");
    assert_skipped("<iati-activity><title><narrative>", "0123456789abcdef",
                   HANSE_MAX_IATI_ACTIVITY_BYTES / 16 + 8192, "</narrative></title></iati-activity>",
                   "more than 8 MiB of XML");
}

static void a_record_over_its_limit_costs_one_activity(void **state)
{
    (void)state;
    assert_skipped("<iati-activity><iati-identifier>XX-1</iati-identifier><title><narrative>",
                   "0123456789abcdef", HANSE_MAX_RECORD_BYTES / 16 + 1,
                   "</narrative></title></iati-activity>", "");
}

static void a_huge_attribute_is_refused(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer file;
    make_file(&file, "<iati-activity linked-data-uri=\"", "0123456789abcdef", (11u << 20) / 16,
              "\"></iati-activity>");
    struct hanse_error err = {0};
    enum hanse_status status = read_bytes(hanse_buffer_view(&file), SIZE_MAX, &err);
    assert_true(status == HANSE_MALFORMED || status == HANSE_LIMIT);
    assert_int_equal(all.record_count, 0);
}

static void endless_space_between_activities_is_refused(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer file;
    make_file(&file, "", "                ", HANSE_MAX_IATI_ACTIVITY_BYTES / 16 + 8192, "");
    struct hanse_error err = {0};
    assert_int_equal(read_bytes(hanse_buffer_view(&file), SIZE_MAX, &err), HANSE_LIMIT);
}

static void the_sink_can_cancel(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer buffer;
    struct hanse_bytes bytes = load(&buffer, DATA "repeated-identifier.xml");
    collect_release(&all);
    all.cancel_after = 2;
    struct hanse_import_sink sink = collect_sink(&all);
    assert_int_equal(hanse_iati_read(hanse_source_of_bytes(&bytes), &sink, &losses, NULL), HANSE_CANCELLED);
    assert_int_equal(all.record_count, 2);
}

static enum hanse_status fail_read(void *context, uint8_t *out, size_t size, size_t *out_read,
                                   struct hanse_error *err)
{
    (void)context, (void)out, (void)size, (void)out_read;
    if (err != NULL)
        *err = (struct hanse_error){.status = HANSE_IO, .offset = HANSE_NO_OFFSET, .message = "disk is gone"};
    return HANSE_IO;
}

static void an_error_of_the_source_is_passed_on(void **state)
{
    (void)state;
    struct hanse_import_sink sink = collect_sink(&all);
    struct hanse_error err = {0};
    assert_int_equal(hanse_iati_read((struct hanse_source){fail_read, NULL}, &sink, &losses, &err), HANSE_IO);
    assert_string_equal(err.message, "disk is gone");
}

static enum hanse_status read_view(void *context)
{
    const struct hanse_bytes *bytes = context;
    struct hanse_error err = {0};
    enum hanse_status status = read_bytes(*bytes, SIZE_MAX, &err);
    assert_int_equal(err.status, status);
    assert_int_equal(all.invalid_count, 0);
    return status;
}

static void failing_allocations_end_the_import(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer buffer;
    struct hanse_bytes bytes = load(&buffer, DATA "cities.xml");
    assert_true(anomaly_fail_each_allocation(read_view, &bytes) > 20);
    assert_int_equal(all.record_count, 2);
}

/* The sample that ships with the project: valid records, and no loss but what IATI says of itself. */
static void shipped_sample(void **state)
{
    (void)state;
    assert_reads("examples/data/puerto-claro.xml");
    assert_int_equal(all.record_count, 12);
    assert_int_equal(all.invalid_count, 0);
    assert_int_equal(all.finding_count, 0);
    for (size_t i = 0; i < all.record_count; i++) {
        struct hanse_error err = {0};
        if (hanse_record_validate(all.records[i], NULL, NULL, &err) != HANSE_OK)
            fail_msg("%s: %s", all.record_items[i].id, err.message);
    }
    assert_int_equal(losses.count, 1);
    assert_int_equal(hanse_loss_report_count(&losses, "iati-activities/@generated-datetime"), 1);
    assert_value(all.records[0], "header.provenance[0].publisherType.code", "15");
    assert_string_equal(kept(all.records[0]), "");
}

static void real_brazil(void **state)
{
    (void)state;
    assert_reads(REAL "iati/who-bra.xml");
    assert_int_equal(all.record_count, 134);
    assert_int_equal(all.invalid_count, 0);
    const struct hanse_record *record = all.records[0];
    assert_value(record, "header.identifiers[0].value", "XM-DAC-928-BR-2016-17-01.002.AM01.BRA01");
    assert_value(record, "project.participants[0].actor.id", "IATI-ORG:DAC-1601");
    assert_value(record, "project.sectors[0].shareMillionths", "1000000");
    assert_value(record, "project.tags[0].scheme", "SDG-TARGET");
    assert_value(record, "project.budgets[0].value.units", "21189");
    assert_value(record, "project.budgets[0].value.nanos", "97500000");
    assert_value(record, "project.locations[0].point.latE7", "-157942290");
    size_t transactions = 0;
    size_t portuguese = 0;
    for (size_t i = 0; i < all.record_count; i++) {
        size_t count = 0;
        char *text = NULL;
        assert_int_equal(hanse_record_count(all.records[i], "project.transactions", &count, NULL), HANSE_OK);
        transactions += count;
        assert_int_equal(hanse_record_count(all.records[i], "header.languages[1]", &count, NULL), HANSE_OK);
        portuguese += count;
        assert_int_equal(hanse_record_get(all.records[i], "header.languages[0]", &text, NULL), HANSE_OK);
        hanse_free(text);
    }
    assert_int_equal(transactions, 735);
    assert_true(portuguese > 0);
    for (size_t i = 0; i < all.record_count; i++)
        assert_kept(all.records[i], "<recipient-country code=\"BR\"");
    assert_int_equal(hanse_loss_report_count(&losses, "iati-activity/contact-info"), 134);
}

static void real_foreign_namespace(void **state)
{
    (void)state;
    assert_reads(REAL "iati/usaid-bb.xml");
    assert_int_equal(all.record_count, 1);
    assert_value(all.records[0], "project.transactions[0].value.currency", "USD");
    assert_value(all.records[0], "project.transactions[0].aidTypes[0].code", "C01");
    assert_value(all.records[0], "project.transactions[0].provider.id", "IATI-ORG:US-GOV-1");
    assert_value(all.records[0], "project.transactions[0].sectors[1].scheme", "IATI-SECTOR-99");
    assert_value(all.records[0], "project.conditionsAttached", "false");
    assert_kept(all.records[0], "<usg:tec1 xmlns:usg=\"https://explorer.usaid.gov\"");
}

static void real_version_202(void **state)
{
    (void)state;
    assert_reads(REAL "iati/acfspain-ph.xml");
    assert_int_equal(all.record_count, 6);
    assert_value(all.records[0], "header.provenance[0].sourceScheme", "IATI-2.02");
    assert_value(all.records[0], "header.provenance[0].publisher.name[language=es].text",
                 "ACCIÓN CONTRA EL HAMBRE");
    assert_value(all.records[0], "header.identifiers[1].scheme", "IATI-OTHER-B1");
    assert_value(all.records[0], "project.sectors[0].code", "Water, Sanitation & Hygiene");
    assert_value(all.records[5], "project.budgets[0].value.nanos", "410000000");
}

static void real_results(void **state)
{
    (void)state;
    assert_reads(REAL "iati/wri-521257057-strategic-plan-2023-2027.xml");
    assert_int_equal(all.record_count, 1);
    assert_count(all.records[0], "project.results", 16);
    assert_value(all.records[0], "project.results[0].aggregation", "true");
}

static void annotated_example(void **state)
{
    (void)state;
    assert_reads(REAL "iati-203/activity-standard-example-annotated.xml");
    assert_int_equal(all.record_count, 1);
    const struct hanse_record *record = all.records[0];
    assert_value(record, "header.updatedUnixS", "1410333337");
    assert_value(record, "project.title[language=fr].text", "Titre de l'activité");
    assert_value(record, "project.sectors[0].scheme", "DAC-3");
    assert_value(record, "project.transactions[0].aidTypes[0].code", "A01");
    assert_value(record, "project.transactions[0].earmarking", "EARMARKING_UNEARMARKED");
    assert_value(record, "project.results[0].indicators[0].baselines[0].value.dimensions[1].name", "age");
    assert_kept(record, "<other-flags code=\"1\" significance=\"1\"/>");
    assert_kept(record,
                "<forecast year=\"2014\" value-date=\"2013-07-03\" currency=\"GBP\">10000</forecast>");
    assert_int_equal(losses.count, 3);
    assert_int_equal(hanse_loss_report_count(&losses, "iati-activity/contact-info"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header_says_where_it_comes_from),
        cmocka_unit_test(texts_carry_their_language),
        cmocka_unit_test(plain_fields_are_mapped),
        cmocka_unit_test(codes_carry_scheme_and_share),
        cmocka_unit_test(places_are_mapped),
        cmocka_unit_test(money_is_exact_and_states_its_currency),
        cmocka_unit_test(transactions_inherit_nothing_silently),
        cmocka_unit_test(documents_and_results_are_mapped),
        cmocka_unit_test(every_loss_is_named),
        cmocka_unit_test(addresses_in_free_text_are_reported),
        cmocka_unit_test(a_sink_without_findings_gets_the_same_records),
        cmocka_unit_test(pieces_of_any_size_give_the_same_records),
        cmocka_unit_test(bad_values_cost_one_activity),
        cmocka_unit_test(impossible_dates_cost_one_activity),
        cmocka_unit_test(percentages_that_do_not_add_up_are_kept),
        cmocka_unit_test(repeated_identifiers_are_both_given),
        cmocka_unit_test(refused_files),
        cmocka_unit_test(nothing_at_all_is_no_xml),
        cmocka_unit_test(other_encodings_become_utf8),
        cmocka_unit_test(limits_cost_one_activity),
        cmocka_unit_test(a_record_over_its_limit_costs_one_activity),
        cmocka_unit_test(a_huge_attribute_is_refused),
        cmocka_unit_test(endless_space_between_activities_is_refused),
        cmocka_unit_test(the_sink_can_cancel),
        cmocka_unit_test(an_error_of_the_source_is_passed_on),
        cmocka_unit_test(failing_allocations_end_the_import),
        cmocka_unit_test(shipped_sample),
        cmocka_unit_test(real_brazil),
        cmocka_unit_test(real_foreign_namespace),
        cmocka_unit_test(real_version_202),
        cmocka_unit_test(real_results),
        cmocka_unit_test(annotated_example),
    };
    return cmocka_run_group_tests_name("iati", tests, NULL, teardown);
}
