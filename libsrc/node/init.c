/* SPDX-License-Identifier: Apache-2.0 */
/* Making a node. */
#include <string.h>

#include <hanse/change.h>

#include "base/bytes.h"
#include "base/error.h"
#include "log/checkpoint.h"
#include "log/origin.h"
#include "node/config.h"
#include "node/files/feed_writer.h"
#include "node/files/layout.h"
#include "node/node_internal.h"
#include "record/rule.h"

static enum hanse_status make_folders(const char *dir, struct hanse_error *err)
{
    static const struct {
        const char *name;
        unsigned mode;
    } folders[] = {{"private", HANSE_MODE_PRIVATE_DIR},
                   {"private/keys", HANSE_MODE_PRIVATE_DIR},
                   {"private/pending", HANSE_MODE_PRIVATE_DIR},
                   {"private/tls", HANSE_MODE_PRIVATE_DIR}};
    struct hanse_path public;
    enum hanse_status status = hanse_path_format(&public, err, "%s/public", dir);
    if (status == HANSE_OK)
        status = hanse_feed_make_folders(public.text, err);
    for (size_t i = 0; i < sizeof folders / sizeof folders[0] && status == HANSE_OK; i++) {
        struct hanse_path path;
        status = hanse_path_format(&path, err, "%s/%s", dir, folders[i].name);
        if (status == HANSE_OK)
            status = hanse_file_make_dirs(path.text, folders[i].mode, err);
    }
    return status;
}

/* The manifest and the signed checkpoint of a feed without entries in its folder. */
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
        status = hanse_path_format(&path, err, "%s/hanse/manifest", dir);
    if (status == HANSE_OK)
        status = hanse_file_replace(path.text, hanse_buffer_view(&bytes), HANSE_MODE_PUBLIC_FILE, err);
    if (status == HANSE_OK)
        status = hanse_checkpoint_encode(&checkpoint, &text, err);
    if (status == HANSE_OK)
        status = hanse_note_sign(hanse_buffer_view(&text), signer, 1, &note, err);
    if (status == HANSE_OK)
        status = hanse_path_format(&path, err, "%s/checkpoint", dir);
    return status == HANSE_OK
               ? hanse_file_replace(path.text, hanse_buffer_view(&note), HANSE_MODE_PUBLIC_FILE, err)
               : status;
}

static enum hanse_status stage_profile(struct hanse_node *node, const struct hanse_init_options *options,
                                       struct hanse_error *err)
{
    struct hanse_record *record = NULL;
    enum hanse_stage_outcome outcome;
    enum hanse_status status = hanse_record_new("FeedProfile", &record, err);
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
    return status;
}

static enum hanse_status stage_first_profile(const char *dir, const struct hanse_init_options *options,
                                             struct hanse_error *err)
{
    struct hanse_node *node = NULL;
    enum hanse_status status = hanse_node_open_unfinished(dir, &node, err);
    if (status == HANSE_OK)
        status = stage_profile(node, options, err);
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

/* A feed's folder may hold what was left when making it failed half-way; but never a feed that has been
 * published: signing an empty one over it would be a fork. */
static enum hanse_status check_empty(const char *dir, struct hanse_error *err)
{
    HANSE_SCOPED_STORE struct hanse_feed_store store;
    enum hanse_status status = hanse_feed_store_open(&store, dir, err);
    if (status == HANSE_NO_MEMORY)
        return status;
    if (status != HANSE_OK || store.size > 0)
        return hanse_fail(err, HANSE_EXISTS, "a feed is there already: \"%s\"", dir);
    return HANSE_OK;
}

/* The folder may hold what an init left that failed half-way, perhaps of another origin. */
static enum hanse_status clear_folder(const char *dir, struct hanse_error *err)
{
    struct hanse_path public;
    enum hanse_status status = hanse_path_format(&public, err, "%s/public", dir);
    if (status == HANSE_OK)
        status = check_empty(public.text, err);
    if (status == HANSE_OK)
        status = remove_database(dir, "index.sqlite", err);
    return status == HANSE_OK ? remove_database(dir, "staging.sqlite", err) : status;
}

/* A feed with its key; that of an earlier try that failed half-way is used again. */
static enum hanse_status make_feed(const char *dir, const char *origin, bool first_own,
                                   struct hanse_error *err)
{
    struct hanse_path path;
    struct hanse_signing_key *key = NULL;
    struct hanse_signer signer;
    enum hanse_status status = hanse_layout_key(dir, origin, &path, err);
    if (status == HANSE_OK)
        status = hanse_key_file_provide(path.text, origin, &key, &signer, err);
    if (status == HANSE_OK)
        status = hanse_layout_feed(dir, origin, first_own, &path, err);
    if (status == HANSE_OK)
        status = write_empty_feed(path.text, &signer, err);
    hanse_signing_key_free(key);
    return status;
}

static enum hanse_status make_node(const char *dir, const struct hanse_init_options *options,
                                   struct hanse_error *err)
{
    enum hanse_status status = clear_folder(dir, err);
    if (status == HANSE_OK)
        status = make_folders(dir, err);
    if (status == HANSE_OK)
        status = hanse_config_write(dir, options->origin, err);
    if (status == HANSE_OK)
        status = make_feed(dir, options->origin, true, err);
    return status == HANSE_OK && options->title != NULL ? stage_first_profile(dir, options, err) : status;
}

static enum hanse_status check_options(const struct hanse_init_options *options, struct hanse_error *err)
{
    if (options == NULL || options->version != HANSE_INIT_OPTIONS_VERSION || options->origin == NULL)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "options of init need a version and an origin");
    const struct hanse_value language = {
        .kind = HANSE_FIELD_STRING,
        .as.bytes = hanse_bytes_of_text(options->language != NULL ? options->language : "und")};
    if (!hanse_rule_is_language(&language))
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "language \"%.64s\" is no BCP 47 tag: use one such as \"de\", \"ja\" or \"pt-BR\"",
                          options->language);
    enum hanse_status status = hanse_origin_check(hanse_bytes_of_text(options->origin), err);
    return status == HANSE_OK || status == HANSE_NO_MEMORY
               ? status
               : hanse_fail(
                     err, HANSE_INVALID_ARGUMENT,
                     "origin \"%.128s\" is none: use the host name that you own and a path, in lower case, "
                     "such as \"yourcity.example/hanse\"",
                     options->origin);
}

enum hanse_status hanse_node_init(const char *dir, const struct hanse_init_options *options,
                                  struct hanse_error *err)
{
    if (dir == NULL)
        return hanse_fail_null("dir", err);
    struct hanse_path format;
    enum hanse_status status = check_options(options, err);
    if (status == HANSE_OK)
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

static enum hanse_status check_free(struct hanse_node *node, const char *origin, struct hanse_error *err)
{
    struct hanse_index_feed found;
    struct hanse_error absent;
    if (hanse_node_owns(node, origin))
        return hanse_fail(err, HANSE_EXISTS, "feed \"%s\" is this node's own already", origin);
    enum hanse_status status = hanse_index_feed_get(node->index, origin, &found, &absent);
    if (status == HANSE_OK)
        return hanse_fail(err, HANSE_EXISTS, "feed \"%s\" is followed here, or one has this name", origin);
    if (status == HANSE_NOT_FOUND)
        return HANSE_OK;
    return hanse_fail(err, status, "%s", absent.message);
}

/* The configuration names the feed last: until then it is none, and making it can be tried again. */
static enum hanse_status add_feed(struct hanse_node *node, const char *origin, struct hanse_error *err)
{
    struct hanse_path dir;
    HANSE_SCOPED_FILE struct hanse_file lock = HANSE_FILE_CLOSED;
    enum hanse_status status = hanse_node_lock(node, &lock, err);
    if (status == HANSE_OK)
        status = check_free(node, origin, err);
    if (status == HANSE_OK)
        status = hanse_layout_feed(node->dir.text, origin, false, &dir, err);
    if (status == HANSE_OK)
        status = check_empty(dir.text, err);
    if (status == HANSE_OK)
        status = hanse_feed_make_folders(dir.text, err);
    if (status == HANSE_OK)
        status = make_feed(node->dir.text, origin, false, err);
    if (status == HANSE_OK)
        status = hanse_file_sync_tree(node->dir.text, err);
    if (status == HANSE_OK)
        status = hanse_config_add(node, origin, err);
    return status == HANSE_OK ? hanse_node_restore_own_rows(node, err) : status;
}

enum hanse_status hanse_node_add_feed(struct hanse_node *node, const struct hanse_init_options *options,
                                      struct hanse_error *err)
{
    if (node == NULL)
        return hanse_fail_null("node", err);
    enum hanse_status status = check_options(options, err);
    if (status == HANSE_OK)
        status = add_feed(node, options->origin, err);
    return status == HANSE_OK && options->title != NULL ? stage_profile(node, options, err) : status;
}
