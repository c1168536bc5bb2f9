/* SPDX-License-Identifier: Apache-2.0 */
/* A city's feed in several histories, made through the public interface with real keys, and a node that
 * follows it from a scripted server. Histories are copies of the node's folder: what a backup, a clone or a
 * thief has. */
#ifndef TESTS_HOSTILE_WORLD_H
#define TESTS_HOSTILE_WORLD_H

#include "feed_server.h"

#include <hanse/change.h>
#include <hanse/sync.h>
#include <hanse/verify.h>

#include "crypto/digest.h"
#include "log/checkpoint.h"
#include "log/fork_evidence.h"
#include "node/files/layout.h"
#include "node/node_internal.h"

#define CITY_ORIGIN "city.example/hanse"

struct world {
    char dir[64];
    struct tls_identity valid;
    struct tls_identity expired;
    struct tls_identity other;
    struct feed_server server;
    char *vkey;
    struct hanse_signing_key *signing_key;
    struct hanse_signer signer;
    unsigned works; /* followers made so far */
    /* Of the newest sync. */
    struct hanse_sync_result result;
    char message[HANSE_ERROR_MESSAGE_BYTES];
    unsigned results;
    struct hanse_sync_options options; /* of the next syncs */
};

static struct world world;

static inline void world_fail(const char *what, const struct hanse_error *err)
{
    fail_msg("%s: %s: %s", what, hanse_status_name(err->status), err->message);
}
#define WORLD_OK(call)                                                                                       \
    do {                                                                                                     \
        struct hanse_error err = {0};                                                                        \
        if ((call) != HANSE_OK)                                                                              \
            world_fail(#call, &err);                                                                         \
    } while (0)

/* The path of something in the test's folder; eight of them live at once. */
static inline const char *world_path(const char *format, ...) __attribute__((format(printf, 1, 2)));
static inline const char *world_path(const char *format, ...)
{
    static char paths[8][512];
    static unsigned next;
    char *path = paths[next++ % 8];
    va_list arguments;
    va_start(arguments, format);
    int size = snprintf(path, sizeof paths[0], "%s/", world.dir);
    (void)vsnprintf(path + size, sizeof paths[0] - (size_t)size, format, arguments);
    va_end(arguments);
    return path;
}

static inline void world_copy(const char *from, const char *to)
{
    char command[1200];
    (void)snprintf(command, sizeof command, "cp -a '%s' '%s'", world_path("%s", from), world_path("%s", to));
    assert_int_equal(system(command), 0);
}

/* Copies of a node publish here as if on machines of their own: what is known outside of them is forgotten.
 */
static inline void world_forget_outside(void)
{
    char command[256];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", world_path("state"));
    assert_int_equal(system(command), 0);
}

static inline struct hanse_node *world_open(const char *name)
{
    struct hanse_node *node = NULL;
    WORLD_OK(hanse_node_open(world_path("%s", name), &node, &err));
    return node;
}

static inline void world_stage(struct hanse_node *node, const char *tag, unsigned number)
{
    char json[512];
    struct hanse_record *record = NULL;
    enum hanse_stage_outcome outcome;
    char *id = NULL;
    int size = snprintf(
        json, sizeof json,
        "{\"header\":{\"identifiers\":[{\"scheme\":\"ORGID\",\"value\":\"XX-%s-%u\",\"primary\":true}],"
        "\"languages\":[\"en\"]},\"organisation\":{\"name\":[{\"text\":\"Office %u of %s\","
        "\"language\":\"en\"}],\"kind\":\"ORGANISATION_KIND_NETWORK_SECRETARIAT\",\"country\":\"JP\"}}",
        tag, number, number, tag);
    WORLD_OK(hanse_record_from_json(hanse_bytes_of(json, (size_t)size), &record, &err));
    WORLD_OK(hanse_stage_put(node, NULL, NULL, record, &outcome, &id, &err));
    assert_int_equal(outcome, HANSE_STAGED);
    hanse_record_free(record);
    hanse_free(id);
}

/* Publishes so many more records; returns the size after. */
static inline uint64_t world_publish(const char *name, const char *tag, unsigned records)
{
    world_forget_outside();
    struct hanse_node *node = world_open(name);
    struct hanse_publish_options options = {.version = 1, .offline = true};
    struct hanse_publish_result result = {0};
    for (unsigned i = 0; i < records; i++)
        world_stage(node, tag, i);
    WORLD_OK(hanse_publish(node, &options, &result, &err));
    hanse_node_close(node);
    return result.new_size;
}

static inline void world_init_node(const char *name, const char *origin)
{
    struct hanse_init_options options = {.version = HANSE_INIT_OPTIONS_VERSION, .origin = origin};
    WORLD_OK(hanse_node_init(world_path("%s", name), &options, &err));
}

static inline void world_follow_url(struct hanse_node *node, const char *url, const char *pin,
                                    const char *cacert)
{
    struct hanse_follow_options options = {
        .version = 1, .url = url, .verifier_key = world.vkey, .name = "city", .pin = pin, .cacert = cacert};
    WORLD_OK(hanse_feed_follow(node, &options, &err));
}

static inline void world_take_result(void *context, const struct hanse_sync_result *result)
{
    (void)context;
    world.result = *result;
    world.results++;
    (void)snprintf(world.message, sizeof world.message, "%s", result->message);
    world.result.message = world.message;
}

static inline enum hanse_sync_outcome world_sync(struct hanse_node *node)
{
    struct hanse_sync_options options = world.options;
    options.version = 1;
    options.visit = options.visit != NULL ? options.visit : world_take_result;
    world.results = 0;
    WORLD_OK(hanse_sync(node, &options, &err));
    return world.result.outcome;
}

/* A history is served as the city's folder. */
static inline void world_serve(const char *name, feed_twist *twist)
{
    feed_server_script(&world.server, world_path("%s/public", name), twist, FEED_BREAK_NOT);
}

/* A follower that holds what `history` had; `name` is the folder of a template. */
static inline void world_make_follower(const char *name, const char *history)
{
    world_init_node(name, "follower.example/hanse");
    struct hanse_node *node = world_open(name);
    world_follow_url(node, world.server.url, world.valid.pin, NULL);
    if (history != NULL) {
        world_serve(history, NULL);
        assert_int_equal(world_sync(node), HANSE_SYNC_UPDATED);
    }
    hanse_node_close(node);
}

/* A copy of a template, open; *out_name gets its folder's name. */
static inline struct hanse_node *world_follower(const char *template, char out_name[32])
{
    (void)snprintf(out_name, 32, "work-%u", world.works++);
    world_copy(template, out_name);
    return world_open(out_name);
}

static inline void world_key(void)
{
    struct hanse_node *node = world_open("city");
    struct hanse_path path;
    WORLD_OK(hanse_node_verifier_key(node, CITY_ORIGIN, &world.vkey, &err));
    WORLD_OK(hanse_layout_key(world_path("city"), CITY_ORIGIN, &path, &err));
    WORLD_OK(hanse_key_file_read(path.text, &world.signing_key, &world.signer, &err));
    hanse_node_close(node);
}

/* Histories: city6 is the beginning of city12, which is that of city14; fork9, fork12 and fork14 share six
 * entries with them. Followers hold 0, 6 and 12 entries. */
static inline int world_set_up(void **state)
{
    (void)state;
    world = (struct world){.options = {.stall_timeout_s = 1, .attempts = 1}};
    forget_proxies();
    bool memory = access("/dev/shm", W_OK) == 0;
    (void)snprintf(world.dir, sizeof world.dir, "%s/hanse-test-XXXXXX", memory ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(world.dir));
    assert_int_equal(setenv("XDG_STATE_HOME", world_path("state"), 1), 0);
    tls_identity_make_valid(&world.valid, "127.0.0.1");
    tls_identity_make(&world.expired, "127.0.0.1", 1577836800, 1609459200);
    tls_identity_make_valid(&world.other, "127.0.0.1");
    feed_server_start(&world.server, &world.valid);
    world_init_node("city", CITY_ORIGIN);
    world_key();
    assert_int_equal(world_publish("city", "A", 5), 6);
    static const struct {
        const char *name;
        unsigned records;
    } forks[] = {{"fork9", 3}, {"fork12", 6}, {"fork14", 8}};
    world_copy("city", "city6");
    for (size_t i = 0; i < sizeof forks / sizeof forks[0]; i++) {
        world_copy("city6", forks[i].name);
        assert_int_equal(world_publish(forks[i].name, forks[i].name, forks[i].records), 6 + forks[i].records);
    }
    assert_int_equal(world_publish("city", "B", 3), 9);
    assert_int_equal(world_publish("city", "C", 3), 12);
    world_copy("city", "city12");
    assert_int_equal(world_publish("city", "D", 2), 14);
    assert_int_equal(rename(world_path("city"), world_path("city14")), 0);
    world_make_follower("follower0", NULL);
    world_make_follower("follower6", "city6");
    world_make_follower("follower12", "city12");
    return 0;
}

static inline int world_tear_down(void **state)
{
    (void)state;
    feed_server_stop(&world.server);
    tls_identity_release(&world.valid);
    tls_identity_release(&world.expired);
    tls_identity_release(&world.other);
    hanse_signing_key_free(world.signing_key);
    hanse_free(world.vkey);
    remove_folder(world.dir);
    return 0;
}

/* Everything that a follower knows and holds, but for when it last tried and what it was told then. */
struct world_digest {
    struct hanse_buffer text;
};

static inline void digest_text(struct hanse_buffer *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static inline void digest_text(struct hanse_buffer *out, const char *format, ...)
{
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    assert_true(size >= 0 && (size_t)size < sizeof line);
    assert_int_equal(hanse_buffer_append(out, hanse_bytes_of(line, (size_t)size), NULL), HANSE_OK);
}

static inline void digest_hex(struct hanse_buffer *out, struct hanse_bytes bytes)
{
    struct hanse_digest digest;
    assert_int_equal(hanse_digest_compute(bytes, &digest, NULL), HANSE_OK);
    for (size_t i = 0; i < 8; i++)
        digest_text(out, "%02x", digest.bytes[i]);
    digest_text(out, "\n");
}

struct digest_place {
    struct hanse_buffer *out;
    const char *dir;
    const struct hanse_manifest *covered; /* of segments, only its bytes count, and of files, only those that
                                           * the template has */
};

/* Bytes of a segment file that count; SIZE_MAX: none, nor its name. */
static inline size_t digest_end(const struct digest_place *place, const char *name, size_t size)
{
    bool named = place->covered == NULL;
    for (size_t i = 0; place->covered != NULL && i < place->covered->segment_count; i++) {
        struct hanse_path segment;
        const struct hanse_segment *of = &place->covered->segments[i];
        assert_int_equal(hanse_layout_segment_name(of->first_index, of->generation, &segment, NULL),
                         HANSE_OK);
        if (strcmp(strrchr(segment.text, '/') + 1, name) == 0 && of->bytes < size)
            return (size_t)of->bytes;
        named = named || strcmp(strrchr(segment.text, '/') + 1, name) == 0;
    }
    return named || strstr(place->dir, "/hanse/public") == NULL ? size : SIZE_MAX;
}

static inline enum hanse_status digest_file(void *context, const char *name, bool is_dir,
                                            struct hanse_error *err)
{
    const struct digest_place *place = context;
    bool changes = strncmp(name, "index.sqlite", 12) == 0 || strncmp(name, "staging.sqlite", 14) == 0 ||
                   strcmp(name, "lock") == 0 || strcmp(name, "evidence") == 0 || strcmp(name, "partial") == 0;
    struct hanse_path path;
    enum hanse_status status = hanse_path_format(&path, err, "%s/%s", place->dir, name);
    if (changes || status != HANSE_OK)
        return status;
    struct digest_place below = {place->out, path.text, place->covered};
    if (is_dir)
        return hanse_file_list(path.text, digest_file, &below, err);
    struct hanse_buffer content;
    hanse_buffer_init(&content, HANSE_MAX_SEGMENT_BYTES);
    assert_int_equal(hanse_file_read(path.text, HANSE_MAX_SEGMENT_BYTES, &content, NULL), HANSE_OK);
    size_t end = digest_end(place, name, content.size);
    content.size = end != SIZE_MAX ? end : 0;
    if (end != SIZE_MAX) {
        digest_text(place->out, "%s %zu ", path.text, content.size);
        digest_hex(place->out, hanse_buffer_view(&content));
    }
    hanse_buffer_release(&content);
    return HANSE_OK;
}

static inline enum hanse_status digest_record(void *context, const struct hanse_index_record *record,
                                              struct hanse_error *err)
{
    (void)err;
    digest_text(context, "%s %llu %llu %u ", record->origin, (unsigned long long)record->revision,
                (unsigned long long)record->entry_index, record->payload_state);
    digest_hex(context, hanse_bytes_of(record->record_id, 16));
    return HANSE_OK;
}

static inline void digest_index(struct hanse_node *node, struct hanse_buffer *out)
{
    HANSE_SCOPED_ROW struct hanse_feed_row row;
    struct hanse_index_counts counts;
    struct hanse_index_filter filter = {.withdrawn_too = true};
    WORLD_OK(hanse_feed_row_get(node, CITY_ORIGIN, &row, &err));
    WORLD_OK(hanse_index_count(node->index, row.feed.id, &counts, &err));
    digest_text(out, "size %llu etag %s segment %s %llu success %llu counts %llu %llu %llu %llu %llu\n",
                (unsigned long long)row.feed.size, row.feed.etag != NULL ? row.feed.etag : "",
                row.feed.remote_segment != NULL ? row.feed.remote_segment : "",
                (unsigned long long)row.feed.remote_offset, (unsigned long long)row.feed.last_success_unix_s,
                (unsigned long long)counts.entries, (unsigned long long)counts.payloads,
                (unsigned long long)counts.withheld, (unsigned long long)counts.missing,
                (unsigned long long)counts.records);
    digest_hex(out, row.feed.state);
    digest_hex(out, hanse_bytes_of(row.feed.root, 32));
    digest_hex(out, hanse_bytes_of(row.feed.key, 33));
    WORLD_OK(hanse_index_record_list(node->index, &filter, digest_record, out, &err));
}

/* `covered_only`: provisional bytes behind what the checkpoint covers do not count. */
static inline void world_digest(struct hanse_node *node, bool covered_only, struct hanse_buffer *out)
{
    struct hanse_path dir;
    HANSE_SCOPED_STORE struct hanse_feed_store store;
    WORLD_OK(hanse_node_feed_dir(node, CITY_ORIGIN, &dir, &err));
    WORLD_OK(hanse_feed_store_open(&store, dir.text, &err));
    struct digest_place place = {out, hanse_node_dir(node), covered_only ? &store.manifest : NULL};
    hanse_buffer_clear(out);
    digest_index(node, out);
    assert_int_equal(hanse_file_list(place.dir, digest_file, &place, NULL), HANSE_OK);
}

static inline void world_verify(struct hanse_node *node, const char *when)
{
    struct hanse_verify_options options = {.version = 1};
    struct hanse_error err = {0};
    if (hanse_verify_node(node, NULL, &options, &err) != HANSE_OK)
        fail_msg("%s, the follower does not verify: %s", when, err.message);
}

/* Whether a follower keeps evidence of a fork; it must be judged to be so. */
static inline bool world_proves_fork(const struct hanse_node *node)
{
    struct hanse_path path;
    char hex[HANSE_ORIGIN_HEX_BYTES];
    struct hanse_buffer text;
    struct hanse_fork_evidence evidence;
    struct hanse_verifier_key key;
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 1 << 20);
    hanse_buffer_init(&text, 1 << 18);
    WORLD_OK(hanse_layout_origin_hex(CITY_ORIGIN, hex, &err));
    WORLD_OK(hanse_path_format(&path, &err, "%s/private/evidence/%s", hanse_node_dir(node), hex));
    if (!hanse_file_exists(path.text))
        return false;
    WORLD_OK(hanse_verifier_key_decode(hanse_bytes_of_text(world.vkey), &key, &err));
    WORLD_OK(hanse_file_read(path.text, 1 << 18, &text, &err));
    WORLD_OK(hanse_fork_evidence_decode(hanse_buffer_view(&text), &arena, &evidence, &err));
    WORLD_OK(hanse_fork_evidence_judge(&evidence, &key, 1, &err));
    hanse_buffer_release(&text);
    return true;
}

/* A checkpoint's note with the city's own signature over any text. */
static inline void world_sign(const char *text, struct hanse_buffer *out)
{
    hanse_buffer_clear(out);
    WORLD_OK(hanse_note_sign(hanse_bytes_of_text(text), &world.signer, 1, out, &err));
}

#endif
