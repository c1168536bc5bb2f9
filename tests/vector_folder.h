/* SPDX-License-Identifier: Apache-2.0 */
/* The feeds of tests/vectors/feeds.json as folders. */
#ifndef HANSE_TESTS_VECTOR_FOLDER_H
#define HANSE_TESTS_VECTOR_FOLDER_H

#include "node_support.h"
#include "vector_support.h"

#include <ctype.h>

static json_t *all_feeds;

VECTOR_UNUSED static const json_t *feed_named(const char *name)
{
    size_t index;
    const json_t *feed;
    json_array_foreach(all_feeds, index, feed)
    {
        if (strcmp(text_of(feed, "name"), name) == 0)
            return feed;
    }
    fail_msg("no feed \"%s\" in the vectors", name);
    return NULL;
}

/* Writes the files of the feed: those of its base with its own over them. */
VECTOR_UNUSED static void write_feed(const json_t *vector, const char *dir)
{
    if (text_of(vector, "base") != NULL)
        write_feed(feed_named(text_of(vector, "base")), dir);
    const char *name;
    json_t *value;
    json_object_foreach(json_object_get(vector, "files"), name, value)
    {
        char path[700];
        (void)snprintf(path, sizeof path, "%s/%s", dir, name);
        if (json_is_null(value)) {
            assert_int_equal(unlink(path), 0);
            continue;
        }
        char *slash = strrchr(path, '/');
        *slash = '\0';
        MUST(hanse_file_make_dirs(path, 0755, &node_err));
        *slash = '/';
        write_file(path, bytes_of_text(json_string_value(value)));
    }
}

/* The feed in a folder of its own. */
VECTOR_UNUSED static const char *feed_folder(const json_t *vector)
{
    static char dir[256];
    (void)snprintf(dir, sizeof dir, "%s", at("%s", text_of(vector, "name")));
    for (char *p = dir + strlen(work_dir) + 1; *p != '\0'; p++)
        if (!isalnum((unsigned char)*p))
            *p = '-';
    shell("rm -rf '%s'", dir);
    write_feed(vector, dir);
    return dir;
}

VECTOR_UNUSED static int load_feeds(void **state)
{
    (void)state;
    hanse_arena_init(&vector_arena, 256u << 20);
    all_feeds = load_vectors("feeds");
    return 0;
}

VECTOR_UNUSED static int unload_feeds(void **state)
{
    (void)state;
    json_decref(all_feeds);
    hanse_arena_release(&vector_arena);
    return 0;
}

#endif
