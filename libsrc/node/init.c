/* SPDX-License-Identifier: Apache-2.0 */
/* Making a node. */
#include <string.h>

#include <hanse/change.h>

#include "base/bytes.h"
#include "base/error.h"
#include "log/checkpoint.h"
#include "log/origin.h"
#include "node/config.h"
#include "node/feed_store.h"
#include "node/layout.h"
#include "node/node_internal.h"

static enum hanse_status make_folders(const char *dir, struct hanse_error *err)
{
    static const struct {
        const char *name;
        unsigned mode;
    } folders[] = {
        {"public/tile", HANSE_MODE_PUBLIC_DIR},      {"public/hanse/public", HANSE_MODE_PUBLIC_DIR},
        {"public/hanse/key", HANSE_MODE_PUBLIC_DIR}, {"private", HANSE_MODE_PRIVATE_DIR},
        {"private/keys", HANSE_MODE_PRIVATE_DIR},    {"private/pending", HANSE_MODE_PRIVATE_DIR},
        {"private/tls", HANSE_MODE_PRIVATE_DIR}};
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0] && status == HANSE_OK; i++) {
        struct hanse_path path;
        status = hanse_path_format(&path, err, "%s/%s", dir, folders[i].name);
        if (status == HANSE_OK)
            status = hanse_file_make_dirs(path.text, folders[i].mode, err);
    }
    return status;
}

static enum hanse_status write_empty_feed(const char *dir, const struct hanse_signer *signer,
                                          struct hanse_error *err)
{
    struct hanse_path path;
    struct hanse_buffer text __attribute__((cleanup(hanse_buffer_release)));
    struct hanse_buffer note __attribute__((cleanup(hanse_buffer_release)));
    struct hanse_buffer bytes __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&text, HANSE_MAX_NOTE_BYTES);
    hanse_buffer_init(&note, HANSE_MAX_NOTE_BYTES);
    hanse_buffer_init(&bytes, HANSE_MAX_MANIFEST_BYTES);
    struct hanse_manifest manifest = {0};
    struct hanse_checkpoint checkpoint = {.origin = hanse_bytes_of_text(signer->key.name),
                                          .root = hanse_merkle_empty_root()};
    enum hanse_status status = hanse_manifest_encode(&manifest, &bytes, err);
    if (status == HANSE_OK)
        status = hanse_path_format(&path, err, "%s/public/hanse/manifest", dir);
    if (status == HANSE_OK)
        status = hanse_file_replace(path.text, hanse_buffer_view(&bytes), HANSE_MODE_PUBLIC_FILE, err);
    if (status == HANSE_OK)
        status = hanse_checkpoint_encode(&checkpoint, &text, err);
    if (status == HANSE_OK)
        status = hanse_note_sign(hanse_buffer_view(&text), signer, 1, &note, err);
    if (status == HANSE_OK)
        status = hanse_path_format(&path, err, "%s/public/checkpoint", dir);
    return status == HANSE_OK
               ? hanse_file_replace(path.text, hanse_buffer_view(&note), HANSE_MODE_PUBLIC_FILE, err)
               : status;
}

static enum hanse_status stage_profile(const char *dir, const struct hanse_init_options *options,
                                       struct hanse_error *err)
{
    struct hanse_node *node = NULL;
    struct hanse_record *record = NULL;
    enum hanse_stage_outcome outcome;
    enum hanse_status status = hanse_node_open_unfinished(dir, &node, err);
    if (status == HANSE_OK)
        status = hanse_record_new("FeedProfile", &record, err);
    if (status == HANSE_OK)
        status = hanse_record_set(record, "feedProfile.title[+].text", options->title, err);
    if (status == HANSE_OK)
        status = hanse_record_set(record, "feedProfile.title[-].language",
                                  options->language != NULL ? options->language : "und", err);
    if (status == HANSE_OK)
        status = hanse_record_set(record, "feedProfile.custody", "CUSTODY_SELF", err);
    if (status == HANSE_OK)
        status = hanse_stage_put(node, options->origin, NULL, record, &outcome, NULL, err);
    hanse_record_free(record);
    hanse_node_close(node);
    return status;
}

static enum hanse_status remove_database(const char *dir, const char *name, struct hanse_error *err)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < sizeof endings / sizeof endings[0] && status == HANSE_OK; i++) {
        struct hanse_path path;
        status = hanse_path_format(&path, err, "%s/private/%s%s", dir, name, endings[i]);
        if (status == HANSE_OK && hanse_file_exists(path.text))
            status = hanse_file_remove(path.text, err);
    }
    return status;
}

/* The folder may hold what an init left that failed half-way, perhaps of another origin; but never a feed
 * that has been published: signing an empty one over it would be a fork. */
static enum hanse_status clear_folder(const char *dir, struct hanse_error *err)
{
    struct hanse_path public;
    enum hanse_status status = hanse_path_format(&public, err, "%s/public", dir);
    if (status != HANSE_OK)
        return status;
    HANSE_SCOPED_STORE struct hanse_feed_store store;
    status = hanse_feed_store_open(&store, public.text, err);
    if (status == HANSE_NO_MEMORY)
        return status;
    if (status != HANSE_OK || store.size > 0)
        return hanse_fail(err, HANSE_EXISTS, "a feed is there already: \"%s\"", public.text);
    status = remove_database(dir, "index.sqlite", err);
    return status == HANSE_OK ? remove_database(dir, "staging.sqlite", err) : status;
}

static enum hanse_status make_node(const char *dir, const struct hanse_init_options *options,
                                   struct hanse_error *err)
{
    struct hanse_path path;
    struct hanse_signing_key *key = NULL;
    struct hanse_signer signer;
    enum hanse_status status = clear_folder(dir, err);
    if (status == HANSE_OK)
        status = make_folders(dir, err);
    if (status == HANSE_OK)
        status = hanse_layout_key(dir, options->origin, &path, err);
    if (status == HANSE_OK) /* that of an earlier init that failed half-way is used again */
        status = hanse_key_file_provide(path.text, options->origin, &key, &signer, err);
    if (status == HANSE_OK)
        status = hanse_config_write(dir, options->origin, err);
    if (status == HANSE_OK)
        status = write_empty_feed(dir, &signer, err);
    hanse_signing_key_free(key);
    return status == HANSE_OK && options->title != NULL ? stage_profile(dir, options, err) : status;
}

enum hanse_status hanse_node_init(const char *dir, const struct hanse_init_options *options,
                                  struct hanse_error *err)
{
    if (options == NULL || options->version != HANSE_INIT_OPTIONS_VERSION || options->origin == NULL)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "options of init need a version and an origin");
    enum hanse_status status = hanse_origin_check(hanse_bytes_of_text(options->origin), err);
    if (status != HANSE_OK)
        return hanse_fail(
            err, HANSE_INVALID_ARGUMENT,
            "origin \"%.128s\" is none: use the host name that you own and a path, in lower case, such as "
            "\"yourcity.example/hanse\"",
            options->origin);
    struct hanse_path format;
    status = hanse_layout_private(dir, "format", &format, err);
    if (status == HANSE_OK && hanse_file_exists(format.text))
        return hanse_fail(err, HANSE_EXISTS, "a node is there already: \"%s\"", dir);
    if (status == HANSE_OK)
        status = make_node(dir, options, err);
    if (status == HANSE_OK)
        status = hanse_file_sync_tree(dir, err);
    /* Last: from now on it is a node, and all of it is durable. */
    return status == HANSE_OK ? hanse_file_replace(format.text, hanse_bytes_of_text(HANSE_NODE_FORMAT),
                                                   HANSE_MODE_PRIVATE_FILE, err)
                              : status;
}
