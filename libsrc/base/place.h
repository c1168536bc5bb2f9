/* SPDX-License-Identifier: Apache-2.0 */
/* What a file or folder is to the user who runs this: who may reach it, and how much room its disk has. */
#ifndef HANSE_BASE_PLACE_H
#define HANSE_BASE_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include <hanse/status.h>

struct hanse_place {
    bool is_dir;
    bool own;       /* belongs to the user who runs this */
    bool writable;  /* by that user */
    bool read_only; /* the file system is */
    unsigned mode;  /* permission bits */
    uint64_t modified_unix_s;
    uint64_t free_bytes; /* for that user, on the file system */
    uint64_t free_files; /* UINT64_MAX where they are not counted */
};

/* Links are followed. HANSE_NOT_FOUND, HANSE_DENIED, HANSE_IO. */
HANSE_MUST_CHECK enum hanse_status hanse_place_look(const char *path, struct hanse_place *out,
                                                    struct hanse_error *err);

#endif
