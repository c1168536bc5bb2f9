/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzzer over files, without libFuzzer: replay FOLDER|FILE ... Nothing at all to run is a failure. */
#include <dirent.h>
#include <sys/stat.h>

#include "fuzz.h"

enum { PATH_BYTES = 4096 };

static bool run_file(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    /* Just as long as the file, so that sanitizers see a read past its end. */
    uint8_t *data = malloc(size > 0 ? size : 1);
    bool ok = file != NULL && data != NULL && fread(data, 1, size, file) == size;
    if (file != NULL)
        (void)fclose(file);
    if (ok)
        (void)LLVMFuzzerTestOneInput(data, size);
    free(data);
    return ok;
}

static bool run(const char *path, size_t *count);

static bool run_folder(const char *path, size_t *count)
{
    DIR *folder = opendir(path);
    bool ok = folder != NULL;
    for (struct dirent *entry = ok ? readdir(folder) : NULL; entry != NULL; entry = readdir(folder)) {
        char name[PATH_BYTES];
        int size = snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.')
            ok = size > 0 && size < PATH_BYTES && run(name, count) && ok;
    }
    if (folder != NULL)
        (void)closedir(folder);
    return ok;
}

static bool run(const char *path, size_t *count)
{
    struct stat facts;
    if (stat(path, &facts) != 0)
        return false;
    if (S_ISDIR(facts.st_mode))
        return run_folder(path, count);
    ++*count;
    /* Before the run: should it end here, the last line says where. */
    (void)fprintf(stderr, "%s\n", path);
    return run_file(path, (size_t)facts.st_size);
}

int main(int argc, char **argv)
{
    size_t count = 0;
    bool ok = true;
    for (int i = 1; i < argc; i++)
        ok = run(argv[i], &count) && ok;
    (void)printf("%zu inputs\n", count);
    return ok && count > 0 ? 0 : 1;
}
