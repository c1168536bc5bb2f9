/* SPDX-License-Identifier: Apache-2.0 */
#include "node/outside_state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"

#define FIRST_LINE "hanse state 1"
enum { MAX_STATE_BYTES = 1024, STATE_LINES = 4 };

enum hanse_status hanse_outside_state_dir(const struct hanse_node *node, struct hanse_path *out,
                                          struct hanse_error *err)
{
    const char *xdg = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    if (node->state_dir != NULL)
        return hanse_path_format(out, err, "%s", node->state_dir);
    if (xdg != NULL && xdg[0] == '/')
        return hanse_path_format(out, err, "%s/hanse", xdg);
    if (home != NULL && home[0] == '/')
        return hanse_path_format(out, err, "%s/.local/state/hanse", home);
    return hanse_path_format(out, err, "/var/lib/hanse");
}

static enum hanse_status state_path(const struct hanse_node *node, const char *origin, const uint8_t key[33],
                                    struct hanse_path *folder, struct hanse_path *out,
                                    struct hanse_error *err)
{
    char hex[2 * HANSE_DIGEST_BYTES + 1];
    struct hanse_digest digest;
    struct hanse_buffer name __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&name, MAX_STATE_BYTES);
    enum hanse_status status = hanse_buffer_append_format(&name, err, "%s\n", origin);
    if (status == HANSE_OK)
        status = hanse_buffer_append(&name, hanse_bytes_of(key, 33), err);
    if (status == HANSE_OK)
        status = hanse_digest_compute(hanse_buffer_view(&name), &digest, err);
    if (status == HANSE_OK)
        status = hanse_outside_state_dir(node, folder, err);
    if (status != HANSE_OK)
        return status;
    hanse_hex_encode(hanse_digest_view(&digest), hex);
    return hanse_path_format(out, err, "%s/%s", folder->text, hex);
}

/* Exactly four lines. */
static bool split_lines(struct hanse_bytes text, struct hanse_bytes lines[STATE_LINES])
{
    size_t at = 0;
    for (size_t i = 0; i < STATE_LINES; i++) {
        size_t end = hanse_bytes_find(text, at, '\n');
        if (end == text.size)
            return false;
        lines[i] = hanse_bytes_slice(text, at, end - at);
        at = end + 1;
    }
    return at == text.size;
}

enum hanse_status hanse_outside_state_read(const struct hanse_node *node, const char *origin,
                                           const uint8_t key[33], struct hanse_outside_state *out,
                                           struct hanse_error *err)
{
    struct hanse_path folder;
    struct hanse_path path;
    struct hanse_outside_state state;
    struct hanse_bytes lines[STATE_LINES];
    struct hanse_buffer text __attribute__((cleanup(hanse_buffer_release)));
    struct hanse_buffer root __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&text, MAX_STATE_BYTES);
    hanse_buffer_init(&root, MAX_STATE_BYTES);
    enum hanse_status status = state_path(node, origin, key, &folder, &path, err);
    if (status == HANSE_OK)
        status = hanse_file_read(path.text, MAX_STATE_BYTES - 1, &text, err);
    if (status != HANSE_OK)
        return status;
    bool readable = split_lines(hanse_buffer_view(&text), lines) &&
                    hanse_bytes_equal_text(lines[0], FIRST_LINE) &&
                    hanse_bytes_equal_text(lines[1], origin) && hanse_decimal_decode(lines[2], &state.size);
    if (readable)
        status = hanse_base64_decode(lines[3], &root, err);
    if (status == HANSE_NO_MEMORY)
        return status;
    readable =
        readable && status == HANSE_OK && hanse_digest_from_bytes(hanse_buffer_view(&root), &state.root);
    if (!readable)
        return hanse_fail(err, HANSE_MALFORMED, "state file \"%s\" is not readable", path.text);
    *out = state;
    return HANSE_OK;
}

enum hanse_status hanse_outside_state_write(const struct hanse_node *node, const char *origin,
                                            const uint8_t key[33], const struct hanse_outside_state *state,
                                            struct hanse_error *err)
{
    struct hanse_path folder;
    struct hanse_path path;
    struct hanse_buffer text __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&text, MAX_STATE_BYTES);
    enum hanse_status status = state_path(node, origin, key, &folder, &path, err);
    if (status == HANSE_OK)
        status = hanse_file_make_dirs(folder.text, HANSE_MODE_PRIVATE_DIR, err);
    if (status == HANSE_OK)
        status =
            hanse_buffer_append_format(&text, err, FIRST_LINE "\n%s\n%" PRIu64 "\n", origin, state->size);
    if (status == HANSE_OK)
        status = hanse_base64_encode(hanse_digest_view(&state->root), &text, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_text(&text, "\n", err);
    if (status == HANSE_OK)
        status = hanse_file_replace(path.text, hanse_buffer_view(&text), HANSE_MODE_PRIVATE_FILE, err);
    return status == HANSE_OK
               ? HANSE_OK
               : hanse_fail_within(err, status,
                                   "what was published cannot be noted outside the node (set state-dir in "
                                   "private/config)");
}

enum hanse_status hanse_outside_state_raise(const struct hanse_node *node, const char *origin,
                                            const uint8_t key[33], const struct hanse_outside_state *state,
                                            struct hanse_error *err)
{
    struct hanse_outside_state known;
    enum hanse_status status = hanse_outside_state_read(node, origin, key, &known, err);
    if (status == HANSE_NOT_FOUND || (status == HANSE_OK && known.size < state->size))
        status = hanse_outside_state_write(node, origin, key, state, err);
    return status;
}

enum hanse_status hanse_outside_state_check(const struct hanse_node *node, const char *origin,
                                            const uint8_t key[33], uint64_t size,
                                            const struct hanse_digest *root, struct hanse_error *err)
{
    struct hanse_outside_state state;
    enum hanse_status status = hanse_outside_state_read(node, origin, key, &state, err);
    if (status == HANSE_NOT_FOUND && size == 0)
        return HANSE_OK;
    if (status == HANSE_NOT_FOUND)
        return hanse_fail(err, HANSE_BEHIND,
                          "nothing outside this node says that its %" PRIu64
                          " entries are the newest of \"%s\"",
                          size, origin);
    if (status != HANSE_OK)
        return status;
    if (state.size > size)
        return hanse_fail(err, HANSE_BEHIND,
                          "node holds %" PRIu64 " entries of \"%s\", but %" PRIu64
                          " were published: it is a restored backup or a second copy",
                          size, origin, state.size);
    if (state.size == size && !hanse_digest_equal(&state.root, root))
        return hanse_fail(err, HANSE_BEHIND,
                          "other entries than these %" PRIu64
                          " of \"%s\" were published: it is a second copy",
                          size, origin);
    return HANSE_OK;
}
