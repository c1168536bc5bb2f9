/* SPDX-License-Identifier: Apache-2.0 */
/* A text in the user's editor. */
#include "editor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "input.h"

enum { MAX_TEXT_BYTES = 64 << 20 };

static int fail_file(const char *path)
{
    cli_complain("is there room in $TMPDIR or /tmp?", "writing '%s' failed: %s", path, strerror(errno));
    return CLI_FAILED;
}

int editor_start(struct editor *editor, const char *text)
{
    const char *folder = getenv("TMPDIR");
    if (folder == NULL || *folder == '\0' || strlen(folder) > 400) {
        folder = "/tmp";
    }
    (void)snprintf(editor->path, sizeof editor->path, "%s/hanse-edit-XXXXXX", folder);
    int fd = mkstemp(editor->path);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (file == NULL) {
        int code = fail_file(editor->path);
        editor->path[0] = '\0';
        return code;
    }
    bool written = fputs(text, file) >= 0;
    written = fclose(file) == 0 && written;
    return written ? CLI_DONE : fail_file(editor->path);
}

static const char *editor_command(void)
{
    static const char *const names[] = {"VISUAL", "EDITOR"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && *value != '\0') {
            return value;
        }
    }
    return "vi";
}

int editor_run(const struct editor *editor, uint8_t **out, size_t *out_size)
{
    const char *command = editor_command();
    /* The shell takes the command apart, as git does: it may have options. */
    char line[4096];
    int length = snprintf(line, sizeof line, "%s \"$HANSE_EDIT_FILE\"", command);
    if (length < 0 || (size_t)length >= sizeof line || setenv("HANSE_EDIT_FILE", editor->path, 1) != 0) {
        cli_complain(NULL, "starting the editor failed: $EDITOR is too long");
        return CLI_FAILED;
    }
    (void)fflush(NULL);
    int result = system(line);
    if (result == -1 || !WIFEXITED(result) || WEXITSTATUS(result) != 0) {
        cli_complain("set $EDITOR to an editor that waits until the file is closed, or use --set",
                     "the editor '%s' failed", command);
        return CLI_FAILED;
    }
    return input_read(editor->path, MAX_TEXT_BYTES, "give one record", out, out_size);
}

bool editor_ask_again(void)
{
    if (isatty(STDIN_FILENO) != 1 || isatty(STDERR_FILENO) != 1) {
        return false;
    }
    (void)fputs("open the editor again? [Y/n] ", stderr);
    (void)fflush(stderr);
    char answer[16];
    return fgets(answer, sizeof answer, stdin) != NULL && answer[0] != 'n' && answer[0] != 'N';
}

void editor_drop(struct editor *editor)
{
    if (editor->path[0] != '\0') {
        (void)unlink(editor->path);
        editor->path[0] = '\0';
    }
}

/* Where the indented text goes; without a buffer it is only measured. */
struct pretty {
    char *out;
    size_t size;
    size_t depth;
};

static void put(struct pretty *pretty, char c)
{
    if (pretty->out != NULL) {
        pretty->out[pretty->size] = c;
    }
    pretty->size++;
}

static void put_line(struct pretty *pretty)
{
    put(pretty, '\n');
    for (size_t i = 0; i < 2 * pretty->depth; i++) {
        put(pretty, ' ');
    }
}

/* A string from its opening quote on; the place behind it. */
static const char *put_string(struct pretty *pretty, const char *at)
{
    put(pretty, *at++);
    while (*at != '\0' && *at != '"') {
        if (*at == '\\' && at[1] != '\0') {
            put(pretty, *at++);
        }
        put(pretty, *at++);
    }
    if (*at == '"') {
        put(pretty, *at++);
    }
    return at;
}

static const char *put_token(struct pretty *pretty, const char *at)
{
    bool opens = *at == '{' || *at == '[';
    bool closes = *at == '}' || *at == ']';
    if (opens && at[1] == *at + 2) {
        put(pretty, *at++);
    } else if (closes && pretty->depth > 0) {
        pretty->depth--;
        put_line(pretty);
    }
    put(pretty, *at);
    if (opens && at[0] != '}' && at[0] != ']') {
        pretty->depth++;
        put_line(pretty);
    } else if (*at == ',') {
        put_line(pretty);
    } else if (*at == ':') {
        put(pretty, ' ');
    }
    return at + 1;
}

static void write_pretty(struct pretty *pretty, const char *json)
{
    while (*json != '\0') {
        if (*json == '"') {
            json = put_string(pretty, json);
        } else if (*json == ' ' || *json == '\n') {
            json++;
        } else {
            json = put_token(pretty, json);
        }
    }
    put(pretty, '\n');
    put(pretty, '\0');
}

char *editor_pretty(const char *json)
{
    struct pretty measure = {0};
    write_pretty(&measure, json);
    struct pretty pretty = {.out = malloc(measure.size)};
    if (pretty.out != NULL) {
        write_pretty(&pretty, json);
    }
    return pretty.out;
}
