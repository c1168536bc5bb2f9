/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of doctor: each looks at one group of things and tells what is wrong with them. */
#ifndef HANSE_NODE_CHECK_DOCTOR_INTERNAL_H
#define HANSE_NODE_CHECK_DOCTOR_INTERNAL_H

#include <hanse/doctor.h>

#include "node/node_internal.h"

struct hanse_doctor {
    const struct hanse_doctor_options *options;
    const char *dir;
    struct hanse_node
        *node; /* without index and staging if it does not open; its own feeds if they are known */
    bool open;
    uint64_t now_unix_s;
    bool *starved; /* memory was out: what was looked at then says nothing */
};

/* What is wrong; the message is a format. */
struct hanse_doctor_place {
    const char *severity;
    const char *rule;
    const char *object;
    const char *path;
    const char *remedy;
};
#define HANSE_DOCTOR_ERROR(...) (&(const struct hanse_doctor_place){"error", __VA_ARGS__})
#define HANSE_DOCTOR_WARNING(...) (&(const struct hanse_doctor_place){"warning", __VA_ARGS__})
void hanse_doctor_tell(const struct hanse_doctor *doctor, const struct hanse_doctor_place *place,
                       const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The same for an error of the library, with its message; being out of memory is no finding. */
void hanse_doctor_tell_error(const struct hanse_doctor *doctor, const struct hanse_doctor_place *place,
                             const struct hanse_error *why);

/* True for a failure that is no finding; being out of memory is remembered. */
bool hanse_doctor_failed(const struct hanse_doctor *doctor, enum hanse_status status);

/* Against the times of files that the node wrote. */
void hanse_doctor_clock(const struct hanse_doctor *doctor);
void hanse_doctor_disk(const struct hanse_doctor *doctor);
void hanse_doctor_permissions(const struct hanse_doctor *doctor);
/* Key, files, newest by the outside state; index and staged changes if the node is open. */
void hanse_doctor_own_feeds(const struct hanse_doctor *doctor);
void hanse_doctor_databases(const struct hanse_doctor *doctor);
void hanse_doctor_certificate(const struct hanse_doctor *doctor);
/* HANSE_NO_MEMORY, HANSE_IO, HANSE_UNSUPPORTED: they could not be asked. */
HANSE_MUST_CHECK enum hanse_status hanse_doctor_followed_feeds(const struct hanse_doctor *doctor,
                                                               struct hanse_error *err);

#endif
