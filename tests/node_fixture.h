/* SPDX-License-Identifier: Apache-2.0 */
/* Nodes in a test's folder, and following and syncing between them through file: URLs. */
#ifndef HANSE_TESTS_NODE_FIXTURE_H
#define HANSE_TESTS_NODE_FIXTURE_H

#include "folder_fixture.h"

#include <stdio.h>

#include <hanse/hanse.h>

#define FIXTURE_UNUSED __attribute__((unused))

FIXTURE_UNUSED static void run(const char *command)
{
    assert_int_equal(system(command), 0);
}

FIXTURE_UNUSED static struct hanse_node *make_node(struct folder *folder, const char *name,
                                                   const char *origin)
{
    struct hanse_path dir;
    struct hanse_node *node = NULL;
    struct hanse_init_options options = {.version = HANSE_INIT_OPTIONS_VERSION, .origin = origin};
    ASSERT_OK(folder, hanse_path_format(&dir, &folder->err, "%s/%s", folder->dir, name));
    ASSERT_OK(folder, hanse_node_init(dir.text, &options, &folder->err));
    ASSERT_OK(folder, hanse_node_open(dir.text, &node, &folder->err));
    return node;
}

struct outcome {
    enum hanse_sync_outcome outcome;
    uint64_t new_size;
    uint64_t bytes;
    char message[HANSE_ERROR_MESSAGE_BYTES];
};

FIXTURE_UNUSED static void keep(void *context, const struct hanse_sync_result *result)
{
    struct outcome *outcome = context;
    outcome->outcome = result->outcome;
    outcome->new_size = result->new_size;
    outcome->bytes = result->bytes;
    (void)snprintf(outcome->message, sizeof outcome->message, "%s", result->message);
}

FIXTURE_UNUSED static struct outcome sync(struct folder *folder, struct hanse_node *node)
{
    struct outcome outcome = {.outcome = HANSE_SYNC_FAILED};
    struct hanse_sync_options options = {.version = 1, .visit = keep, .context = &outcome};
    ASSERT_OK(folder, hanse_sync(node, &options, &folder->err));
    return outcome;
}

FIXTURE_UNUSED static void follow(struct folder *folder, struct hanse_node *node, const char *key,
                                  const char *place)
{
    char url[256];
    (void)snprintf(url, sizeof url, "file://%s/%s/", folder->dir, place);
    struct hanse_follow_options options = {.version = 1, .url = url, .verifier_key = key};
    ASSERT_OK(folder, hanse_feed_follow(node, &options, &folder->err));
}

FIXTURE_UNUSED static enum hanse_status verify(struct folder *folder, struct hanse_node *node)
{
    struct hanse_verify_options options = {.version = 1};
    return hanse_verify_node(node, NULL, &options, &folder->err);
}

#endif
