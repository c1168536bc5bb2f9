/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of its own for a test, gone with everything in it afterwards. */
#ifndef HANSE_TESTS_FOLDER_FIXTURE_H
#define HANSE_TESTS_FOLDER_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/file.h"

struct folder {
    char dir[64];
    struct hanse_path path; /* of the file under test */
    struct hanse_error err;
};

/* Fails with the message of the error, which says more than a number. */
#define ASSERT_OK(folder, call)                                                                              \
    do {                                                                                                     \
        enum hanse_status asserted = (call);                                                                 \
        if (asserted != HANSE_OK)                                                                            \
            fail_msg("%s: %s", #call, (folder)->err.message);                                                \
    } while (0)
#define ASSERT_STATUS(call, wanted) assert_string_equal(hanse_status_name(call), hanse_status_name(wanted))

static inline int folder_setup(void **state)
{
    struct folder *folder = calloc(1, sizeof *folder);
    assert_non_null(folder);
    strcpy(folder->dir, "/tmp/hanse-test-XXXXXX");
    assert_non_null(mkdtemp(folder->dir));
    ASSERT_OK(folder, hanse_path_format(&folder->path, &folder->err, "%s/test.sqlite", folder->dir));
    *state = folder;
    return 0;
}

static inline enum hanse_status folder_remove_name(void *context, const char *name, bool is_dir,
                                                   struct hanse_error *err)
{
    struct folder *folder = context;
    struct hanse_path path;
    (void)is_dir;
    enum hanse_status status = hanse_path_format(&path, err, "%s/%s", folder->dir, name);
    return status == HANSE_OK ? hanse_file_remove(path.text, err) : status;
}

static inline int folder_teardown(void **state)
{
    struct folder *folder = *state;
    enum hanse_status status = hanse_file_list(folder->dir, folder_remove_name, folder, &folder->err);
    int code = rmdir(folder->dir);
    free(folder);
    return status == HANSE_OK ? code : -1;
}

#define FOLDER_TEST(function) cmocka_unit_test_setup_teardown(function, folder_setup, folder_teardown)

#endif
