/* SPDX-License-Identifier: Apache-2.0 */
/* Follows a feed, fetches and verifies what is new, and prints the title of each project.
 * Usage: follow NODE URL KEY [PIN]
 * NODE is a node that exists ('hanse init' or the example publish makes one). */
#include <inttypes.h>
#include <stdio.h>

#include <hanse/hanse.h>

static int fail(const struct hanse_error *err)
{
    fprintf(stderr, "follow: %s (%s)\n", err->message, hanse_status_name(err->status));
    return 1;
}

/* The outcomes up to HANSE_SYNC_STALE mean that what is held is verified and usable. */
static void print_outcome(void *context, const struct hanse_sync_result *result)
{
    int *failed = context;
    printf("%s: %s, %" PRIu64 " entries, %" PRIu64 " bytes in %" PRIu64 " requests\n", result->origin,
           hanse_sync_outcome_name(result->outcome), result->new_size, result->bytes, result->requests);
    if (result->outcome > HANSE_SYNC_STALE) {
        fprintf(stderr, "follow: %s\n", result->message);
        *failed = 1;
    }
}

static bool print_progress(void *context, const char *what, uint64_t done, uint64_t total, const char *unit)
{
    (void)context;
    fprintf(stderr, "%s: %" PRIu64 " of %" PRIu64 " %s\n", what, done, total, unit);
    return true; /* false stops the sync; what was verified stays */
}

static enum hanse_status print_title(void *context, const struct hanse_item *item, struct hanse_error *err)
{
    (void)context;
    char *title = NULL;
    if (item->record == NULL ||
        hanse_record_get(item->record, "project.title[0].text", &title, err) != HANSE_OK)
        return HANSE_OK; /* withheld, erased, or without a title */
    printf("%s revision %" PRIu64 ": %s\n", item->id, item->revision, title);
    hanse_free(title);
    return HANSE_OK;
}

int main(int argc, char **argv)
{
    if (argc != 4 && argc != 5) {
        fputs("usage: follow NODE URL KEY [PIN]\n", stderr);
        return 2;
    }
    struct hanse_error err;
    struct hanse_node *node = NULL;
    if (hanse_node_open(argv[1], &node, &err) != HANSE_OK)
        return fail(&err);

    int failed = 0;
    const struct hanse_follow_options feed = {
        .version = 1, .url = argv[2], .verifier_key = argv[3], .pin = argc == 5 ? argv[4] : NULL};
    const struct hanse_sync_options options = {
        .version = 1, .visit = print_outcome, .progress = print_progress, .context = &failed};
    const struct hanse_query projects = {.version = 1, .kind = "Project"};
    if (hanse_feed_follow(node, &feed, &err) != HANSE_OK || hanse_sync(node, &options, &err) != HANSE_OK ||
        hanse_query_list(node, &projects, print_title, NULL, &err) != HANSE_OK)
        failed = fail(&err);
    hanse_node_close(node);
    return failed;
}
