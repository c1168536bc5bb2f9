/* SPDX-License-Identifier: Apache-2.0 */
/* What makes an index of version 1 of one of this version: SQL that takes away what came since. */
#ifndef TESTS_OLD_INDEX_H
#define TESTS_OLD_INDEX_H

#define OLD_INDEX_SQL                                                                                        \
    "DROP TABLE arrival; DROP TABLE identity; DROP TABLE mirror;"                                            \
    "ALTER TABLE feed DROP COLUMN remote_mirror; ALTER TABLE feed DROP COLUMN url_result;"                   \
    "ALTER TABLE feed DROP COLUMN url_message; PRAGMA user_version=1;"

#endif
