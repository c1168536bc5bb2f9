/* SPDX-License-Identifier: Apache-2.0 */
/* Own feeds, the databases and the certificate of `serve`: part of doctor. */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "crypto/certificate.h"
#include "node/check/doctor_internal.h"
#include "node/files/layout.h"
#include "node/outside_state.h"

enum { MAX_PEM_BYTES = 256 << 10, SOON_S = 30 * 86400 };

/* Whether the checkpoint in the feed's folder is signed by the key; one that other keys signed is a foreign
 * one. */
static enum hanse_status judge_signature(const struct hanse_feed_store *store, const char *origin,
                                         const struct hanse_verifier_key *key, struct hanse_error *err)
{
    struct hanse_note note;
    struct hanse_checkpoint checkpoint;
    struct hanse_note_check check = {.key = key, .required = true};
    enum hanse_status status = hanse_note_decode(hanse_buffer_view(&store->checkpoint), &note, err);
    return status == HANSE_OK
               ? hanse_checkpoint_open(&note, hanse_bytes_of_text(origin), &check, 1, &checkpoint, err)
               : status;
}

/* True: *out_key is the feed's public key. */
static bool judge_key_file(const struct hanse_doctor *doctor, const char *origin,
                           struct hanse_verifier_key *out_key)
{
    struct hanse_path path;
    struct hanse_error why;
    struct hanse_signing_key *key = NULL;
    struct hanse_signer signer;
    if (hanse_doctor_failed(doctor, hanse_layout_key(doctor->dir, origin, &path, NULL)))
        return false;
    enum hanse_status status = hanse_key_file_read(path.text, &key, &signer, &why);
    hanse_signing_key_free(key);
    if (status == HANSE_NOT_FOUND)
        hanse_doctor_tell(
            doctor,
            HANSE_DOCTOR_ERROR("key-missing", origin, path.text,
                               "restore private/keys from your backup: without it nobody can go on with "
                               "the feed"),
            "signing key is missing");
    else if (status != HANSE_OK)
        hanse_doctor_tell_error(
            doctor,
            HANSE_DOCTOR_ERROR("key-unreadable", origin, path.text, "restore private/keys from your backup"),
            &why);
    else if (strcmp(signer.key.name, origin) != 0)
        hanse_doctor_tell(doctor,
                          HANSE_DOCTOR_ERROR("key-foreign", origin, path.text,
                                             "restore the feed's own key file from your backup"),
                          "key file holds the key of another feed, \"%s\"", signer.key.name);
    *out_key = signer.key;
    return status == HANSE_OK && strcmp(signer.key.name, origin) == 0;
}

static void judge_newest(const struct hanse_doctor *doctor, const char *origin,
                         const struct hanse_verifier_key *key, const struct hanse_feed_store *store)
{
    struct hanse_error why;
    enum hanse_status status =
        hanse_outside_state_check(doctor->node, origin, key->material, store->size, &store->root, &why);
    if (status == HANSE_BEHIND)
        hanse_doctor_tell_error(
            doctor,
            HANSE_DOCTOR_ERROR("behind", origin, doctor->dir,
                               "`hanse recover --from URL` with the newest mirror; if you are sure that "
                               "this is the newest copy, `hanse publish --offline`"),
            &why);
    else if (status != HANSE_OK)
        hanse_doctor_tell_error(
            doctor,
            HANSE_DOCTOR_ERROR("state-unreadable", origin, "",
                               "mend the file or its permissions; without it the node cannot tell that "
                               "it is the newest copy"),
            &why);
}

static void judge_index(const struct hanse_doctor *doctor, const char *origin,
                        const struct hanse_feed_store *store)
{
    struct hanse_error why;
    HANSE_SCOPED_ROW struct hanse_feed_row row;
    enum hanse_status status = hanse_feed_row_get(doctor->node, origin, &row, &why);
    if (!hanse_doctor_failed(doctor, status) && row.feed.size != store->size)
        hanse_doctor_tell(
            doctor,
            HANSE_DOCTOR_ERROR("feed-damaged", origin, store->dir.text,
                               "`hanse verify` names what is damaged; `hanse recover --from URL` brings "
                               "it back from a mirror"),
            "only %llu of the %llu entries of the checkpoint could be read",
            (unsigned long long)row.feed.size, (unsigned long long)store->size);
}

static void judge_files(const struct hanse_doctor *doctor, const char *origin,
                        const struct hanse_verifier_key *key, const struct hanse_feed_store *store)
{
    struct hanse_error why;
    struct hanse_path path;
    enum hanse_status status = judge_signature(store, origin, key, &why);
    if (hanse_doctor_failed(doctor, hanse_layout_key(doctor->dir, origin, &path, NULL)))
        return;
    if (status == HANSE_BAD_SIGNATURE)
        hanse_doctor_tell(
            doctor,
            HANSE_DOCTOR_ERROR("key-foreign", origin, path.text,
                               "restore the feed's own key file from your backup, and its public folder "
                               "if that was replaced"),
            "key does not belong to the published feed: %s", why.message);
    else if (status != HANSE_OK)
        hanse_doctor_tell_error(
            doctor,
            HANSE_DOCTOR_ERROR("feed-damaged", origin, store->dir.text,
                               "`hanse recover --from URL` brings the feed back from a mirror"),
            &why);
    else {
        judge_newest(doctor, origin, key, store);
        if (doctor->open)
            judge_index(doctor, origin, store);
    }
}

void hanse_doctor_own_feeds(const struct hanse_doctor *doctor)
{
    for (size_t i = 0; i < doctor->node->own_count; i++) {
        const char *origin = doctor->node->own_origins[i];
        struct hanse_verifier_key key;
        struct hanse_path dir;
        struct hanse_error why;
        HANSE_SCOPED_STORE struct hanse_feed_store store = {0};
        bool good = judge_key_file(doctor, origin, &key);
        if (hanse_doctor_failed(doctor, hanse_node_feed_dir(doctor->node, origin, &dir, NULL)))
            continue;
        if (hanse_feed_store_open(&store, dir.text, &why) != HANSE_OK)
            hanse_doctor_tell_error(
                doctor,
                HANSE_DOCTOR_ERROR("feed-damaged", origin, dir.text,
                                   "`hanse recover --from URL` brings the feed back from a mirror"),
                &why);
        else if (good && store.checkpoint.size == 0)
            hanse_doctor_tell(
                doctor,
                HANSE_DOCTOR_ERROR("feed-missing", origin, dir.text,
                                   "`hanse recover --from URL` brings the feed back from a mirror"),
                "feed has no checkpoint");
        else if (good)
            judge_files(doctor, origin, &key, &store);
    }
}

void hanse_doctor_databases(const struct hanse_doctor *doctor)
{
    struct hanse_error why;
    struct hanse_path path;
    if (hanse_index_check(doctor->node->index, &why) != HANSE_OK &&
        hanse_layout_private(doctor->dir, "index.sqlite", &path, NULL) == HANSE_OK)
        hanse_doctor_tell_error(
            doctor,
            HANSE_DOCTOR_ERROR("index-damaged", "index", path.text,
                               "move it away: it is made again from the feeds; follow the others' feeds "
                               "again"),
            &why);
    if (hanse_staging_check(doctor->node->staging, &why) != HANSE_OK &&
        hanse_layout_private(doctor->dir, "staging.sqlite", &path, NULL) == HANSE_OK)
        hanse_doctor_tell_error(doctor,
                                HANSE_DOCTOR_ERROR("staging-damaged", "staging", path.text,
                                                   "move it away and import again what was not published"),
                                &why);
}

static enum hanse_status read_pem(const struct hanse_doctor *doctor, const char *given, const char *name,
                                  struct hanse_path *path, struct hanse_buffer *out, struct hanse_error *err)
{
    enum hanse_status status = given != NULL ? hanse_path_format(path, err, "%s", given)
                                             : hanse_layout_private(doctor->dir, name, path, err);
    return status == HANSE_OK ? hanse_file_read(path->text, MAX_PEM_BYTES, out, err) : status;
}

static void judge_period(const struct hanse_doctor *doctor, struct hanse_bytes pem, const char *path)
{
    static const char remedy[] =
        "renew it and start `hanse serve` again; keep its key, or tell followers the new pin "
        "before";
    uint64_t from = 0;
    uint64_t until = 0;
    char text[21];
    struct hanse_error why;
    if (hanse_certificate_period(pem, &from, &until, &why) != HANSE_OK) {
        hanse_doctor_tell_error(doctor, HANSE_DOCTOR_ERROR("tls-dates", "serve", path, remedy), &why);
        return;
    }
    hanse_time_encode(doctor->now_unix_s < from ? from : until, text);
    if (doctor->now_unix_s < from)
        hanse_doctor_tell(doctor,
                          HANSE_DOCTOR_ERROR("tls-dates", "serve", path, "look at the clock, else renew it"),
                          "certificate is valid only from %s on", text);
    else if (doctor->now_unix_s >= until)
        hanse_doctor_tell(doctor, HANSE_DOCTOR_ERROR("tls-dates", "serve", path, remedy),
                          "certificate expired at %s: only followers with a pin still reach this node", text);
    else if (until - doctor->now_unix_s < SOON_S)
        hanse_doctor_tell(doctor, HANSE_DOCTOR_WARNING("tls-dates", "serve", path, remedy),
                          "certificate expires at %s", text);
}

static void judge_name(const struct hanse_doctor *doctor, struct hanse_bytes pem, const char *path)
{
    char host[HANSE_MAX_ORIGIN_BYTES + 1];
    bool is_for = false;
    if (doctor->node->own_count == 0)
        return;
    const char *origin = doctor->node->own_origins[0];
    (void)snprintf(host, sizeof host, "%.*s", (int)strcspn(origin, ":/"), origin);
    if (!hanse_doctor_failed(doctor, hanse_certificate_is_for(pem, host, &is_for, NULL)) && !is_for)
        hanse_doctor_tell(
            doctor,
            HANSE_DOCTOR_WARNING("tls-name", "serve", path,
                                 "nothing is wrong if your followers use the name that it is for, or its "
                                 "pin"),
            "certificate is not for \"%s\"", host);
}

void hanse_doctor_certificate(const struct hanse_doctor *doctor)
{
    struct hanse_path cert_path = {""};
    struct hanse_path key_path = {""};
    struct hanse_error why;
    HANSE_SCOPED_BUFFER struct hanse_buffer cert;
    HANSE_SCOPED_BUFFER struct hanse_buffer key;
    hanse_buffer_init(&cert, MAX_PEM_BYTES + 1);
    hanse_buffer_init(&key, MAX_PEM_BYTES + 1);
    enum hanse_status status =
        read_pem(doctor, doctor->options->tls_cert, "tls/cert.pem", &cert_path, &cert, &why);
    if (status == HANSE_NOT_FOUND && doctor->options->tls_cert == NULL)
        return; /* `serve` makes one when it needs it */
    if (status == HANSE_OK)
        status = read_pem(doctor, doctor->options->tls_key, "tls/key.pem", &key_path, &key, &why);
    if (status == HANSE_OK)
        status = hanse_certificate_match(hanse_buffer_view(&cert), hanse_buffer_view(&key), &why);
    if (status != HANSE_OK) {
        hanse_doctor_tell_error(
            doctor,
            HANSE_DOCTOR_ERROR("tls-certificate", "serve", cert_path.text,
                               "give PEM files that belong together and can be read, or move private/tls "
                               "away: then a new certificate with another pin is made"),
            &why);
    } else {
        judge_period(doctor, hanse_buffer_view(&cert), cert_path.text);
        judge_name(doctor, hanse_buffer_view(&cert), cert_path.text);
    }
    if (key.data != NULL)
        hanse_secret_wipe(key.data, key.capacity);
}
