/* SPDX-License-Identifier: Apache-2.0 */
#include "node/reply/voice.h"

#include <stdio.h>
#include <string.h>

#include <hanse/query.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "node/held_item.h"

enum hanse_status hanse_arena_take(struct hanse_arena *arena, const char *text, const char **out,
                                   struct hanse_error *err)
{
    const char *copy = hanse_arena_copy(arena, hanse_bytes_of(text, strlen(text)));
    if (copy == NULL)
        return arena->max_bytes - arena->used_bytes <= strlen(text)
                   ? hanse_fail(err, HANSE_LIMIT, "what feeds say of each other takes more than %zu MiB",
                                arena->max_bytes >> 20)
                   : hanse_fail_memory(err);
    *out = copy;
    return HANSE_OK;
}

enum hanse_status hanse_record_take(const struct hanse_record *record, const char *path,
                                    struct hanse_arena *arena, const char **out, struct hanse_error *err)
{
    char *text = NULL;
    struct hanse_error own; /* an unset value is no failure */
    enum hanse_status status = hanse_record_get(record, path, &text, &own);
    *out = NULL;
    if (status == HANSE_NOT_FOUND)
        return HANSE_OK;
    if (status != HANSE_OK)
        return hanse_fail(err, status, "%s", own.message);
    status = hanse_arena_take(arena, text, out, err);
    hanse_free(text);
    return status;
}

bool hanse_name_set_has(const struct hanse_name_set *set, const char *text)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->texts[i], text) == 0)
            return true;
    return false;
}

/* Beyond the limit a name is left out: the reference that has it then means nobody. */
static enum hanse_status add_name(struct hanse_voices *voices, struct hanse_name_set *set, const char *text,
                                  struct hanse_error *err)
{
    if (set->count == HANSE_MAX_VOICE_NAMES || hanse_name_set_has(set, text))
        return HANSE_OK;
    enum hanse_status status = hanse_arena_take(&voices->arena, text, &set->texts[set->count], err);
    set->count += status == HANSE_OK;
    return status;
}

static enum hanse_status grow(struct hanse_voices *voices, struct hanse_error *err)
{
    size_t room = voices->room == 0 ? 16 : 2 * voices->room;
    if (voices->count < voices->room)
        return HANSE_OK;
    if (room * sizeof *voices->items > HANSE_MAX_STATEMENT_BYTES)
        return hanse_fail(err, HANSE_LIMIT, "the node holds more than %zu feeds with a profile",
                          voices->room);
    void *items = hanse_realloc(voices->items, room * sizeof *voices->items);
    if (items == NULL)
        return hanse_fail_memory(err);
    voices->items = items;
    voices->room = room;
    return HANSE_OK;
}

enum hanse_status hanse_record_code(const struct hanse_record *record, size_t i, char out[HANSE_CODE_BYTES],
                                    struct hanse_error *err)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 2 * HANSE_MAX_RECORD_BYTES);
    char path[64];
    const char *scheme = NULL;
    const char *value = NULL;
    (void)snprintf(path, sizeof path, "header.identifiers[%zu].scheme", i);
    enum hanse_status status = hanse_record_take(record, path, &arena, &scheme, err);
    (void)snprintf(path, sizeof path, "header.identifiers[%zu].value", i);
    if (status == HANSE_OK)
        status = hanse_record_take(record, path, &arena, &value, err);
    out[0] = '\0';
    if (status == HANSE_OK && scheme != NULL && value != NULL &&
        snprintf(out, HANSE_CODE_BYTES, "%s:%s", scheme, value) >= HANSE_CODE_BYTES)
        out[0] = '\0';
    return status;
}

static enum hanse_status fill_voice(struct hanse_voices *voices, const struct hanse_item *item,
                                    struct hanse_voice *out, struct hanse_error *err)
{
    struct hanse_arena *arena = &voices->arena;
    const char *custody = NULL;
    char code[HANSE_CODE_BYTES];
    *out = (struct hanse_voice){.own = item->own};
    enum hanse_status status = hanse_arena_take(arena, item->origin, &out->origin, err);
    if (status == HANSE_OK)
        status = hanse_arena_take(arena, item->id, &out->profile, err);
    if (status == HANSE_OK)
        status = hanse_record_take(item->record, "feedProfile.owner.id", arena, &out->owner, err);
    if (status == HANSE_OK)
        status = hanse_record_take(item->record, "feedProfile.operator.id", arena, &out->operator_id, err);
    if (status == HANSE_OK)
        status = hanse_record_take(item->record, "feedProfile.custody", arena, &custody, err);
    if (status == HANSE_OK)
        status = hanse_record_code(item->record, 0, code, err);
    if (status == HANSE_OK && code[0] != '\0')
        status = hanse_arena_take(arena, code, &out->identifier, err);
    out->custodian = custody != NULL && strcmp(custody, "CUSTODY_CUSTODIAN") == 0;
    return status;
}

/* The first profile of a feed is the one that counts. */
static enum hanse_status take_profile(void *context, const struct hanse_item *item, struct hanse_error *err)
{
    struct hanse_voices *voices = context;
    if (item->record == NULL || hanse_voices_get(voices, item->origin) != NULL)
        return HANSE_OK;
    enum hanse_status status = grow(voices, err);
    if (status == HANSE_OK)
        status = fill_voice(voices, item, &voices->items[voices->count], err);
    voices->count += status == HANSE_OK;
    return status;
}

enum hanse_status hanse_voices_load(struct hanse_node *node, struct hanse_voices *out,
                                    struct hanse_error *err)
{
    struct hanse_query query = {.version = 1, .kind = "FeedProfile"};
    *out = (struct hanse_voices){0};
    hanse_arena_init(&out->arena, HANSE_MAX_STATEMENT_BYTES);
    return hanse_query_list(node, &query, take_profile, out, err);
}

void hanse_voices_release(struct hanse_voices *voices)
{
    hanse_arena_release(&voices->arena);
    hanse_free(voices->items);
    *voices = (struct hanse_voices){0};
}

const struct hanse_voice *hanse_voices_get(const struct hanse_voices *voices, const char *origin)
{
    for (size_t i = 0; i < voices->count; i++)
        if (strcmp(voices->items[i].origin, origin) == 0)
            return &voices->items[i];
    return NULL;
}

const struct hanse_voice *hanse_voices_find(const struct hanse_voices *voices, const char *ref_id)
{
    for (size_t i = 0; i < voices->count; i++)
        if (hanse_name_set_has(&voices->items[i].names, ref_id))
            return &voices->items[i];
    return NULL;
}

bool hanse_voices_share_holder(const struct hanse_voice *a, const struct hanse_voice *b)
{
    if (a->holders.count == 0 || b->holders.count == 0) /* a custodian whom nobody names */
        return true;
    for (size_t i = 0; i < a->holders.count; i++)
        if (hanse_name_set_has(&b->holders, a->holders.texts[i]))
            return true;
    return false;
}

/* Names that a look-up adds to a set. */
struct naming {
    struct hanse_node *node;
    struct hanse_voices *voices;
    struct hanse_name_set *set;
    const char *first; /* of a list: the full name that it visited */
    size_t count;
};

static enum hanse_status add_codes(void *context, const struct hanse_item *item,
                                   const struct hanse_item_origin *from, struct hanse_error *err)
{
    (void)from;
    struct naming *naming = context;
    size_t count = 0;
    enum hanse_status status = HANSE_OK;
    if (item->record != NULL)
        status = hanse_record_count(item->record, "header.identifiers", &count, err);
    for (size_t i = 0; i < count && status == HANSE_OK; i++) {
        char code[HANSE_CODE_BYTES];
        status = hanse_record_code(item->record, i, code, err);
        if (status == HANSE_OK && code[0] != '\0')
            status = add_name(naming->voices, naming->set, code, err);
    }
    return status;
}

static enum hanse_status add_record(void *context, const struct hanse_index_record *record,
                                    struct hanse_error *err)
{
    struct naming *naming = context;
    char id[HANSE_FULL_NAME_BYTES];
    char uuid[HANSE_UUID_TEXT_BYTES];
    const char *kind = hanse_kind_name(record->kind);
    if (record->withdrawn || kind == NULL ||
        (strcmp(kind, "LocalGovernment") != 0 && strcmp(kind, "Organisation") != 0))
        return HANSE_OK;
    hanse_uuid_encode(record->record_id, uuid);
    (void)snprintf(id, sizeof id, "hanse:%s/%s", record->origin, uuid);
    return add_name(naming->voices, naming->set, id, err);
}

/* The records of all feeds that carry the code. */
static enum hanse_status add_records(struct naming *naming, const char *code, struct hanse_error *err)
{
    char scheme[HANSE_CODE_BYTES];
    const char *colon = strchr(code, ':');
    if (colon == NULL || colon == code || (size_t)(colon - code) >= sizeof scheme)
        return HANSE_OK;
    (void)snprintf(scheme, sizeof scheme, "%.*s", (int)(colon - code), code);
    return hanse_index_record_find_identifier(naming->node->index, 0, scheme, colon + 1, add_record, naming,
                                              err);
}

/* What a reference's id means under other names: the codes of the record that it names, and the records that
 * carry them or that it names as a code. */
static enum hanse_status add_meaning(struct naming *naming, const char *ref_id, struct hanse_error *err)
{
    struct hanse_error own; /* a record that is not held here is no failure */
    bool full = strncmp(ref_id, "hanse:", 6) == 0;
    enum hanse_status status = add_name(naming->voices, naming->set, ref_id, err);
    if (status != HANSE_OK)
        return status;
    if (full) {
        status = hanse_query_show(naming->node, ref_id, add_codes, naming, &own);
        if (status != HANSE_OK && status != HANSE_NOT_FOUND && status != HANSE_INVALID_ARGUMENT)
            return hanse_fail(err, status, "%s", own.message);
    }
    size_t named = naming->set->count;
    status = HANSE_OK;
    for (size_t i = 0; i < named && status == HANSE_OK; i++)
        if (strncmp(naming->set->texts[i], "hanse:", 6) != 0)
            status = add_records(naming, naming->set->texts[i], err);
    return status;
}

static enum hanse_status see_government(void *context, const struct hanse_item *item, struct hanse_error *err)
{
    struct naming *naming = context;
    if (++naming->count > 1)
        return hanse_fail(err, HANSE_CANCELLED, "more than one");
    return hanse_arena_take(&naming->voices->arena, item->id, &naming->first, err);
}

/* A feed without an owner in its profile, but with one local government, is that one's. */
static enum hanse_status find_government(struct naming *naming, const char *origin, const char **out,
                                         struct hanse_error *err)
{
    struct hanse_error own;
    struct hanse_query query = {.version = 1, .kind = "LocalGovernment", .feed = origin};
    enum hanse_status status = hanse_query_list(naming->node, &query, see_government, naming, &own);
    *out = status == HANSE_OK ? naming->first : NULL;
    return status == HANSE_OK || status == HANSE_CANCELLED ? HANSE_OK
                                                           : hanse_fail(err, status, "%s", own.message);
}

static enum hanse_status name_voice(struct hanse_node *node, struct hanse_voices *voices,
                                    struct hanse_voice *voice, struct hanse_error *err)
{
    struct naming owner = {.node = node, .voices = voices, .set = &voice->names};
    struct naming operating = {.node = node, .voices = voices, .set = &voice->holders};
    enum hanse_status status = HANSE_OK;
    voice->party = voice->owner != NULL ? voice->owner : voice->identifier;
    if (voice->party == NULL)
        status = find_government(&owner, voice->origin, &voice->party, err);
    if (status == HANSE_OK && voice->party != NULL)
        status = add_meaning(&owner, voice->party, err);
    if (status == HANSE_OK && voice->party == NULL)
        voice->party = voice->profile;
    if (status == HANSE_OK)
        status = add_name(voices, &voice->names, voice->profile, err);
    if (status == HANSE_OK && voice->custodian && voice->operator_id != NULL)
        return add_meaning(&operating, voice->operator_id, err);
    voice->holders = voice->names;
    return status;
}

enum hanse_status hanse_voices_name(struct hanse_node *node, struct hanse_voices *voices,
                                    struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < voices->count && status == HANSE_OK && !voices->named; i++)
        status = name_voice(node, voices, &voices->items[i], err);
    voices->named = status == HANSE_OK;
    return status;
}

static bool is_reference(const char *path)
{
    size_t size = strlen(path);
    return size > 3 && strcmp(path + size - 3, ".id") == 0 && strncmp(path, "header.", 7) != 0;
}

static void close_cursor(struct hanse_record_cursor **cursor)
{
    hanse_record_cursor_close(*cursor);
}

enum hanse_status hanse_record_names(const struct hanse_record *record, const struct hanse_name_set *names,
                                     bool *out, struct hanse_error *err)
{
    __attribute__((cleanup(close_cursor))) struct hanse_record_cursor *cursor = NULL;
    struct hanse_error own;
    const char *path;
    const char *value;
    bool is_text;
    bool found = false;
    enum hanse_status status = hanse_record_cursor_open(record, &cursor, err);
    while (status == HANSE_OK && !found) {
        status = hanse_record_cursor_next(cursor, &path, &value, &is_text, &own);
        if (status != HANSE_OK && status != HANSE_NOT_FOUND)
            return hanse_fail(err, status, "%s", own.message);
        found = status == HANSE_OK && is_reference(path) && hanse_name_set_has(names, value);
    }
    if (status == HANSE_OK || status == HANSE_NOT_FOUND)
        *out = found;
    return status == HANSE_NOT_FOUND ? HANSE_OK : status;
}
