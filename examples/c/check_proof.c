/* SPDX-License-Identifier: Apache-2.0 */
/* Checks a proof offline: no node, no network, only the feed's key.
 * Usage: check_proof FILE KEY       FILE is what 'hanse prove ID' wrote */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <hanse/hanse.h>

static uint8_t *read_file(const char *path, size_t *out_size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(HANSE_PROOF_BYTES + 1);
    if (file == NULL || data == NULL) {
        perror(path);
        exit(1);
    }
    *out_size = fread(data, 1, HANSE_PROOF_BYTES + 1, file);
    fclose(file);
    return data;
}

static void print_facts(void *context, const struct hanse_proof_facts *facts)
{
    (void)context;
    printf("feed %s, signed with %" PRIu64 " entries\n", facts->feed, facts->size);
    if (facts->fork != NULL)
        printf("forked: the key signed two different trees of %" PRIu64 " entries\n", facts->fork->size);
    else
        printf("record %s of kind %s, published in entry %" PRIu64 "\n", facts->item->id, facts->item->kind,
               facts->item->entry_index);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: check_proof FILE KEY\n", stderr);
        return 2;
    }
    size_t size;
    uint8_t *data = read_file(argv[1], &size);
    struct hanse_error err;
    enum hanse_status status =
        hanse_proof_check((struct hanse_bytes){data, size}, argv[2], print_facts, NULL, &err);
    free(data);
    if (status == HANSE_OK)
        return 0;
    fprintf(stderr, "check_proof: %s (%s)\n", err.message, hanse_status_name(status));
    return 1;
}
