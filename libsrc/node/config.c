/* SPDX-License-Identifier: Apache-2.0 */
#include "node/config.h"

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "log/origin.h"
#include "node/files/layout.h"

enum { MAX_CONFIG_BYTES = 64 << 10 };

static struct hanse_bytes trim(struct hanse_bytes text)
{
    while (text.size > 0 && (text.data[0] == ' ' || text.data[0] == '\t'))
        text = hanse_bytes_slice(text, 1, text.size);
    while (text.size > 0 && (text.data[text.size - 1] == ' ' || text.data[text.size - 1] == '\t' ||
                             text.data[text.size - 1] == '\r'))
        text.size--;
    return text;
}

static enum hanse_status add_own_feed(struct hanse_node *node, struct hanse_bytes origin,
                                      struct hanse_error *err)
{
    enum hanse_status status = hanse_origin_check(origin, err);
    if (status == HANSE_OK && node->own_count == HANSE_MAX_OWN_FEEDS)
        status = hanse_fail(err, HANSE_LIMIT, "more than %d own feeds", HANSE_MAX_OWN_FEEDS);
    for (size_t i = 0; i < node->own_count && status == HANSE_OK; i++)
        if (hanse_bytes_equal_text(origin, node->own_origins[i]))
            status = hanse_fail(err, HANSE_MALFORMED, "own feed \"%s\" occurs twice", node->own_origins[i]);
    if (status != HANSE_OK)
        return status;
    node->own_origins[node->own_count] = hanse_strndup((const char *)origin.data, origin.size);
    if (node->own_origins[node->own_count] == NULL)
        return hanse_fail_memory(err);
    node->own_count++;
    return HANSE_OK;
}

static enum hanse_status set_state_dir(struct hanse_node *node, struct hanse_bytes path,
                                       struct hanse_error *err)
{
    if (path.size == 0 || path.data[0] != '/' || node->state_dir != NULL)
        return hanse_fail(err, HANSE_MALFORMED, "state-dir is one absolute path");
    node->state_dir = hanse_strndup((const char *)path.data, path.size);
    return node->state_dir != NULL ? HANSE_OK : hanse_fail_memory(err);
}

static enum hanse_status read_line(struct hanse_node *node, struct hanse_bytes line, struct hanse_error *err)
{
    line = trim(line);
    if (line.size == 0 || line.data[0] == '#')
        return HANSE_OK;
    size_t equals = hanse_bytes_find(line, 0, '=');
    struct hanse_bytes key = trim(hanse_bytes_slice(line, 0, equals));
    struct hanse_bytes value = trim(hanse_bytes_slice(line, equals + 1, line.size));
    if (equals < line.size && hanse_bytes_equal_text(key, "own-feed"))
        return add_own_feed(node, value, err);
    if (equals < line.size && hanse_bytes_equal_text(key, "state-dir"))
        return set_state_dir(node, value, err);
    return hanse_fail(err, HANSE_MALFORMED, "unknown setting \"%.*s\"; known are: own-feed, state-dir",
                      (int)key.size, (const char *)key.data);
}

enum hanse_status hanse_config_parse(struct hanse_node *node, struct hanse_bytes text, const char *path,
                                     struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    unsigned line_number = 0;
    for (size_t at = 0; at < text.size && status == HANSE_OK;) {
        size_t end = hanse_bytes_find(text, at, '\n');
        line_number++;
        status = read_line(node, hanse_bytes_slice(text, at, end - at), err);
        if (status != HANSE_OK)
            status = hanse_fail_within(err, status, "line %u of \"%s\"", line_number, path);
        at = end + 1;
    }
    if (status == HANSE_OK && node->own_count == 0)
        status = hanse_fail(err, HANSE_MALFORMED, "no own-feed in \"%s\"", path);
    return status;
}

enum hanse_status hanse_config_read(struct hanse_node *node, struct hanse_error *err)
{
    struct hanse_path path;
    struct hanse_buffer text __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&text, MAX_CONFIG_BYTES + 1);
    enum hanse_status status = hanse_layout_private(node->dir.text, "config", &path, err);
    if (status == HANSE_OK)
        status = hanse_file_read(path.text, MAX_CONFIG_BYTES, &text, err);
    return status == HANSE_OK ? hanse_config_parse(node, hanse_buffer_view(&text), path.text, err) : status;
}

enum hanse_status hanse_config_write(const char *node_dir, const char *origin, struct hanse_error *err)
{
    struct hanse_path path;
    struct hanse_buffer text __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&text, MAX_CONFIG_BYTES);
    enum hanse_status status = hanse_layout_private(node_dir, "config", &path, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_format(
            &text, err, "# Settings of this node; see docs/manual.md.\nown-feed = %s\n", origin);
    return status == HANSE_OK
               ? hanse_file_replace(path.text, hanse_buffer_view(&text), HANSE_MODE_PRIVATE_FILE, err)
               : status;
}

static enum hanse_status append_line(const struct hanse_node *node, const char *origin,
                                     struct hanse_error *err)
{
    struct hanse_path path;
    struct hanse_buffer text __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&text, MAX_CONFIG_BYTES);
    enum hanse_status status = hanse_layout_private(node->dir.text, "config", &path, err);
    if (status == HANSE_OK)
        status = hanse_file_read(path.text, MAX_CONFIG_BYTES - 1, &text, err);
    bool ends = text.size == 0 || text.data[text.size - 1] == '\n';
    if (status == HANSE_OK)
        status = hanse_buffer_append_format(&text, err, "%sown-feed = %s\n", ends ? "" : "\n", origin);
    return status == HANSE_OK
               ? hanse_file_replace(path.text, hanse_buffer_view(&text), HANSE_MODE_PRIVATE_FILE, err)
               : status;
}

enum hanse_status hanse_config_add(struct hanse_node *node, const char *origin, struct hanse_error *err)
{
    enum hanse_status status = add_own_feed(node, hanse_bytes_of_text(origin), err);
    if (status != HANSE_OK)
        return status;
    status = append_line(node, origin, err);
    if (status != HANSE_OK) {
        node->own_count--;
        hanse_free(node->own_origins[node->own_count]);
        node->own_origins[node->own_count] = NULL;
    }
    return status;
}
