/* SPDX-License-Identifier: Apache-2.0 */
/* Values by path. A change is judged as a whole first, then what is missing is built apart from the record,
 * and the last step hangs it in: so a failure leaves the record as it was. */
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "record/cell.h"
#include "record/path.h"
#include "record/record.h"
#include "record/value.h"

static const struct hanse_record_step *last_step(const struct hanse_record_path *path)
{
    return &path->steps[path->count - 1];
}

static enum hanse_status refuse(const struct hanse_record_path *path, const struct hanse_record_step *step,
                                const char *what, struct hanse_error *err)
{
    return hanse_fail_at(err, HANSE_INVALID_ARGUMENT, step->offset, "path \"%.*s\" is refused: %s",
                         hanse_record_path_shown(path->text), path->text, what);
}

static enum hanse_status fail_unset(const struct hanse_record_path *path, struct hanse_error *err)
{
    return hanse_fail(err, HANSE_NOT_FOUND, "nothing is set at \"%.*s\"", hanse_record_path_shown(path->text),
                      path->text);
}

/* For functions that make nothing. */
static enum hanse_status parse_to_read(const char *text, struct hanse_record_path *path,
                                       struct hanse_error *err)
{
    enum hanse_status status = hanse_record_path_parse(text, path, err);
    for (size_t i = 0; status == HANSE_OK && i < path->count; i++)
        if (path->steps[i].selector == HANSE_SELECT_APPEND)
            status = refuse(path, &path->steps[i], "[+] makes an element, name one that is there", err);
    return status;
}

static bool is_found(const struct hanse_record_path *path, const struct hanse_record_place *place)
{
    return place->step + 1 == path->count && place->element != HANSE_NO_ELEMENT;
}

static bool lacks_selector(const struct hanse_record_step *step)
{
    return hanse_field_is_repeated(step->field) && step->selector == HANSE_SELECT_NONE;
}

enum hanse_status hanse_record_get(const struct hanse_record *record, const char *path_text, char **out,
                                   struct hanse_error *err)
{
    if (record == NULL || path_text == NULL || out == NULL)
        return hanse_fail_null("record, path or out", err);
    struct hanse_record_path path;
    enum hanse_status status = parse_to_read(path_text, &path, err);
    if (status != HANSE_OK)
        return status;
    const struct hanse_record_step *step = last_step(&path);
    if (hanse_field_message(step->field) != NULL)
        return refuse(&path, step, "it is a message, name one of its fields", err);
    if (lacks_selector(step))
        return refuse(&path, step, "the field is repeated, say which element", err);
    struct hanse_record_place place = hanse_record_path_follow(&path, hanse_message_root(record->message));
    struct hanse_value value;
    if (!is_found(&path, &place) || !hanse_part_get(place.part, step->field, place.element, &value))
        return fail_unset(&path, err);
    HANSE_SCOPED_BUFFER struct hanse_buffer text;
    hanse_buffer_init(&text, 2 * HANSE_MAX_RECORD_BYTES);
    status = hanse_value_append(step->field, &value, &text, err);
    return status == HANSE_OK ? hanse_buffer_detach_text(&text, out, err) : status;
}

enum hanse_status hanse_record_count(const struct hanse_record *record, const char *path_text, size_t *out,
                                     struct hanse_error *err)
{
    if (record == NULL || path_text == NULL || out == NULL)
        return hanse_fail_null("record, path or out", err);
    struct hanse_record_path path;
    enum hanse_status status = parse_to_read(path_text, &path, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_record_place place = hanse_record_path_follow(&path, hanse_message_root(record->message));
    bool found = is_found(&path, &place);
    *out = found && lacks_selector(last_step(&path)) ? hanse_part_count(place.part, last_step(&path)->field)
                                                     : found;
    return HANSE_OK;
}

enum hanse_status hanse_record_clear(struct hanse_record *record, const char *path_text,
                                     struct hanse_error *err)
{
    if (record == NULL || path_text == NULL)
        return hanse_fail_null("record or path", err);
    struct hanse_record_path path;
    enum hanse_status status = parse_to_read(path_text, &path, err);
    if (status != HANSE_OK)
        return status;
    const struct hanse_record_step *step = last_step(&path);
    struct hanse_record_place place = hanse_record_path_follow(&path, hanse_message_root(record->message));
    if (!is_found(&path, &place))
        return fail_unset(&path, err);
    if (path.count == 1 && hanse_field_number(step->field) >= HANSE_FIRST_KIND)
        return refuse(&path, step, "a record keeps its body", err);
    if (lacks_selector(step))
        hanse_part_clear(place.part, step->field);
    else
        hanse_part_remove(place.part, step->field, place.element);
    hanse_record_changed(record);
    return HANSE_OK;
}

/* Whether what the place lacks may be made: elements by [+] and [name=text], and singular fields. */
static enum hanse_status check_missing(const struct hanse_record_path *path,
                                       const struct hanse_record_place *place, struct hanse_error *err)
{
    for (size_t i = place->step; place->element == HANSE_NO_ELEMENT && i < path->count; i++) {
        enum hanse_selector selector = path->steps[i].selector;
        if (selector == HANSE_SELECT_INDEX || selector == HANSE_SELECT_LAST)
            return hanse_fail_at(err, HANSE_NOT_FOUND, path->steps[i].offset,
                                 "path \"%.*s\" names an element that is not there",
                                 hanse_record_path_shown(path->text), path->text);
    }
    return HANSE_OK;
}

/* For a message that is to be there, or a scalar that is to be set. */
static enum hanse_status find_to_write(struct hanse_record *record, const struct hanse_record_path *path,
                                       bool is_message, struct hanse_record_place *place,
                                       struct hanse_error *err)
{
    const char *text = path->text;
    uint32_t number = hanse_field_number(path->steps[0].field);
    if (number >= HANSE_FIRST_KIND && number != record->kind)
        return hanse_fail_at(err, HANSE_INVALID_ARGUMENT, 0,
                             "path \"%.*s\" is refused: the record is of kind \"%s\"",
                             hanse_record_path_shown(text), text, hanse_record_kind(record));
    if (lacks_selector(last_step(path)))
        return refuse(path, last_step(path), "the field is repeated, say which element ([0], [-], [+])", err);
    if ((hanse_field_message(last_step(path)->field) != NULL) != is_message)
        return refuse(path, last_step(path),
                      is_message ? "it is a scalar, set it" : "it is a message, name one of its fields", err);
    *place = hanse_record_path_follow(path, hanse_message_root(record->message));
    return check_missing(path, place, err);
}

/* A message for the step, with what its selector asks for. */
static enum hanse_status make_element(struct hanse_message *message, const struct hanse_record_step *step,
                                      struct hanse_part **out, struct hanse_error *err)
{
    struct hanse_part *made = NULL;
    enum hanse_status status = hanse_message_make(message, hanse_field_message(step->field), &made, err);
    if (status == HANSE_OK && step->selector == HANSE_SELECT_MATCH)
        status = hanse_message_put(message, made, step->match_field, 0, &step->match, err);
    if (status == HANSE_OK)
        *out = made;
    return status;
}

/* Builds the messages of the steps from `place` up to `end`, each in the one before. *head is the first of
 * them and *tail the last; both are untouched if there are none. */
static enum hanse_status build_missing(struct hanse_message *message, const struct hanse_record_path *path,
                                       size_t start, size_t end, struct hanse_part **head,
                                       struct hanse_part **tail, struct hanse_error *err)
{
    for (size_t i = start; i < end; i++) {
        struct hanse_part *made = NULL;
        enum hanse_status status = make_element(message, &path->steps[i], &made, err);
        if (status == HANSE_OK && i > start)
            status = hanse_message_attach(message, *tail, path->steps[i].field, made, err);
        if (status != HANSE_OK)
            return status;
        *head = i == start ? made : *head;
        *tail = made;
    }
    return HANSE_OK;
}

static enum hanse_status put_value(struct hanse_record *record, const struct hanse_record_path *path,
                                   const struct hanse_record_place *place, const struct hanse_value *value,
                                   struct hanse_error *err)
{
    const struct hanse_record_step *step = last_step(path);
    struct hanse_message *message = record->message;
    if (place->step + 1 == path->count) {
        bool appends = hanse_field_is_repeated(step->field) && place->element == HANSE_NO_ELEMENT;
        size_t index = appends                              ? hanse_part_count(place->part, step->field)
                       : place->element == HANSE_NO_ELEMENT ? 0
                                                            : place->element;
        return hanse_message_put(message, place->part, step->field, index, value, err);
    }
    struct hanse_part *head = NULL;
    struct hanse_part *tail = NULL;
    enum hanse_status status = build_missing(message, path, place->step, path->count - 1, &head, &tail, err);
    if (status == HANSE_OK)
        status = hanse_message_put(message, tail, step->field, 0, value, err);
    if (status == HANSE_OK)
        status = hanse_message_attach(message, place->part, path->steps[place->step].field, head, err);
    return status;
}

enum hanse_status hanse_record_path_set(struct hanse_record *record, const struct hanse_record_path *path,
                                        struct hanse_bytes text, struct hanse_error *err)
{
    struct hanse_record_place place = {0};
    enum hanse_status status = find_to_write(record, path, false, &place, err);
    if (status != HANSE_OK)
        return status;
    HANSE_SCOPED_BUFFER struct hanse_buffer scratch;
    hanse_buffer_init(&scratch, HANSE_MAX_RECORD_BYTES);
    struct hanse_value value;
    status = hanse_value_read(last_step(path)->field, text, &scratch, &value, err);
    if (status == HANSE_OK)
        status = put_value(record, path, &place, &value, err);
    if (status == HANSE_OK)
        hanse_record_changed(record);
    return status;
}

/* The part at a place of a message; where it is not there yet, *head and *made get what is to be attached. */
static enum hanse_status reach_message(struct hanse_record *record, const struct hanse_record_path *path,
                                       const struct hanse_record_place *place, struct hanse_part **head,
                                       struct hanse_part **out, struct hanse_error *err)
{
    if (!is_found(path, place))
        return build_missing(record->message, path, place->step, path->count, head, out, err);
    *out = hanse_part_child(place->part, last_step(path)->field, place->element);
    return HANSE_OK;
}

/* What a text of the form says, or leaves out: a currency stays. */
static void clear_cell(struct hanse_part *part, const struct hanse_schema *schema)
{
    static const char *const names[] = {"year", "month", "day", "units", "nanos"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct hanse_field *field = hanse_schema_find(schema, hanse_bytes_of_text(names[i]));
        if (field != NULL)
            hanse_part_clear(part, field);
    }
}

/* Values of all fields first, so that a text that one of them refuses changes nothing. */
static enum hanse_status put_cell(struct hanse_record *record, const struct hanse_record_path *path,
                                  const struct hanse_cell_parts *parts, struct hanse_error *err)
{
    struct hanse_record_place place = {0};
    struct hanse_part *head = NULL;
    struct hanse_part *part = NULL;
    struct hanse_value values[HANSE_CELL_PARTS];
    const struct hanse_schema *schema = hanse_field_message(last_step(path)->field);
    enum hanse_status status = find_to_write(record, path, true, &place, err);
    for (size_t i = 0; i < parts->count && status == HANSE_OK; i++)
        status = hanse_value_read(hanse_schema_find(schema, hanse_bytes_of_text(parts->items[i].field)),
                                  hanse_bytes_of_text(parts->items[i].text), NULL, &values[i], err);
    if (status == HANSE_OK)
        status = reach_message(record, path, &place, &head, &part, err);
    if (status == HANSE_OK && head != NULL)
        status = hanse_message_attach(record->message, place.part, path->steps[place.step].field, head, err);
    if (status == HANSE_OK)
        clear_cell(part, schema);
    for (size_t i = 0; i < parts->count && status == HANSE_OK; i++)
        status = hanse_message_put(record->message, part,
                                   hanse_schema_find(schema, hanse_bytes_of_text(parts->items[i].field)), 0,
                                   &values[i], err);
    if (status == HANSE_OK)
        hanse_record_changed(record);
    return status;
}

/* A Date or a Money as people write it. */
static enum hanse_status set_cell(struct hanse_record *record, const struct hanse_record_path *path,
                                  enum hanse_cell_form form, struct hanse_bytes text, struct hanse_error *err)
{
    struct hanse_cell_parts parts;
    enum hanse_status status = form == HANSE_CELL_DATE ? hanse_cell_read_date(text, NULL, &parts, err)
                                                       : hanse_cell_read_money(text, &parts, err);
    return status == HANSE_OK ? put_cell(record, path, &parts, err) : status;
}

enum hanse_status hanse_record_set(struct hanse_record *record, const char *path_text, const char *value_text,
                                   struct hanse_error *err)
{
    if (record == NULL || path_text == NULL || value_text == NULL)
        return hanse_fail_null("record, path or value", err);
    struct hanse_record_path path;
    enum hanse_status status = hanse_record_path_parse(path_text, &path, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_bytes text = hanse_bytes_of_text(value_text);
    enum hanse_cell_form form = hanse_cell_form_of(hanse_field_message(last_step(&path)->field));
    return form == HANSE_CELL_SCALAR ? hanse_record_path_set(record, &path, text, err)
                                     : set_cell(record, &path, form, text, err);
}

enum hanse_status hanse_record_add(struct hanse_record *record, const char *path_text,
                                   struct hanse_error *err)
{
    if (record == NULL || path_text == NULL)
        return hanse_fail_null("record or path", err);
    struct hanse_record_path path;
    struct hanse_record_place place = {0};
    enum hanse_status status = hanse_record_path_parse(path_text, &path, err);
    if (status == HANSE_OK)
        status = find_to_write(record, &path, true, &place, err);
    if (status != HANSE_OK)
        return status;
    if (is_found(&path, &place))
        return HANSE_OK;
    struct hanse_part *head = NULL;
    struct hanse_part *tail = NULL;
    status = build_missing(record->message, &path, place.step, path.count, &head, &tail, err);
    if (status == HANSE_OK)
        status = hanse_message_attach(record->message, place.part, path.steps[place.step].field, head, err);
    if (status == HANSE_OK)
        hanse_record_changed(record);
    return status;
}
