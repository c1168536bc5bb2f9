/* SPDX-License-Identifier: Apache-2.0 */
/* The order in which things are looked at, whether the node opens, and the clock. */
#include <stdarg.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "node/check/doctor_internal.h"
#include "node/config.h"
#include "node/files/layout.h"

enum {
    MESSAGE_BYTES = 1024,
    CLOCK_SLACK_S =
        86400, /* of file times: a replaced file may be ahead by some seconds, a file server by more */
    EARLIEST_UNIX_S = 1577836800 /* 2020: before the first feed (docs/protocol.md, "Header fields") */
};

void hanse_doctor_tell(const struct hanse_doctor *doctor, const struct hanse_doctor_place *place,
                       const char *format, ...)
{
    char message[MESSAGE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    const struct hanse_doctor_finding finding = {.severity = place->severity,
                                                 .rule = place->rule,
                                                 .object = place->object,
                                                 .path = place->path,
                                                 .message = message,
                                                 .remedy = place->remedy};
    doctor->options->visit(doctor->options->context, &finding);
}

void hanse_doctor_tell_error(const struct hanse_doctor *doctor, const struct hanse_doctor_place *place,
                             const struct hanse_error *why)
{
    if (why->status == HANSE_NO_MEMORY)
        *doctor->starved = true;
    else
        hanse_doctor_tell(doctor, place, "%s", why->message);
}

bool hanse_doctor_failed(const struct hanse_doctor *doctor, enum hanse_status status)
{
    if (status == HANSE_NO_MEMORY)
        *doctor->starved = true;
    return status != HANSE_OK;
}

static const char *remedy_of_open(enum hanse_status status)
{
    switch (status) {
    case HANSE_NOT_FOUND:
        return "where there was a node, restore what is missing from your backup";
    case HANSE_UNSUPPORTED:
        return "install the version of hanse that wrote it, or a newer one";
    case HANSE_DENIED:
        return "run it as the user who owns the node, and mend the permissions";
    case HANSE_MALFORMED:
        return "mend the file that is named, or restore it from your backup; a damaged index.sqlite may be "
               "moved "
               "away: it is made again, but the followed feeds have to be followed again";
    default:
        return "mend what the message names";
    }
}

/* Which feeds are the node's own is of use even if the rest of it does not open. */
static enum hanse_status open_node(struct hanse_doctor *doctor, struct hanse_error *err)
{
    struct hanse_error why;
    enum hanse_status status = hanse_node_open(doctor->dir, &doctor->node, &why);
    doctor->open = status == HANSE_OK;
    if (status == HANSE_OK)
        return HANSE_OK;
    if (status == HANSE_NO_MEMORY)
        return hanse_fail_memory(err);
    hanse_doctor_tell_error(doctor, HANSE_DOCTOR_ERROR("node", "node", doctor->dir, remedy_of_open(status)),
                            &why);
    doctor->node = hanse_alloc_zeroed(1, sizeof *doctor->node);
    if (doctor->node == NULL)
        return hanse_fail_memory(err);
    status = hanse_path_format(&doctor->node->dir, err, "%s", doctor->dir);
    /* Its failure was told, or it was not the configuration that failed. */
    if (status == HANSE_OK && hanse_config_read(doctor->node, NULL) == HANSE_NO_MEMORY)
        status = hanse_fail_memory(err);
    return status;
}

/* The newest of the files that are written at each publish and sync. */
static uint64_t newest_write(const struct hanse_doctor *doctor, struct hanse_path *out_path)
{
    static const char *const names[] = {
        "public/checkpoint",    "public/hanse/manifest", "private/index.sqlite",    "private/staging.sqlite",
        "private/tls/cert.pem", "private/config",        "private/index.sqlite-wal"};
    uint64_t newest = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct hanse_path path;
        struct hanse_place place;
        if (hanse_path_format(&path, NULL, "%s/%s", doctor->dir, names[i]) != HANSE_OK ||
            hanse_place_look(path.text, &place, NULL) != HANSE_OK || place.modified_unix_s <= newest)
            continue;
        newest = place.modified_unix_s;
        *out_path = path;
    }
    return newest;
}

void hanse_doctor_clock(const struct hanse_doctor *doctor)
{
    static const char remedy[] =
        "set the clock, best by NTP (`timedatectl set-ntp true`), before you publish: times "
        "stay in the feed";
    char now[21];
    char written[21];
    struct hanse_path path = {""};
    uint64_t newest = newest_write(doctor, &path);
    hanse_time_encode(doctor->now_unix_s, now);
    hanse_time_encode(newest, written);
    if (doctor->now_unix_s < EARLIEST_UNIX_S)
        hanse_doctor_tell(doctor, HANSE_DOCTOR_ERROR("clock", "clock", "", remedy),
                          "clock says %s, which is before there were feeds", now);
    else if (newest > doctor->now_unix_s + CLOCK_SLACK_S)
        hanse_doctor_tell(
            doctor, HANSE_DOCTOR_ERROR("clock", "clock", path.text, remedy),
            "clock says %s, but a file of the node was written at %s: the clock is behind, or was "
            "ahead then",
            now, written);
}

static enum hanse_status look(struct hanse_doctor *doctor, struct hanse_error *err)
{
    enum hanse_status status = open_node(doctor, err);
    if (status != HANSE_OK)
        return status;
    hanse_doctor_clock(doctor);
    hanse_doctor_disk(doctor);
    hanse_doctor_permissions(doctor);
    if (doctor->open)
        hanse_doctor_databases(doctor);
    hanse_doctor_own_feeds(doctor);
    hanse_doctor_certificate(doctor);
    return doctor->open ? hanse_doctor_followed_feeds(doctor, err) : HANSE_OK;
}

enum hanse_status hanse_doctor(const char *dir, const struct hanse_doctor_options *options,
                               struct hanse_error *err)
{
    if (dir == NULL || options == NULL || options->version != 1 || options->visit == NULL)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "options of doctor need version 1 and a visitor");
    bool starved = false;
    struct hanse_doctor doctor = {
        .options = options, .dir = dir, .now_unix_s = hanse_clock_unix_s(), .starved = &starved};
    enum hanse_status status = look(&doctor, err);
    hanse_node_close(doctor.node);
    return status == HANSE_OK && starved ? hanse_fail_memory(err) : status;
}
