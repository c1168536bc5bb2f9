/* SPDX-License-Identifier: Apache-2.0 */
/* Maps of columns: what each line says, and how a mistake is explained. */
#include "anomaly.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "record/column_map.h"

static struct hanse_error err;

static enum hanse_status read_map(struct hanse_column_map *map, const char *kind, const char *text)
{
    enum hanse_status status = hanse_column_map_begin(map, kind, &err);
    return status == HANSE_OK ? hanse_column_map_read(map, hanse_bytes_of_text(text), &err) : status;
}

static const struct hanse_column *column(const struct hanse_column_map *map, const char *name)
{
    for (size_t i = 0; i < map->column_count; i++)
        if (strcmp(map->columns[i].name, name) == 0)
            return &map->columns[i];
    fail_msg("no column %s", name);
    return NULL;
}

static void each_form_of_line(void **state)
{
    (void)state;
    struct hanse_column_map map;
    const char *text = "\xef\xbb\xbf# projects\r\n"
                       "\r\n"
                       "  Titel = project.title[language=de].text\r\n"
                       "Status: \"laufend\" -> PROJECT_STATUS_IMPLEMENTATION\n"
                       "Status=project.status\n"
                       "Status: \"\" -> \"\"\n"
                       "Status : \" say \"\"no\"\" \" -> \"PROJECT_STATUS_CLOSED\"\n"
                       "Beginn = project.dates[0].date\n"
                       "Beginn: date DD.MM.YYYY\n"
                       "\"DAC-5\" -> project.sectors[0].scheme\n"
                       "\"a = \"\"b\"\": c\" = project.sectors[0].code\n"
                       "Betrag = project.budgets[0].value\n"
                       "project.scope: \"N\" -> PROJECT_SCOPE_NATIONAL";
    if (read_map(&map, "project", text) != HANSE_OK)
        fail_msg("%s", err.message);
    assert_int_equal(map.kind, 26);
    assert_int_equal(map.mapping_count, 7);
    assert_int_equal(map.column_count, 6);
    assert_int_equal(column(&map, "Titel")->line, 3);
    const struct hanse_column_word *word = column(&map, "Status")->words;
    assert_true(hanse_bytes_equal_text(word->from, "say \"no\""));
    assert_true(hanse_bytes_equal_text(word->to, "PROJECT_STATUS_CLOSED"));
    assert_int_equal(word->next->from.size, 0);
    assert_int_equal(word->next->to.size, 0);
    assert_true(hanse_bytes_equal_text(word->next->next->to, "PROJECT_STATUS_IMPLEMENTATION"));
    assert_string_equal(column(&map, "Beginn")->date_form, "DD.MM.YYYY");
    assert_true(column(&map, "a = \"b\": c")->has_target);
    assert_true(column(&map, "project.scope")->has_target);
    assert_int_equal(map.mappings[2].form, HANSE_CELL_DATE);
    assert_int_equal(map.mappings[3].column, HANSE_NO_COLUMN);
    assert_true(hanse_bytes_equal_text(map.mappings[3].constant, "DAC-5"));
    assert_int_equal(map.mappings[5].form, HANSE_CELL_MONEY);
    /* Both fill one element. */
    assert_int_equal(map.mappings[3].nodes[1], map.mappings[4].nodes[1]);
    hanse_column_map_release(&map);
}

static void mistakes_are_explained(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *kind;
        unsigned line; /* 0: none is named */
        const char *said;
    } cases[] = {
        {"\n\nA = project.titel.text", NULL, 3, "Project has no field \"titel\"; did you mean title"},
        {"A = project.title", NULL, 1, "say which element"},
        {"A = project.title[0]", NULL, 1,
         "it is a LocalizedText, name one of its fields: text language kind"},
        {"A = project.title[-].text", NULL, 1, "take a number"},
        {"A = project.status\nB = project.status", NULL, 2, "something else fills it"},
        {"A = project.status\nB = practice.title[0].text", NULL, 2, "of a Practice"},
        {"A = project.status", "Practice", 1, "are of kind Practice"},
        {"A = project.status", "Projekt", 0, "known are: FeedProfile LocalGovernment"},
        {"\"x\" -> project.status", NULL, 1, "use one of PROJECT_STATUS_PIPELINE"},
        {"\"1,250\" -> project.budgets[0].value", NULL, 1, "thousands"},
        {"\"1.2.\" -> project.dates[0].date", NULL, 1, "YYYY-MM-DD"},
        {"DAC -> project.sectors[0].scheme", NULL, 1, "in quotes"},
        {"\"\" -> project.sectors[0].scheme", NULL, 1, "constant is empty"},
        {"\"DAC -> project.sectors[0].scheme", NULL, 1, "a quote does not end"},
        {"A", NULL, 1, "COLUMN = PATH"},
        {" = project.status", NULL, 1, "name of a column is missing"},
        {"A = project.status\nA: x -> y", NULL, 2, "after the colon"},
        {"A = project.status\nA: \"x\" y", NULL, 2, "-> is missing"},
        {"A = project.status\nA: \"x\" -> \"y\" z", NULL, 2, "something follows"},
        {"A = project.status\nA: \"x\" -> y\nA: \"x\" -> z", NULL, 3, "already"},
        {"A = project.dates[0].date\nA: date d.m.y", NULL, 2, "made of YYYY"},
        {"A = project.dates[0].date\nA: date YYYY\nA: date YYYY", NULL, 3, "already"},
        {"# a\nA: \"x\" -> y", NULL, 2, "no line sends this column to a path"},
        {"A = \xff", NULL, 1, "not UTF-8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct hanse_column_map map;
        char line[40] = "";
        enum hanse_status status = read_map(&map, cases[i].kind, cases[i].text);
        if (cases[i].line > 0)
            (void)snprintf(line, sizeof line, "map is refused in line %u: ", cases[i].line);
        if (status != HANSE_INVALID_ARGUMENT || strstr(err.message, cases[i].said) == NULL ||
            strncmp(err.message, line, strlen(line)) != 0)
            fail_msg("%s: %s", cases[i].text, status == HANSE_OK ? "taken" : err.message);
        hanse_column_map_release(&map);
    }
}

static void limits_hold(void **state)
{
    (void)state;
    struct hanse_column_map map;
    char *text = malloc(HANSE_MAX_COLUMN_MAP_BYTES + 2);
    assert_non_null(text);
    memset(text, '\n', HANSE_MAX_COLUMN_MAP_BYTES + 1);
    text[HANSE_MAX_COLUMN_MAP_BYTES + 1] = '\0';
    assert_int_equal(read_map(&map, NULL, text), HANSE_LIMIT);
    hanse_column_map_release(&map);
    text[HANSE_MAX_COLUMN_MAP_BYTES] = '\0';
    assert_int_equal(read_map(&map, NULL, text), HANSE_OK);
    hanse_column_map_release(&map);
    size_t used = 0;
    for (unsigned i = 0; i <= HANSE_MAX_COLUMN_MAPPINGS; i++)
        used += (size_t)sprintf(text + used, "A%u = project.tags[%u].code\n", i, i);
    assert_int_equal(read_map(&map, NULL, text), HANSE_LIMIT);
    assert_non_null(strstr(err.message, "line 1025"));
    assert_int_equal(map.mapping_count, HANSE_MAX_COLUMN_MAPPINGS);
    hanse_column_map_release(&map);
    memset(text, 'x', HANSE_MAX_COLUMN_NAME_BYTES + 1);
    (void)strcpy(text + HANSE_MAX_COLUMN_NAME_BYTES + 1, " = project.status");
    assert_int_equal(read_map(&map, NULL, text), HANSE_LIMIT);
    hanse_column_map_release(&map);
    assert_int_equal(read_map(&map, NULL, text + 1), HANSE_OK);
    hanse_column_map_release(&map);
    free(text);
}

static enum hanse_status read_one(void *context)
{
    (void)context;
    struct hanse_column_map map;
    enum hanse_status status =
        read_map(&map, NULL, "A = project.status\nA: \"x\" -> y\n\"D\" -> project.tags[0].code");
    hanse_column_map_release(&map);
    return status;
}

static void memory_runs_out(void **state)
{
    (void)state;
    assert_true(anomaly_fail_each_allocation(read_one, NULL) >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_of_line),
        cmocka_unit_test(mistakes_are_explained),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
