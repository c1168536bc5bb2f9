/* SPDX-License-Identifier: Apache-2.0 */
/* What a scripted server changes in its replies, one function a lie. They run in the server's threads:
 * nothing here may assert. */
#ifndef TESTS_HOSTILE_TWISTS_H
#define TESTS_HOSTILE_TWISTS_H

#include "hostile_lies.h"

#define TWIST(name) static inline void name(struct feed_server *server, struct feed_reply *reply)
#define NO_SERVER (void)server

static inline bool asks_checkpoint(const struct feed_reply *reply)
{
    return strcmp(reply->name, "checkpoint") == 0;
}
static inline bool asks_manifest(const struct feed_reply *reply)
{
    return strcmp(reply->name, "hanse/manifest") == 0;
}
static inline bool asks_segment(const struct feed_reply *reply)
{
    return strncmp(reply->name, "hanse/public/", 13) == 0;
}
static inline bool asks_tile(const struct feed_reply *reply)
{
    return strncmp(reply->name, "tile/", 5) == 0;
}

static inline void reply_with(struct feed_reply *reply, const struct hanse_buffer *bytes)
{
    reply->status = 200;
    reply->headers[0] = '\0';
    feed_reply_body(reply, bytes->data, bytes->size);
}

static inline void reply_status(struct feed_reply *reply, int status, const char *headers)
{
    reply->status = status;
    hanse_buffer_clear(&reply->body);
    reply->claimed_length = 0;
    (void)snprintf(reply->headers, sizeof reply->headers, "%s", headers);
}

/* The same file of another history. */
static inline void reply_from(const char *history, struct feed_reply *reply)
{
    char folder[256];
    (void)snprintf(folder, sizeof folder, "%s/%s/public", world.dir, history);
    feed_reply_honestly(folder, reply);
}

/* --- checkpoints --- */

TWIST(page_for_checkpoint)
{
    NO_SERVER;
    static const char page[] = "<html>Please sign in</html>\n";
    if (asks_checkpoint(reply))
        feed_reply_body(reply, page, sizeof page - 1);
}
TWIST(empty_checkpoint)
{
    NO_SERVER;
    if (asks_checkpoint(reply))
        feed_reply_body(reply, "", 0);
}
#define CHECKPOINT_TWIST(twist, buffer)                                                                      \
    TWIST(twist)                                                                                             \
    {                                                                                                        \
        NO_SERVER;                                                                                           \
        if (asks_checkpoint(reply))                                                                          \
            reply_with(reply, &lies.buffer);                                                                 \
    }
CHECKPOINT_TWIST(extension_lines, extension)
CHECKPOINT_TWIST(not_utf8, not_text)
CHECKPOINT_TWIST(too_many_signatures, signatures)
CHECKPOINT_TWIST(root_of_nothing, zero_root)
CHECKPOINT_TWIST(vast_size, vast)
CHECKPOINT_TWIST(another_key, stranger)

TWIST(huge_checkpoint)
{
    NO_SERVER;
    if (!asks_checkpoint(reply))
        return;
    for (unsigned i = 0; i < 2000; i++)
        (void)!hanse_buffer_append(&reply->body,
                                   hanse_bytes_of_text("0123456789abcdef0123456789abcdef0123\n"), NULL);
    reply->claimed_length = reply->body.size;
}
TWIST(endless_checkpoint)
{
    NO_SERVER;
    if (!asks_checkpoint(reply))
        return;
    reply->claimed_length = UINT64_C(1) << 40;
    reply->then = FEED_ENDLESS;
}
TWIST(garbage_chain)
{
    NO_SERVER;
    if (asks_checkpoint(reply))
        reply_with(reply, &lies.stranger);
    if (strcmp(reply->name, "hanse/key/1") == 0)
        reply_with(reply, &lies.lying);
}
TWIST(weak_key_chain)
{
    NO_SERVER;
    if (asks_checkpoint(reply))
        reply_with(reply, &lies.stranger);
    if (strcmp(reply->name, "hanse/key/1") == 0)
        reply_with(reply, &lies.weak_chain);
}
TWIST(cache_behind)
{
    NO_SERVER;
    if (asks_checkpoint(reply) && !reply->no_cache)
        reply_from("city6", reply);
}
TWIST(always_unchanged)
{
    NO_SERVER;
    if (asks_checkpoint(reply))
        reply_status(reply, 304, "");
}

/* --- tiles --- */

TWIST(no_tiles)
{
    NO_SERVER;
    if (asks_tile(reply))
        reply_status(reply, 404, "");
}
TWIST(tiles_of_another)
{
    NO_SERVER;
    if (asks_tile(reply))
        reply_from("other", reply);
    if (asks_tile(reply) && reply->status != 200) {
        reply->status = 200;
        for (unsigned i = 0; i < 14 * 32; i++)
            (void)!hanse_buffer_append_u8(&reply->body, (uint8_t)i, NULL);
        reply->claimed_length = reply->body.size;
    }
}
TWIST(endless_tiles)
{
    NO_SERVER;
    if (asks_tile(reply)) {
        reply->then = FEED_ENDLESS;
        reply->claimed_length = UINT64_C(1) << 40;
    }
}

/* --- entries --- */

TWIST(flipped_bit)
{
    NO_SERVER;
    if (asks_segment(reply) && reply->body.size > 40)
        reply->body.data[reply->body.size - 20] ^= 0x10;
}
TWIST(cut_segment)
{
    NO_SERVER;
    if (!asks_segment(reply) || reply->body.size < 30)
        return;
    reply->body.size -= 30;
    reply->claimed_length -= 30;
    reply->status = reply->has_range ? 206 : 200;
    if (reply->has_range)
        (void)snprintf(reply->headers, sizeof reply->headers, "Content-Range: bytes %llu-%llu/%llu\r\n",
                       (unsigned long long)reply->offset,
                       (unsigned long long)(reply->offset + reply->body.size - 1),
                       (unsigned long long)(reply->offset + reply->body.size));
}
TWIST(no_segments)
{
    NO_SERVER;
    if (asks_segment(reply))
        reply_status(reply, 404, "");
}
TWIST(no_manifest)
{
    NO_SERVER;
    if (!asks_checkpoint(reply))
        reply_status(reply, 404, "");
}
TWIST(empty_segments)
{
    NO_SERVER;
    if (asks_segment(reply))
        reply_status(reply, 200, "");
}
TWIST(endless_segment)
{
    NO_SERVER;
    if (asks_segment(reply)) {
        feed_reply_whole(server->folder, reply);
        reply->then = FEED_ENDLESS;
        reply->claimed_length = UINT64_C(1) << 40;
    }
}
#define SEGMENT_TWIST(twist, buffer)                                                                         \
    TWIST(twist)                                                                                             \
    {                                                                                                        \
        NO_SERVER;                                                                                           \
        if (asks_segment(reply))                                                                             \
            reply_with(reply, &lies.buffer);                                                                 \
    }
SEGMENT_TWIST(zip_bomb, bomb)
SEGMENT_TWIST(lying_frame, lying)

TWIST(segments_of_another)
{
    NO_SERVER;
    if (!asks_checkpoint(reply))
        reply_from("other", reply);
}
TWIST(everything_of_another)
{
    NO_SERVER;
    reply_from("other", reply);
}
/* The honest checkpoint and tiles over the entries of a fork. */
TWIST(entries_of_fork)
{
    NO_SERVER;
    if (asks_segment(reply) || asks_manifest(reply))
        reply_from("fork14", reply);
}
/* Too little to be judged: it is kept for the next sync, which must not blame the next server. */
TWIST(parts_of_fork)
{
    NO_SERVER;
    if (asks_segment(reply)) {
        reply_from("fork9", reply);
        reply->claimed_length += 1000;
        reply->headers[0] = '\0';
        (void)snprintf(reply->headers, sizeof reply->headers, "Content-Range: bytes %llu-%llu/*\r\n",
                       (unsigned long long)reply->offset,
                       (unsigned long long)(reply->offset + reply->claimed_length - 1));
        reply->then = FEED_BREAK;
    }
}
TWIST(old_entries)
{
    NO_SERVER;
    if (!asks_checkpoint(reply))
        reply_from("city12", reply);
}
/* A crash of the origin: 14 are signed, then a cache of the time before is asked for everything else. */
#define MANIFEST_TWIST(twist, buffer)                                                                        \
    TWIST(twist)                                                                                             \
    {                                                                                                        \
        NO_SERVER;                                                                                           \
        if (asks_manifest(reply))                                                                            \
            reply_with(reply, &lies.buffer);                                                                 \
        else if (!asks_checkpoint(reply))                                                                    \
            reply_status(reply, 404, "");                                                                    \
    }
MANIFEST_TWIST(manifest_without_file, missing_manifest)
MANIFEST_TWIST(manifest_that_overlaps, overlapping_manifest)
MANIFEST_TWIST(manifest_of_vast_blocks, vast_manifest)
TWIST(manifest_of_empty_segments)
{
    NO_SERVER;
    if (asks_manifest(reply))
        reply_with(reply, &lies.many_manifest);
    else if (asks_segment(reply))
        reply_status(reply, 200, "");
}
TWIST(manifest_in_disorder)
{
    NO_SERVER;
    if (asks_segment(reply))
        reply_status(reply, 404, "");
    if (asks_manifest(reply) && reply->body.size > 4)
        reply->body.data[1] = 2;
}
TWIST(endless_manifest)
{
    NO_SERVER;
    if (asks_segment(reply))
        reply_status(reply, 404, "");
    if (asks_manifest(reply)) {
        reply->then = FEED_ENDLESS;
        reply->claimed_length = UINT64_C(1) << 40;
    }
}

/* --- HTTP --- */

TWIST(range_elsewhere)
{
    NO_SERVER;
    if (asks_segment(reply) && reply->has_range)
        (void)snprintf(reply->headers, sizeof reply->headers, "Content-Range: bytes 1-%zu/%zu\r\n",
                       reply->body.size, reply->body.size + 1);
}
TWIST(range_unnamed)
{
    NO_SERVER;
    if (asks_segment(reply))
        reply->headers[0] = '\0';
}
TWIST(whole_for_part)
{
    if (asks_segment(reply))
        feed_reply_whole(server->folder, reply);
}
TWIST(part_for_whole)
{
    NO_SERVER;
    if (!asks_checkpoint(reply))
        return;
    reply->status = 206;
    (void)snprintf(reply->headers, sizeof reply->headers, "Content-Range: bytes 0-%zu/%zu\r\n",
                   reply->body.size - 1, reply->body.size);
}
TWIST(length_too_long)
{
    NO_SERVER;
    if (asks_segment(reply)) {
        feed_reply_whole(server->folder, reply);
        reply->body.size -= reply->body.size > 30 ? 30 : 0;
    }
}
TWIST(length_too_short)
{
    NO_SERVER;
    if (asks_segment(reply)) {
        feed_reply_whole(server->folder, reply);
        reply->claimed_length -= reply->claimed_length > 30 ? 30 : 0;
    }
}
TWIST(length_missing)
{
    NO_SERVER;
    reply->has_length = false;
}
TWIST(compressed_unasked)
{
    NO_SERVER;
    (void)snprintf(reply->headers, sizeof reply->headers, "Content-Encoding: gzip\r\n");
}
#define STATUS_TWIST(twist, asked, number, headers)                                                          \
    TWIST(twist)                                                                                             \
    {                                                                                                        \
        NO_SERVER;                                                                                           \
        if (asked(reply))                                                                                    \
            reply_status(reply, number, headers);                                                            \
    }
STATUS_TWIST(redirect_for_ever, asks_checkpoint, 301, "Location: https://elsewhere.example/\r\n")
STATUS_TWIST(redirect_of_segments, asks_segment, 302, "Location: https://elsewhere.example/\r\n")
STATUS_TWIST(always_past_end, asks_segment, 416, "Content-Range: bytes */10\r\n")
STATUS_TWIST(too_many_requests, asks_checkpoint, 429, "Retry-After: 86400\r\n")
STATUS_TWIST(broken_server, asks_checkpoint, 500, "")
STATUS_TWIST(busy_server, asks_segment, 503, "Retry-After: 86400\r\n")
STATUS_TWIST(forbidden, asks_checkpoint, 403, "")
STATUS_TWIST(gone, asks_checkpoint, 404, "")
STATUS_TWIST(no_content, asks_checkpoint, 204, "")

/* --- time and connections --- */

TWIST(stalls_before_headers)
{
    NO_SERVER;
    reply->before_headers = true;
    reply->then = FEED_STALL;
}
TWIST(stalls_inside_segment)
{
    NO_SERVER;
    if (asks_segment(reply)) {
        reply->sent_bytes = 50;
        reply->then = FEED_STALL;
    }
}
/* Under the least rate. */
TWIST(drips)
{
    NO_SERVER;
    reply->drip_bytes = 1;
    reply->drip_ms = 40;
}
/* Over it: only the time for the whole feed ends this. */
TWIST(drips_on)
{
    NO_SERVER;
    reply->drip_bytes = 20;
    reply->drip_ms = 40;
    reply->then = FEED_ENDLESS;
    reply->claimed_length = 60000;
}
TWIST(resets_before_headers)
{
    NO_SERVER;
    reply->before_headers = true;
    reply->then = FEED_RESET;
}
TWIST(endless_headers)
{
    NO_SERVER;
    reply->endless_headers = true;
}
/* Content-Range is what was asked, the body is shorter, and Content-Length agrees with it. */
TWIST(range_longer_than_body)
{
    NO_SERVER;
    if (asks_segment(reply) && reply->has_range && reply->status == 206) {
        reply->body.size /= 2;
        reply->claimed_length = reply->body.size;
    }
}
TWIST(breaks_inside_headers)
{
    NO_SERVER;
    reply->inside_headers = true;
    reply->then = FEED_BREAK;
}
TWIST(breaks_inside_checkpoint)
{
    NO_SERVER;
    reply->sent_bytes = 30;
    reply->then = FEED_BREAK;
}
TWIST(breaks_inside_segment)
{
    NO_SERVER;
    if (asks_segment(reply)) {
        reply->sent_bytes = 300;
        reply->then = FEED_BREAK;
    }
}

#endif
