/* SPDX-License-Identifier: Apache-2.0 */
#include "index/fts.h"

#include <string.h>

#include "base/error.h"

enum { COLUMN_TITLE, COLUMN_BODY, MAX_PHRASES = 128 };

/* Weight of a word in the title, and how soon more of the same word stop to count, as in BM25. There is no
 * weight for rare words: all of the words must occur anyway, and how rare they are differs from file to file.
 * Nor does the length of the text count: to look it up takes longer than all the rest. */
static const double title_weight = 6.0;
static const double saturation = 1.2;

enum hanse_status hanse_fts_api(sqlite3 *handle, fts5_api **out, struct hanse_error *err)
{
    sqlite3_stmt *statement = NULL;
    *out = NULL;
    int code = sqlite3_prepare_v2(handle, "SELECT fts5(?1)", -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_bind_pointer(statement, 1, (void *)out, "fts5_api_ptr", NULL);
    if (code == SQLITE_OK)
        (void)sqlite3_step(statement);
    (void)sqlite3_finalize(statement);
    if (code == SQLITE_NOMEM)
        return hanse_fail_memory(err);
    return *out != NULL ? HANSE_OK
                        : hanse_fail_library(err, HANSE_UNSUPPORTED, code,
                                             "SQLite was built without FTS5: search needs it");
}

static int count_phrases(const Fts5ExtensionApi *api, Fts5Context *fts, double frequencies[MAX_PHRASES])
{
    int instances = 0;
    int code = api->xInstCount(fts, &instances);
    for (int i = 0; i < instances && code == SQLITE_OK; i++) {
        int phrase, column, place;
        code = api->xInst(fts, i, &phrase, &column, &place);
        if (code == SQLITE_OK && phrase < MAX_PHRASES && column <= COLUMN_BODY)
            frequencies[phrase] += column == COLUMN_TITLE ? title_weight : 1.0;
    }
    return code;
}

static void score(const Fts5ExtensionApi *api, Fts5Context *fts, sqlite3_context *result, int count,
                  sqlite3_value **values)
{
    double frequencies[MAX_PHRASES] = {0};
    (void)count;
    (void)values;
    int code = count_phrases(api, fts, frequencies);
    if (code != SQLITE_OK) {
        sqlite3_result_error_code(result, code);
        return;
    }
    double sum = 0.0;
    int matched = 0;
    for (int i = 0; i < MAX_PHRASES; i++) {
        matched += frequencies[i] > 0.0;
        sum += frequencies[i] / (frequencies[i] + saturation);
    }
    sqlite3_result_int(result, matched > 0 ? (int)(1000.0 * sum / matched) : 0);
}

enum hanse_status hanse_fts_add_score(sqlite3 *handle, struct hanse_error *err)
{
    fts5_api *api = NULL;
    enum hanse_status status = hanse_fts_api(handle, &api, err);
    if (status != HANSE_OK)
        return status;
    return api->xCreateFunction(api, "hanse_score", NULL, score, NULL) == SQLITE_OK ? HANSE_OK
                                                                                    : hanse_fail_memory(err);
}
