/* SPDX-License-Identifier: Apache-2.0 */
/* A text in the user's editor, in a file of its own that stays until it is dropped. */
#ifndef HANSE_TOOLS_EDITOR_H
#define HANSE_TOOLS_EDITOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct editor {
    char path[512]; /* of the file; empty: none was made */
};

/* Writes the text into a new file (0600) in $TMPDIR or /tmp. Complains and returns an exit code, or CLI_DONE.
 */
int editor_start(struct editor *editor, const char *text);
/* Opens $VISUAL, $EDITOR or vi on it and waits. *out is the text afterwards, to be freed with free(). An
 * editor that fails is complained about: the exit code is returned. */
int editor_run(const struct editor *editor, uint8_t **out, size_t *out_size);
/* Asks on the terminal whether to open the editor again; false where there is no terminal. */
bool editor_ask_again(void);
/* Removes the file. */
void editor_drop(struct editor *editor);

/* JSON on one line, indented by two spaces; to be freed with free(). NULL: memory ran out. */
char *editor_pretty(const char *json);

#endif
