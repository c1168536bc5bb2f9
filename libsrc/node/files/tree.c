/* SPDX-License-Identifier: Apache-2.0 */
#include "node/files/tree.h"

#include "base/error.h"

enum { MAX_DEPTH = 16 };

struct walk {
    const char *dir;
    const char *below;
    unsigned depth;
    bool removes; /* everything that is met */
    hanse_tree_visit *visit;
    void *context;
};

static enum hanse_status walk_folder(const struct walk *walk, struct hanse_error *err);

static enum hanse_status take_name(void *context, const char *name, bool is_dir, struct hanse_error *err)
{
    const struct walk *walk = context;
    struct hanse_path below;
    struct hanse_path path;
    enum hanse_status status =
        hanse_path_format(&below, err, "%s%s%s", walk->below, walk->below[0] != '\0' ? "/" : "", name);
    if (status == HANSE_OK)
        status = hanse_path_format(&path, err, "%s/%s", walk->dir, below.text);
    if (status != HANSE_OK)
        return status;
    if (!is_dir)
        return walk->removes ? hanse_file_remove(path.text, err)
                             : walk->visit(walk->context, below.text, err);
    struct walk deeper = *walk;
    deeper.below = below.text;
    deeper.depth++;
    status = walk_folder(&deeper, err);
    return status == HANSE_OK && walk->removes ? hanse_file_remove_dir(path.text, err) : status;
}

static enum hanse_status walk_folder(const struct walk *walk, struct hanse_error *err)
{
    struct hanse_path path;
    if (walk->depth > MAX_DEPTH)
        return hanse_fail(err, HANSE_LIMIT, "folders lie too deep in \"%s\"", walk->dir);
    enum hanse_status status = walk->below[0] != '\0'
                                   ? hanse_path_format(&path, err, "%s/%s", walk->dir, walk->below)
                                   : hanse_path_format(&path, err, "%s", walk->dir);
    struct walk here = *walk;
    return status == HANSE_OK ? hanse_file_list(path.text, take_name, &here, err) : status;
}

enum hanse_status hanse_tree_walk(const char *dir, const char *below, hanse_tree_visit *visit, void *context,
                                  struct hanse_error *err)
{
    const struct walk walk = {.dir = dir, .below = below, .visit = visit, .context = context};
    return walk_folder(&walk, err);
}

enum hanse_status hanse_tree_remove(const char *dir, struct hanse_error *err)
{
    struct hanse_path checkpoint;
    const struct walk walk = {.dir = dir, .below = "", .removes = true};
    if (!hanse_file_exists(dir))
        return HANSE_OK;
    enum hanse_status status = hanse_path_format(&checkpoint, err, "%s/checkpoint", dir);
    if (status == HANSE_OK && hanse_file_exists(checkpoint.text))
        status = hanse_file_remove(checkpoint.text, err);
    if (status == HANSE_OK)
        status = walk_folder(&walk, err);
    return status == HANSE_OK ? hanse_file_remove_dir(dir, err) : status;
}
