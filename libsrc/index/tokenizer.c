/* SPDX-License-Identifier: Apache-2.0 */
#include "index/tokenizer.h"

#include <limits.h>

#include <sqlite3.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "index/fts.h"

struct hanse_tokenizer {
    sqlite3 *handle; /* FTS5 is reached by way of a database */
    fts5_tokenizer calls;
    Fts5Tokenizer *instance;
};

static enum hanse_status open_tokenizer(struct hanse_tokenizer *tokenizer, struct hanse_error *err)
{
    const char *arguments[] = {"remove_diacritics", "2"};
    fts5_api *api = NULL;
    void *user = NULL;
    if (sqlite3_open_v2(":memory:", &tokenizer->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK)
        return hanse_fail_memory(err);
    enum hanse_status status = hanse_fts_api(tokenizer->handle, &api, err);
    if (status != HANSE_OK)
        return status;
    int code = api->xFindTokenizer(api, "unicode61", &user, &tokenizer->calls);
    if (code == SQLITE_OK)
        code = tokenizer->calls.xCreate(user, arguments, 2, &tokenizer->instance);
    return code == SQLITE_OK ? HANSE_OK : hanse_fail_memory(err);
}

enum hanse_status hanse_tokenizer_new(struct hanse_tokenizer **out, struct hanse_error *err)
{
    struct hanse_tokenizer *tokenizer = hanse_alloc_zeroed(1, sizeof *tokenizer);
    if (tokenizer == NULL)
        return hanse_fail_memory(err);
    enum hanse_status status = open_tokenizer(tokenizer, err);
    if (status != HANSE_OK) {
        hanse_tokenizer_free(tokenizer);
        return status;
    }
    *out = tokenizer;
    return HANSE_OK;
}

void hanse_tokenizer_free(struct hanse_tokenizer *tokenizer)
{
    if (tokenizer == NULL)
        return;
    if (tokenizer->instance != NULL)
        tokenizer->calls.xDelete(tokenizer->instance);
    (void)sqlite3_close(tokenizer->handle);
    hanse_free(tokenizer);
}

struct run {
    hanse_token_visit *visit;
    void *context;
    enum hanse_status status;
    struct hanse_error *err;
};

static int take_token(void *context, int flags, const char *token, int size, int start, int end)
{
    struct run *run = context;
    (void)flags;
    run->status =
        run->visit(run->context, hanse_bytes_of(token, (size_t)size), (size_t)start, (size_t)end, run->err);
    return run->status == HANSE_OK ? SQLITE_OK : SQLITE_ABORT;
}

enum hanse_status hanse_tokenizer_run(struct hanse_tokenizer *tokenizer, struct hanse_bytes text,
                                      hanse_token_visit *visit, void *context, struct hanse_error *err)
{
    if (text.size > INT_MAX)
        return hanse_fail(err, HANSE_LIMIT, "text of %zu bytes is too long to be searched", text.size);
    struct run run = {.visit = visit, .context = context, .status = HANSE_OK, .err = err};
    int code =
        tokenizer->calls.xTokenize(tokenizer->instance, &run, FTS5_TOKENIZE_DOCUMENT,
                                   text.size > 0 ? (const char *)text.data : "", (int)text.size, take_token);
    if (run.status != HANSE_OK)
        return run.status;
    return code == SQLITE_OK ? HANSE_OK : hanse_fail_memory(err);
}
