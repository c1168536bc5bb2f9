/* SPDX-License-Identifier: Apache-2.0 */
/* Disk and permissions: part of doctor. */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/place.h"
#include "node/check/doctor_internal.h"
#include "node/files/layout.h"
#include "node/outside_state.h"

enum {
    FULL_BYTES = 16 << 20, /* less than a segment and its rewriting take */
    LOW_BYTES = 256 << 20,
    FULL_FILES = 100, /* a publish of a few thousand entries makes some dozens of tiles */
    PROBE_BYTES = 4096,
    FOR_OTHERS = 077,
    READ_BY_OTHERS = 05,
    REMEDY_BYTES = HANSE_PATH_BYTES + 64
};

static void judge_room(const struct hanse_doctor *doctor, const char *path, const struct hanse_place *place)
{
    if (place->read_only)
        hanse_doctor_tell(
            doctor,
            HANSE_DOCTOR_ERROR("disk-read-only", "disk", path,
                               "mount it writable; look at the system's log: a damaged disk is made "
                               "read-only"),
            "file system is read-only");
    else if (!place->writable)
        hanse_doctor_tell(
            doctor, HANSE_DOCTOR_ERROR("disk-denied", "disk", path, "run it as the user who owns the node"),
            "cannot write there");
    else if (place->free_bytes < FULL_BYTES || place->free_files < FULL_FILES)
        hanse_doctor_tell(
            doctor,
            HANSE_DOCTOR_ERROR("disk-full", "disk", path,
                               "make room; nothing that was published or verified is lost by a full "
                               "disk"),
            "disk is full: %llu MB and %llu files are left", (unsigned long long)(place->free_bytes >> 20),
            (unsigned long long)place->free_files);
    else if (place->free_bytes < LOW_BYTES)
        hanse_doctor_tell(doctor, HANSE_DOCTOR_WARNING("disk-low", "disk", path, "make room soon"),
                          "disk is nearly full: %llu MB are left",
                          (unsigned long long)(place->free_bytes >> 20));
}

/* What permissions promise is tried: quotas and broken disks show only then. */
static void try_write(const struct hanse_doctor *doctor)
{
    static const uint8_t zeroes[PROBE_BYTES];
    struct hanse_path path;
    struct hanse_error why;
    HANSE_SCOPED_FILE struct hanse_file file = HANSE_FILE_CLOSED;
    enum hanse_status status = hanse_layout_private(doctor->dir, "doctor.probe", &path, &why);
    if (status == HANSE_OK)
        status = hanse_file_open_write(&file, path.text, HANSE_MODE_PRIVATE_FILE, &why);
    if (status != HANSE_OK)
        return; /* judge_room said why */
    status = hanse_file_write_at(&file, 0, hanse_bytes_of(zeroes, sizeof zeroes), &why);
    if (status == HANSE_OK)
        status = hanse_file_sync(&file, &why);
    enum hanse_status removed = hanse_file_remove(path.text, status == HANSE_OK ? &why : NULL);
    if (status == HANSE_OK)
        status = removed;
    if (status != HANSE_OK)
        hanse_doctor_tell_error(doctor,
                                HANSE_DOCTOR_ERROR("disk-write", "disk", path.text,
                                                   "make room, raise the quota, or replace the disk"),
                                &why);
}

/* The state folder is made at the first publish: until then what holds it counts. */
static void judge_state_dir(const struct hanse_doctor *doctor)
{
    struct hanse_path path;
    struct hanse_place place;
    if (hanse_outside_state_dir(doctor->node, &path, NULL) != HANSE_OK)
        return;
    size_t node_bytes = strlen(doctor->dir);
    if (strncmp(path.text, doctor->dir, node_bytes) == 0 && path.text[node_bytes] == '/')
        hanse_doctor_tell(
            doctor,
            HANSE_DOCTOR_WARNING("state-inside", "disk", path.text,
                                 "set state-dir in private/config to a folder that the node's backup "
                                 "does not hold"),
            "what was published is noted inside the node: a restored backup would not be noticed");
    enum hanse_status status = hanse_place_look(path.text, &place, NULL);
    for (char *slash; status == HANSE_NOT_FOUND && (slash = strrchr(path.text, '/')) != NULL;) {
        slash[slash == path.text ? 1 : 0] = '\0';
        status = hanse_place_look(path.text, &place, NULL);
        if (slash == path.text)
            break;
    }
    if (status != HANSE_OK || !place.is_dir)
        hanse_doctor_tell(doctor,
                          HANSE_DOCTOR_ERROR("state-dir", "disk", path.text,
                                             "set state-dir in private/config to a folder outside the node"),
                          "what is published cannot be noted there: it is no folder that can be read");
    else
        judge_room(doctor, path.text, &place);
}

void hanse_doctor_disk(const struct hanse_doctor *doctor)
{
    static const char *const names[] = {"private", "public"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct hanse_path path;
        struct hanse_place place;
        if (hanse_path_format(&path, NULL, "%s/%s", doctor->dir, names[i]) != HANSE_OK)
            continue;
        if (hanse_place_look(path.text, &place, NULL) == HANSE_OK)
            judge_room(doctor, path.text, &place);
        else if (doctor->open)
            hanse_doctor_tell(doctor,
                              HANSE_DOCTOR_ERROR("folder-missing", "disk", path.text,
                                                 "restore it from your backup, or with `hanse recover`"),
                              "folder is missing");
    }
    try_write(doctor);
    if (doctor->node->own_count > 0)
        judge_state_dir(doctor);
}

static void judge_mode(const struct hanse_doctor *doctor, const char *path, bool secret)
{
    struct hanse_place place;
    char remedy[REMEDY_BYTES];
    if (hanse_place_look(path, &place, NULL) != HANSE_OK)
        return;
    unsigned wanted = place.is_dir ? HANSE_MODE_PRIVATE_DIR : HANSE_MODE_PRIVATE_FILE;
    (void)snprintf(remedy, sizeof remedy, "chmod %o '%s'%s", wanted, path,
                   secret ? "; who could read it may have a copy of it" : "");
    if ((place.mode & FOR_OTHERS) != 0)
        hanse_doctor_tell(doctor, HANSE_DOCTOR_ERROR("mode", "permissions", path, remedy),
                          "other users may reach what is the node's secret: its mode is %04o, not %04o",
                          place.mode, wanted);
    else if (!place.own)
        hanse_doctor_tell(
            doctor,
            HANSE_DOCTOR_WARNING("owner", "permissions", path, "run hanse as the user who owns the node"),
            "it belongs to another user than the one who runs this");
}

struct key_walk {
    const struct hanse_doctor *doctor;
    const char *dir;
};

static enum hanse_status judge_key_mode(void *context, const char *name, bool is_dir, struct hanse_error *err)
{
    const struct key_walk *walk = context;
    struct hanse_path path;
    (void)is_dir;
    enum hanse_status status = hanse_path_format(&path, err, "%s/%s", walk->dir, name);
    if (status == HANSE_OK)
        judge_mode(walk->doctor, path.text, true);
    return HANSE_OK;
}

static void judge_public(const struct hanse_doctor *doctor)
{
    struct hanse_path path;
    struct hanse_place place;
    if (hanse_path_format(&path, NULL, "%s/public", doctor->dir) == HANSE_OK &&
        hanse_place_look(path.text, &place, NULL) == HANSE_OK &&
        (place.mode & READ_BY_OTHERS) != READ_BY_OTHERS)
        hanse_doctor_tell(doctor,
                          HANSE_DOCTOR_WARNING("public-mode", "permissions", path.text,
                                               "chmod 755 it, if a web server of another user serves it"),
                          "other users cannot read what is public: its mode is %04o", place.mode);
}

void hanse_doctor_permissions(const struct hanse_doctor *doctor)
{
    static const char *const names[] = {"",        "keys",       "config", "index.sqlite", "staging.sqlite",
                                        "pending", "tls/key.pem"};
    struct hanse_path path;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        bool secret = strcmp(names[i], "tls/key.pem") == 0;
        if (hanse_path_format(&path, NULL, "%s/private%s%s", doctor->dir, names[i][0] != '\0' ? "/" : "",
                              names[i]) == HANSE_OK)
            judge_mode(doctor, path.text, secret);
    }
    if (hanse_layout_private(doctor->dir, "keys", &path, NULL) == HANSE_OK) {
        struct key_walk walk = {.doctor = doctor, .dir = path.text};
        struct hanse_error why;
        if (hanse_file_list(path.text, judge_key_mode, &walk, &why) != HANSE_OK)
            hanse_doctor_tell_error(doctor,
                                    HANSE_DOCTOR_ERROR("keys-unreadable", "permissions", path.text,
                                                       "run it as the user who owns the node"),
                                    &why);
    }
    judge_public(doctor);
}
