/* SPDX-License-Identifier: Apache-2.0 */
/* Anything that somebody types to find something: it is refused for its size alone, and whatever expression
 * comes of it SQLite understands. A text that is its own query is found by it. */
#include "fuzz.h"

#include <sqlite3.h>

#include "base/limits.h"
#include "index/search_query.h"
#include "index/search_text.h"

enum { MAX_OUT_BYTES = 1 << 20 };

static sqlite3 *open_table(void)
{
    sqlite3 *handle;
    FUZZ_CHECK(sqlite3_open(":memory:", &handle) == SQLITE_OK);
    FUZZ_CHECK(sqlite3_exec(handle,
                            "CREATE VIRTUAL TABLE text USING fts5(title, body, code, content='',"
                            " tokenize=\"" HANSE_TOKENIZER "\")",
                            NULL, NULL, NULL) == SQLITE_OK);
    return handle;
}

/* The only row. */
static void insert(sqlite3 *handle, struct hanse_bytes body)
{
    sqlite3_stmt *statement;
    FUZZ_CHECK(sqlite3_exec(handle, "INSERT INTO text (text) VALUES ('delete-all')", NULL, NULL, NULL) ==
               SQLITE_OK);
    FUZZ_CHECK(sqlite3_prepare_v2(handle, "INSERT INTO text (rowid, body) VALUES (1, ?1)", -1, &statement,
                                  NULL) == SQLITE_OK);
    FUZZ_CHECK(sqlite3_bind_text(statement, 1, (const char *)body.data, (int)body.size, SQLITE_STATIC) ==
               SQLITE_OK);
    FUZZ_CHECK(sqlite3_step(statement) == SQLITE_DONE);
    (void)sqlite3_finalize(statement);
}

/* Whether row 1 matches; the expression must be understood. */
static bool matches(sqlite3 *handle, struct hanse_bytes expression)
{
    sqlite3_stmt *statement;
    FUZZ_CHECK(sqlite3_prepare_v2(handle, "SELECT rowid FROM text WHERE text MATCH ?1", -1, &statement,
                                  NULL) == SQLITE_OK);
    FUZZ_CHECK(sqlite3_bind_text(statement, 1, (const char *)expression.data, (int)expression.size,
                                 SQLITE_STATIC) == SQLITE_OK);
    int code = sqlite3_step(statement);
    FUZZ_CHECK(code == SQLITE_ROW || code == SQLITE_DONE);
    (void)sqlite3_finalize(statement);
    return code == SQLITE_ROW;
}

static void check_query(struct hanse_tokenizer *tokenizer, sqlite3 *handle, struct hanse_bytes text)
{
    static struct hanse_search_query query;
    struct hanse_error err;
    const char *const code[] = {"code"};
    const struct hanse_search_codes codes = {code, 1};
    HANSE_SCOPED_BUFFER struct hanse_buffer expression;
    hanse_buffer_init(&expression, MAX_OUT_BYTES);
    enum hanse_status status = hanse_search_query_parse(tokenizer, text, &query, &err);
    if (status == HANSE_OK) {
        fuzz_must(hanse_search_query_write(&query, NULL, 0, &expression, &err));
        bool found = expression.size > 0 && matches(handle, hanse_buffer_view(&expression));
        bool all_wanted = query.wanted_count == query.term_count && query.wanted_count > 0;
        FUZZ_CHECK(!all_wanted || found);
        hanse_buffer_clear(&expression);
        fuzz_must(hanse_search_query_write(&query, &codes, 1, &expression, &err));
        FUZZ_CHECK(!matches(handle, hanse_buffer_view(&expression)));
    } else {
        FUZZ_CHECK(status == HANSE_LIMIT);
        fuzz_check_failure(status, &err, text.size);
    }
    hanse_search_query_release(&query);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hanse_bytes text = hanse_bytes_of(data, size);
    static struct hanse_tokenizer *tokenizer; /* to make table and tokenizer takes longer than to use them */
    static sqlite3 *handle;
    HANSE_SCOPED_BUFFER struct hanse_buffer folded;
    hanse_buffer_init(&folded, MAX_OUT_BYTES);
    if (size > 2 * HANSE_MAX_SEARCH_BYTES)
        return 0;
    if (handle == NULL) {
        handle = open_table();
        fuzz_must(hanse_tokenizer_new(&tokenizer, NULL));
    }
    fuzz_must(hanse_search_text_append(text, HANSE_SEARCH_TEXT_HELD, &folded, NULL, NULL, NULL));
    insert(handle, hanse_buffer_view(&folded));
    check_query(tokenizer, handle, text);
    return 0;
}
