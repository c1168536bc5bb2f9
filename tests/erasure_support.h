/* SPDX-License-Identifier: Apache-2.0 */
/* Publishes an ERASE entry by hand, while the payload that it names stays in the publisher's own files.
 * Included after cmocka. */
#ifndef HANSE_TESTS_ERASURE_SUPPORT_H
#define HANSE_TESTS_ERASURE_SUPPORT_H

#include "base/bytes.h"
#include "base/clock.h"
#include "log/checkpoint.h"
#include "node/files/feed_writer.h"
#include "node/files/layout.h"
#include "node/node_internal.h"
#include "wire/header.h"

#define ERASURE_MUST(call)                                                                                   \
    do {                                                                                                     \
        if ((call) != HANSE_OK)                                                                              \
            fail_msg("%s: %s", #call, error.message);                                                        \
    } while (0)

/* Appends the entry to a feed of `size` entries. */
static void erasure_append(const char *dir, uint64_t size, struct hanse_bytes header,
                           struct hanse_digest *out_root)
{
    struct hanse_error error;
    struct hanse_feed_writer writer;
    struct hanse_digest nothing;
    struct hanse_frame_entry entry = {.header = header};
    ERASURE_MUST(hanse_digest_compute(hanse_bytes_of(NULL, 0), &nothing, &error));
    memcpy(entry.commitment, nothing.bytes, sizeof entry.commitment);
    ERASURE_MUST(hanse_feed_writer_open(&writer, dir, size, false, &error));
    ERASURE_MUST(hanse_feed_writer_continue_block(&writer, &error));
    ERASURE_MUST(hanse_feed_writer_add_entries(&writer, &entry, 1, &error));
    ERASURE_MUST(hanse_feed_writer_finish(&writer, &error));
    hanse_tile_builder_root(writer.tiles.builder, out_root);
    hanse_feed_writer_release(&writer);
}

static void erasure_sign(const struct hanse_node *node, const char *dir, const char *origin,
                         const struct hanse_checkpoint *checkpoint)
{
    struct hanse_error error;
    struct hanse_path path;
    struct hanse_signing_key *key = NULL;
    struct hanse_signer signer;
    struct hanse_buffer note;
    struct hanse_buffer text;
    hanse_buffer_init(&note, HANSE_MAX_NOTE_BYTES);
    hanse_buffer_init(&text, HANSE_MAX_NOTE_BYTES);
    ERASURE_MUST(hanse_checkpoint_encode(checkpoint, &text, &error));
    ERASURE_MUST(hanse_layout_key(node->dir.text, origin, &path, &error));
    ERASURE_MUST(hanse_key_file_read(path.text, &key, &signer, &error));
    ERASURE_MUST(hanse_note_sign(hanse_buffer_view(&text), &signer, 1, &note, &error));
    ERASURE_MUST(hanse_path_format(&path, &error, "%s/checkpoint", dir));
    ERASURE_MUST(hanse_file_replace(path.text, hanse_buffer_view(&note), HANSE_MODE_PUBLIC_FILE, &error));
    hanse_signing_key_free(key);
    hanse_buffer_release(&note);
    hanse_buffer_release(&text);
}

static void publish_erasure(struct hanse_node *node, const char *origin, uint64_t erased)
{
    struct hanse_error error;
    struct hanse_path dir;
    struct hanse_buffer header;
    hanse_buffer_init(&header, 1024);
    struct hanse_index_range range = {.first = erased, .count = 1};
    struct hanse_header erase = {.operation = HANSE_OPERATION_ERASE,
                                 .published_unix_s = hanse_clock_unix_s(),
                                 .reason = 4,
                                 .erased = &range,
                                 .erased_count = 1,
                                 .erase_by_unix_s = hanse_clock_unix_s()};
    struct hanse_checkpoint checkpoint = {.origin = hanse_bytes_of_text(origin)};
    struct hanse_index_feed feed;
    ERASURE_MUST(hanse_index_feed_get(node->index, origin, &feed, &error));
    checkpoint.size = feed.size + 1;
    ERASURE_MUST(hanse_header_encode(&erase, &header, &error));
    ERASURE_MUST(hanse_node_feed_dir(node, origin, &dir, &error));
    erasure_append(dir.text, checkpoint.size - 1, hanse_buffer_view(&header), &checkpoint.root);
    erasure_sign(node, dir.text, origin, &checkpoint);
    hanse_buffer_release(&header);
}

#endif
