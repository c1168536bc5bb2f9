/* SPDX-License-Identifier: Apache-2.0 */
#include "node/files/segment_list.h"

#include <string.h>

#include "base/alloc.h"
#include "base/checked.h"
#include "base/error.h"
#include "base/file.h"
#include "crypto/random.h"

/* Room for one more element in an array whose capacity is the next power of two of its count. */
static void *grow(void *array, size_t count, size_t element_size, struct hanse_error *err)
{
    bool full = count == 0 || (count & (count - 1)) == 0;
    if (!full)
        return array;
    size_t bytes;
    bool fits = hanse_mul_size(count == 0 ? 1 : 2 * count, element_size, &bytes);
    void *grown = fits ? hanse_realloc(array, bytes) : NULL;
    if (grown == NULL)
        (void)hanse_fail_memory(err);
    return grown;
}

enum hanse_status hanse_segment_renew(struct hanse_segment *segment, struct hanse_error *err)
{
    uint8_t bytes[sizeof segment->generation];
    enum hanse_status status = hanse_random_fill(bytes, sizeof bytes, err);
    if (status == HANSE_OK)
        memcpy(&segment->generation, bytes, sizeof bytes);
    return status;
}

void hanse_segment_list_release(struct hanse_segment_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        hanse_free(list->items[i].blocks);
    hanse_free(list->items);
    *list = (struct hanse_segment_list){0};
}

enum hanse_status hanse_segment_list_add(struct hanse_segment_list *list, struct hanse_segment segment,
                                         struct hanse_error *err)
{
    struct hanse_segment *items = grow(list->items, list->count, sizeof *items, err);
    if (items == NULL)
        return HANSE_NO_MEMORY;
    segment.blocks = NULL;
    segment.block_count = 0;
    list->items = items;
    items[list->count++] = segment;
    return HANSE_OK;
}

enum hanse_status hanse_segment_add_block(struct hanse_segment *segment, struct hanse_error *err)
{
    struct hanse_block *blocks = grow(segment->blocks, segment->block_count, sizeof *blocks, err);
    if (blocks == NULL)
        return HANSE_NO_MEMORY;
    segment->blocks = blocks;
    blocks[segment->block_count++] =
        (struct hanse_block){.entries_before = segment->entries, .offset = segment->bytes};
    return HANSE_OK;
}

enum hanse_status hanse_segment_list_copy(struct hanse_segment_list *list, const struct hanse_manifest *from,
                                          uint64_t size, struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < from->segment_count && status == HANSE_OK; i++) {
        const struct hanse_segment *source = &from->segments[i];
        if (source->first_index >= size)
            break;
        status = hanse_segment_list_add(list, *source, err);
        struct hanse_segment *copy = hanse_segment_list_last(list);
        for (size_t k = 0; k < source->block_count && status == HANSE_OK; k++) {
            if (source->first_index + source->blocks[k].entries_before >= size)
                break;
            status = hanse_segment_add_block(copy, err);
            if (status == HANSE_OK)
                copy->blocks[k] = source->blocks[k];
        }
    }
    return status;
}

struct hanse_segment *hanse_segment_list_last(struct hanse_segment_list *list)
{
    return list->count > 0 ? &list->items[list->count - 1] : NULL;
}

struct hanse_manifest hanse_segment_list_manifest(const struct hanse_segment_list *list)
{
    return (struct hanse_manifest){.segments = list->items, .segment_count = list->count};
}

enum hanse_status hanse_segment_list_write(const struct hanse_segment_list *list, const char *dir,
                                           struct hanse_error *err)
{
    struct hanse_path path;
    struct hanse_buffer bytes __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&bytes, HANSE_MAX_MANIFEST_BYTES);
    struct hanse_manifest manifest = hanse_segment_list_manifest(list);
    enum hanse_status status = hanse_manifest_encode(&manifest, &bytes, err);
    if (status == HANSE_OK)
        status = hanse_path_format(&path, err, "%s/hanse/manifest", dir);
    return status == HANSE_OK
               ? hanse_file_replace(path.text, hanse_buffer_view(&bytes), HANSE_MODE_PUBLIC_FILE, err)
               : status;
}
