/* SPDX-License-Identifier: Apache-2.0 */
/* private/config, which people edit. */
#include "fuzz.h"

#include "log/origin.h"
#include "node/config.h"

static void check_node(const struct hanse_node *node)
{
    FUZZ_CHECK(node->own_count > 0 && node->own_count <= HANSE_MAX_OWN_FEEDS);
    for (size_t i = 0; i < node->own_count; i++)
        fuzz_must(hanse_origin_check(hanse_bytes_of_text(node->own_origins[i]), NULL));
    FUZZ_CHECK(node->state_dir == NULL || node->state_dir[0] == '/');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hanse_node *node = hanse_alloc_zeroed(1, sizeof *node);
    struct hanse_error err;
    FUZZ_CHECK(node != NULL);
    enum hanse_status status = hanse_config_parse(node, hanse_bytes_of(data, size), "config", &err);
    if (status == HANSE_OK)
        check_node(node);
    else
        fuzz_check_failure(status, &err, size);
    for (size_t i = 0; i < node->own_count; i++)
        hanse_free(node->own_origins[i]);
    hanse_free(node->state_dir);
    hanse_free(node);
    return 0;
}
