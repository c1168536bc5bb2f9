/* SPDX-License-Identifier: Apache-2.0 */
#include "index/fts.h"

#include <string.h>

#include "base/error.h"

enum { COLUMN_TITLE, COLUMN_BODY, MAX_PHRASES = 128 };

/* Weight of a word in the title, and the numbers of BM25: how soon more of the same word stop to count, how
 * much the length of the text takes away, and the length that takes nothing. There is no weight for rare
 * words: all of the words must occur anyway, and how rare they are differs from file to file. */
static const double title_weight = 6.0;
static const double saturation = 1.2;
static const double length_share = 0.5;
static const double usual_tokens = 120.0;

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
    int title = 0;
    int body = 0;
    (void)count;
    (void)values;
    int code = api->xColumnSize(fts, COLUMN_TITLE, &title);
    if (code == SQLITE_OK)
        code = api->xColumnSize(fts, COLUMN_BODY, &body);
    if (code == SQLITE_OK)
        code = count_phrases(api, fts, frequencies);
    if (code != SQLITE_OK) {
        sqlite3_result_error_code(result, code);
        return;
    }
    double length = (double)title + (double)body;
    double held_back = saturation * (1.0 - length_share + length_share * length / usual_tokens);
    double sum = 0.0;
    int matched = 0;
    for (int i = 0; i < MAX_PHRASES; i++) {
        matched += frequencies[i] > 0.0;
        sum += frequencies[i] / (frequencies[i] + held_back);
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
