/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a map, line by line. */
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "record/cell.h"
#include "record/column_map.h"

/* A line and how far it is read. */
struct map_line {
    struct hanse_column_map *map;
    size_t number;
    uint64_t offset; /* of the line in the map */
    struct hanse_bytes left;
};

static enum hanse_status refuse(const struct map_line *line, const char *what, struct hanse_error *err)
{
    return hanse_fail_at(err, HANSE_INVALID_ARGUMENT, line->offset, "map is refused in line %zu: %s",
                         line->number, what);
}

/* The failure of another function, with the place that only we know. */
static enum hanse_status place(const struct map_line *line, enum hanse_status status, struct hanse_error *err)
{
    if (status != HANSE_INVALID_ARGUMENT && status != HANSE_LIMIT)
        return status;
    status = hanse_fail_within(err, status, "map is refused in line %zu", line->number);
    if (err != NULL)
        err->offset = line->offset;
    return status;
}

static bool take(struct map_line *line, const char *sign)
{
    size_t size = strlen(sign);
    if (!hanse_bytes_equal_text(hanse_bytes_slice(line->left, 0, size), sign))
        return false;
    line->left = hanse_cell_trim(hanse_bytes_slice(line->left, size, line->left.size));
    return true;
}

/* A text in quotes, in which a doubled quote is one. */
static enum hanse_status take_quoted(struct map_line *line, struct hanse_bytes *out, struct hanse_error *err)
{
    struct hanse_bytes left = line->left;
    char *text = (char *)hanse_arena_alloc(&line->map->arena, left.size + 1);
    size_t size = 0;
    size_t at = 1;
    if (text == NULL)
        return hanse_fail_memory(err);
    for (; at < left.size; at++) {
        bool is_quote = left.data[at] == '"';
        if (is_quote && (at + 1 == left.size || left.data[at + 1] != '"'))
            break;
        text[size++] = (char)left.data[at];
        at += is_quote;
    }
    if (at >= left.size)
        return refuse(line, "a quote does not end", err);
    text[size] = '\0';
    *out = hanse_bytes_of(text, size);
    line->left = hanse_cell_trim(hanse_bytes_slice(left, at + 1, left.size));
    return HANSE_OK;
}

/* A name without quotes ends before =, : or ->. */
static struct hanse_bytes take_bare(struct map_line *line)
{
    size_t end = 0;
    while (end < line->left.size && line->left.data[end] != '=' && line->left.data[end] != ':' &&
           !hanse_bytes_equal_text(hanse_bytes_slice(line->left, end, 2), "->"))
        end++;
    struct hanse_bytes name = hanse_cell_trim(hanse_bytes_slice(line->left, 0, end));
    line->left = hanse_bytes_slice(line->left, end, line->left.size);
    return name;
}

static enum hanse_status find_column(struct map_line *line, struct hanse_bytes name, size_t *out,
                                     struct hanse_error *err)
{
    if (name.size == 0)
        return refuse(line, "the name of a column is missing before the sign", err);
    enum hanse_status status = place(line, hanse_column_map_column(line->map, name, out, err), err);
    if (status == HANSE_OK && line->map->columns[*out].line == 0)
        line->map->columns[*out].line = line->number;
    return status;
}

/* COLUMN = PATH */
static enum hanse_status read_path(struct map_line *line, struct hanse_bytes name, struct hanse_error *err)
{
    size_t column = 0;
    enum hanse_status status = find_column(line, name, &column, err);
    if (status != HANSE_OK)
        return status;
    status = hanse_column_map_add(line->map, column, hanse_bytes_of(NULL, 0), line->left, err);
    return place(line, status, err);
}

/* "CONSTANT" -> PATH */
static enum hanse_status read_constant(struct map_line *line, struct hanse_bytes constant, bool quoted,
                                       struct hanse_error *err)
{
    if (!quoted)
        return refuse(line, "write \"TEXT\" -> PATH, with the text in quotes, or COLUMN = PATH", err);
    if (constant.size == 0)
        return refuse(line, "the constant is empty", err);
    return place(line, hanse_column_map_add(line->map, HANSE_NO_COLUMN, constant, line->left, err), err);
}

/* COLUMN: "TEXT" -> VALUE */
static enum hanse_status read_word(struct map_line *line, struct hanse_column *column,
                                   struct hanse_error *err)
{
    struct hanse_column_word *word = hanse_arena_alloc(&line->map->arena, sizeof *word);
    if (word == NULL)
        return hanse_fail_memory(err);
    *word = (struct hanse_column_word){.next = column->words};
    enum hanse_status status = take_quoted(line, &word->from, err);
    if (status != HANSE_OK)
        return status;
    word->from = hanse_cell_trim(word->from);
    if (!take(line, "->"))
        return refuse(line, "-> is missing after the text: write COLUMN: \"TEXT\" -> VALUE", err);
    word->to = line->left;
    if (line->left.size > 0 && line->left.data[0] == '"')
        status = take_quoted(line, &word->to, err);
    if (status != HANSE_OK)
        return status;
    if (word->to.data != line->left.data && line->left.size > 0)
        return refuse(line, "something follows the value", err);
    for (const struct hanse_column_word *other = column->words; other != NULL; other = other->next)
        if (hanse_bytes_equal(other->from, word->from))
            return refuse(line, "another line has a value for this text already", err);
    column->words = word;
    return HANSE_OK;
}

/* COLUMN: date DD.MM.YYYY */
static enum hanse_status read_date_form(struct map_line *line, struct hanse_column *column,
                                        struct hanse_error *err)
{
    char *form = hanse_arena_copy(&line->map->arena, line->left);
    if (form == NULL)
        return hanse_fail_memory(err);
    if (!hanse_cell_is_date_form(form))
        return refuse(line, "the form of a date is made of YYYY, MM and DD, such as DD.MM.YYYY", err);
    if (column->date_form != NULL)
        return refuse(line, "another line has a form for the dates of this column already", err);
    column->date_form = form;
    return HANSE_OK;
}

static enum hanse_status read_note(struct map_line *line, struct hanse_bytes name, struct hanse_error *err)
{
    size_t column = 0;
    enum hanse_status status = find_column(line, name, &column, err);
    if (status != HANSE_OK)
        return status;
    if (line->left.size > 0 && line->left.data[0] == '"')
        return read_word(line, &line->map->columns[column], err);
    if (take(line, "date "))
        return read_date_form(line, &line->map->columns[column], err);
    return refuse(line, "after the colon stands \"TEXT\" -> VALUE, or a form as in: date DD.MM.YYYY", err);
}

static enum hanse_status read_line(struct map_line *line, struct hanse_error *err)
{
    line->left = hanse_cell_trim(line->left);
    if (line->left.size == 0 || line->left.data[0] == '#')
        return HANSE_OK;
    if (hanse_utf8_check(line->left) < line->left.size ||
        hanse_bytes_find(line->left, 0, 0) < line->left.size)
        return refuse(line, "it is not UTF-8: save the map in that encoding", err);
    bool quoted = line->left.data[0] == '"';
    struct hanse_bytes name = {0};
    enum hanse_status status = HANSE_OK;
    if (quoted)
        status = take_quoted(line, &name, err);
    else
        name = take_bare(line);
    if (status != HANSE_OK)
        return status;
    if (take(line, "="))
        return read_path(line, name, err);
    if (take(line, "->"))
        return read_constant(line, name, quoted, err);
    if (take(line, ":"))
        return read_note(line, name, err);
    return refuse(line, "write COLUMN = PATH, \"TEXT\" -> PATH, or COLUMN: \"TEXT\" -> VALUE", err);
}

/* Words and forms of a column that goes nowhere are a mistake, often in its name. */
static enum hanse_status check_columns(struct hanse_column_map *map, struct hanse_error *err)
{
    for (size_t i = 0; i < map->column_count; i++) {
        const struct hanse_column *column = &map->columns[i];
        struct map_line line = {.map = map, .number = column->line, .offset = HANSE_NO_OFFSET};
        enum hanse_status status = HANSE_OK;
        if (!column->has_target && hanse_column_is_path(column->name))
            status = place(
                &line,
                hanse_column_map_add(map, i, hanse_bytes_of(NULL, 0), hanse_bytes_of_text(column->name), err),
                err);
        else if (!column->has_target)
            status = refuse(&line, "no line sends this column to a path: add COLUMN = PATH", err);
        if (status != HANSE_OK)
            return status;
    }
    return HANSE_OK;
}

enum hanse_status hanse_column_map_read(struct hanse_column_map *map, struct hanse_bytes text,
                                        struct hanse_error *err)
{
    if (text.size > HANSE_MAX_COLUMN_MAP_BYTES)
        return hanse_fail(err, HANSE_LIMIT, "map has more than %u KiB", HANSE_MAX_COLUMN_MAP_BYTES >> 10);
    bool has_mark = text.size >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0;
    struct map_line line = {.map = map};
    for (size_t at = has_mark ? 3 : 0; at < text.size;) {
        size_t end = hanse_bytes_find(text, at, '\n');
        line.number++;
        line.offset = at;
        line.left = hanse_bytes_slice(text, at, end - at);
        enum hanse_status status = read_line(&line, err);
        if (status != HANSE_OK)
            return status;
        at = end + 1;
    }
    return check_columns(map, err);
}
