/* SPDX-License-Identifier: Apache-2.0 */
/* Finding out why a node does not work: each thing that it needs is tried. */
#ifndef HANSE_DOCTOR_H
#define HANSE_DOCTOR_H

#include <stdbool.h>

#include <hanse/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One thing that is not as it should be. Texts are never NULL and live until the visitor returns. */
struct hanse_doctor_finding {
    const char
        *severity; /* "error": something does not work; "warning": it works, but not for long or not well */
    const char *rule;    /* stable id such as "key-missing"; docs/manual.md lists them */
    const char *object;  /* what it is about: "clock", "disk", an origin ... */
    const char *path;    /* file, folder or URL; empty if there is none */
    const char *message; /* what is wrong */
    const char *remedy;  /* what to do */
};
typedef void hanse_doctor_visit(void *context, const struct hanse_doctor_finding *finding);

struct hanse_doctor_options {
    uint32_t version; /* 1 */
    const char
        *tls_cert; /* what is given to `serve`; both NULL: the certificate in private/, if there is one */
    const char *tls_key;
    bool offline;               /* asks no server of followed feeds */
    uint32_t connect_timeout_s; /* 0: the default (10) */
    hanse_doctor_visit *visit;  /* must be set */
    void *context;
};

/* Looks at the node in `dir`: that it opens, clock, disk, permissions, keys, index, staged changes, that it
 * is the newest copy, its certificate, and each followed feed from the URL to the answer. What others depend
 * on comes first, so the first error is the one to mend first; of a chain that breaks (name, connection, TLS
 * ...) only the first link is told. The node may be in use. Changes nothing but what opening a node mends.
 * HANSE_OK when everything was looked at, whatever was found; HANSE_INVALID_ARGUMENT, HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status
hanse_doctor(const char *dir, const struct hanse_doctor_options *options, struct hanse_error *err);

#ifdef __cplusplus
}
#endif

#endif
