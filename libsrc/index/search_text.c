/* SPDX-License-Identifier: Apache-2.0 */
#include "index/search_text.h"

#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"

enum { NONE = 0, REPLACEMENT = 0xfffd, GROWTH = 3, SLACK = 16 };

struct range {
    uint32_t first;
    uint32_t last;
};

static bool is_within(const struct range *ranges, size_t count, uint32_t character)
{
    size_t low = 0;
    while (low < count) {
        size_t middle = low + (count - low) / 2;
        if (character > ranges[middle].last)
            low = middle + 1;
        else if (character < ranges[middle].first)
            count = middle;
        else
            return true;
    }
    return false;
}

/* Letters of scripts that are written without spaces between words, and of Hangul, whose particles cling to
 * the word: Thai, Lao, Myanmar, Khmer, Kana, Bopomofo, Han, Hangul. */
static bool is_run(uint32_t character)
{
    static const struct range ranges[] = {
        {0x0e01, 0x0e30}, {0x0e32, 0x0e33}, {0x0e40, 0x0e46},   {0x0e81, 0x0eb0},   {0x0eb2, 0x0eb3},
        {0x0ebd, 0x0ebd}, {0x0ec0, 0x0ec6}, {0x0edc, 0x0edf},   {0x1000, 0x102a},   {0x103f, 0x103f},
        {0x1780, 0x17b3}, {0x3005, 0x3007}, {0x3041, 0x3096},   {0x309d, 0x309f},   {0x30a1, 0x30fa},
        {0x30fc, 0x30ff}, {0x3105, 0x312f}, {0x31f0, 0x31ff},   {0x3400, 0x4dbf},   {0x4e00, 0x9fff},
        {0xac00, 0xd7a3}, {0xf900, 0xfaff}, {0x20000, 0x2fa1f}, {0x30000, 0x323af},
    };
    return character >= ranges[0].first && is_within(ranges, sizeof ranges / sizeof ranges[0], character);
}

/* Signs above, below and behind the letters of a run, which the tokenizer would take for the end of a word:
 * they are left out, as diacritics are. */
static bool is_mark(uint32_t character)
{
    static const struct range ranges[] = {
        {0x0e31, 0x0e31}, {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e}, {0x0eb1, 0x0eb1}, {0x0eb4, 0x0ebc},
        {0x0ec8, 0x0ece}, {0x102b, 0x103e}, {0x17b4, 0x17d3}, {0x200b, 0x200d}, {0x3099, 0x309a},
    };
    return character >= ranges[0].first && is_within(ranges, sizeof ranges / sizeof ranges[0], character);
}

/* U+FF66 to U+FF9D in full width. */
static uint32_t widen_kana(uint32_t character)
{
    static const uint16_t wide[] = {
        0x30f2, 0x30a1, 0x30a3, 0x30a5, 0x30a7, 0x30a9, 0x30e3, 0x30e5, 0x30e7, 0x30c3, 0x30fc, 0x30a2,
        0x30a4, 0x30a6, 0x30a8, 0x30aa, 0x30ab, 0x30ad, 0x30af, 0x30b1, 0x30b3, 0x30b5, 0x30b7, 0x30b9,
        0x30bb, 0x30bd, 0x30bf, 0x30c1, 0x30c4, 0x30c6, 0x30c8, 0x30ca, 0x30cb, 0x30cc, 0x30cd, 0x30ce,
        0x30cf, 0x30d2, 0x30d5, 0x30d8, 0x30db, 0x30de, 0x30df, 0x30e0, 0x30e1, 0x30e2, 0x30e4, 0x30e6,
        0x30e8, 0x30e9, 0x30ea, 0x30eb, 0x30ec, 0x30ed, 0x30ef, 0x30f3,
    };
    _Static_assert(sizeof wide / sizeof wide[0] == 0xff9d - 0xff66 + 1, "one for each");
    return wide[character - 0xff66];
}

/* What is the same to who looks for it: full-width ASCII, half-width kana, and letters that are written with
 * two where they cannot be typed. out has room for two; returns how many they are. */
static size_t fold(uint32_t character, uint32_t out[2])
{
    static const struct {
        uint16_t from;
        char to[2];
    } letters[] = {
        {0x00c6, "ae"}, {0x00df, "ss"}, {0x00e6, "ae"}, {0x0152, "oe"}, {0x0153, "oe"},
        {0x1e9e, "ss"}, {0x00d8, "o"},  {0x00f8, "o"},  {0x0110, "d"},  {0x0111, "d"},
        {0x0131, "i"},  {0x0141, "l"},  {0x0142, "l"},
    };
    out[0] = character;
    if (character >= 0xff01 && character <= 0xff5e)
        out[0] = character - 0xff01 + '!';
    else if (character >= 0xff66 && character <= 0xff9d)
        out[0] = widen_kana(character);
    else if (character == 0xff9e || character == 0xff9f)
        out[0] = character - 0xff9e + 0x3099;
    else if (character == 0x3000)
        out[0] = ' ';
    if (character < 0xc6 || character > 0x1e9e)
        return 1;
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
        if (letters[i].from != character)
            continue;
        out[0] = (uint32_t)letters[i].to[0];
        out[1] = (uint32_t)letters[i].to[1];
        return letters[i].to[1] != '\0' ? 2 : 1;
    }
    return 1;
}

/* The kana that a voicing sign (U+3099, U+309A) makes of the one before it; NONE if it makes none. */
static uint32_t compose_kana(uint32_t kana, uint32_t sign)
{
    uint32_t shift = kana >= 0x30a1 ? 0x60 : 0; /* katakana stand as hiragana do */
    uint32_t base = kana - shift;
    bool ha_row = base >= 0x306f && base <= 0x307b && (base - 0x306f) % 3 == 0;
    if (sign == 0x309a)
        return ha_row ? kana + 2 : NONE;
    bool ka_to_chi = base >= 0x304b && base <= 0x3061 && (base - 0x304b) % 2 == 0;
    bool tsu_to_to = base == 0x3064 || base == 0x3066 || base == 0x3068;
    if (base == 0x3046)
        return 0x3094 + shift;
    return ha_row || ka_to_chi || tsu_to_to ? kana + 1 : NONE;
}

uint32_t hanse_search_text_character(struct hanse_bytes text, size_t at, size_t *out_size)
{
    const uint8_t *data = text.data + at;
    size_t size = data[0] < 0x80 ? 1 : data[0] < 0xe0 ? 2 : data[0] < 0xf0 ? 3 : 4;
    *out_size = 1;
    if (size == 1)
        return data[0];
    if (data[0] < 0xc2 || size > text.size - at || hanse_utf8_check(hanse_bytes_of(data, size)) != size)
        return REPLACEMENT;
    uint32_t character = data[0] & (0x7fu >> size);
    for (size_t i = 1; i < size; i++)
        character = character << 6 | (data[i] & 0x3fu);
    *out_size = size;
    return character;
}

/* The buffers have room for all that comes. */
struct writer {
    struct hanse_buffer *out;
    struct hanse_buffer *places;
    uint32_t held; /* character of a run that waits for its neighbour; NONE: no run is open */
    uint32_t held_place;
    bool paired; /* the one that waits has been in a pair */
};

static void write_byte(struct writer *writer, uint32_t byte, uint32_t place)
{
    writer->out->data[writer->out->size++] = (uint8_t)byte;
    if (writer->places == NULL)
        return;
    memcpy(writer->places->data + writer->places->size, &place, sizeof place);
    writer->places->size += sizeof place;
}

static void write_character(struct writer *writer, uint32_t character, uint32_t place)
{
    if (character < 0x80) {
        write_byte(writer, character == '\0' ? ' ' : character, place);
    } else if (character < 0x800) {
        write_byte(writer, 0xc0 | character >> 6, place);
        write_byte(writer, 0x80 | (character & 0x3f), place);
    } else {
        if (character < 0x10000) {
            write_byte(writer, 0xe0 | character >> 12, place);
        } else {
            write_byte(writer, 0xf0 | character >> 18, place);
            write_byte(writer, 0x80 | (character >> 12 & 0x3f), place);
        }
        write_byte(writer, 0x80 | (character >> 6 & 0x3f), place);
        write_byte(writer, 0x80 | (character & 0x3f), place);
    }
}

static void add_to_run(struct writer *writer, uint32_t character, uint32_t place)
{
    if (writer->held == NONE) {
        write_byte(writer, ' ', place);
    } else {
        write_character(writer, writer->held, writer->held_place);
        write_character(writer, character, place);
        write_byte(writer, ' ', place);
    }
    writer->paired = writer->held != NONE;
    writer->held = character;
    writer->held_place = place;
}

/* The last character of a run stands alone too, or nobody who looks for it finds it. */
static void end_run(struct writer *writer, bool leave_last)
{
    if (writer->held != NONE && !leave_last) {
        write_character(writer, writer->held, writer->held_place);
        write_byte(writer, ' ', writer->held_place);
    }
    writer->held = NONE;
}

static void add_character(struct writer *writer, uint32_t character, uint32_t place)
{
    uint32_t folded[2];
    size_t count = fold(character, folded);
    if (is_run(folded[0])) {
        add_to_run(writer, folded[0], place);
        return;
    }
    if (writer->held != NONE && is_mark(folded[0]))
        return;
    end_run(writer, false);
    for (size_t i = 0; i < count; i++)
        write_character(writer, character == REPLACEMENT ? ' ' : folded[i], place);
}

/* The character at *at with a voicing sign that follows it; moves on. */
static uint32_t take_character(struct hanse_bytes text, size_t *at)
{
    size_t size;
    uint32_t folded[2];
    uint32_t character = hanse_search_text_character(text, *at, &size);
    *at += size;
    if (character < 0x3046 || character > 0xff9d || *at == text.size)
        return character;
    if (text.data[*at] != 0xe3 && text.data[*at] != 0xef) /* no sign begins so */
        return character;
    (void)fold(hanse_search_text_character(text, *at, &size), folded);
    if (folded[0] != 0x3099 && folded[0] != 0x309a)
        return character;
    uint32_t sign = folded[0];
    (void)fold(character, folded);
    uint32_t composed = folded[0] <= 0x30ff ? compose_kana(folded[0], sign) : NONE;
    if (composed == NONE)
        return character;
    *at += size;
    return composed;
}

enum hanse_status hanse_search_text_append(struct hanse_bytes text, enum hanse_search_text_role role,
                                           struct hanse_buffer *out, struct hanse_buffer *places,
                                           bool *out_open_end, struct hanse_error *err)
{
    /* A character of a run takes its own bytes twice and a space, and is the only one to take more. */
    size_t most = text.size <= UINT32_MAX / 16 ? GROWTH * text.size + SLACK : SIZE_MAX / 16;
    enum hanse_status status = hanse_buffer_reserve(out, most, err);
    if (status == HANSE_OK && places != NULL)
        status = hanse_buffer_reserve(places, most * sizeof(uint32_t), err);
    if (status != HANSE_OK)
        return status;
    struct writer writer = {.out = out, .places = places, .held = NONE};
    for (size_t at = 0; at < text.size;) {
        uint32_t place = (uint32_t)at;
        add_character(&writer, take_character(text, &at), place);
    }
    bool asked = role == HANSE_SEARCH_TEXT_ASKED;
    if (out_open_end != NULL)
        *out_open_end = asked && writer.held != NONE && !writer.paired;
    end_run(&writer, asked && writer.paired);
    write_byte(&writer, ' ', (uint32_t)text.size);
    return HANSE_OK;
}
