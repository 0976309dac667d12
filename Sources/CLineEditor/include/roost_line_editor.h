// Lines from a terminal, with GNU Readline: editing, history, completion; and output from other threads that does not
// disturb the line being typed.
//
// Readline is not thread-safe, so everything it does happens on the thread that calls roost_edit_lines.

#ifndef ROOST_LINE_EDITOR_H
#define ROOST_LINE_EDITOR_H

#include <stdbool.h>

// Gets each line, without its end. The prompt comes back when it returns.
typedef void (*roost_line_handler)(void *context, const char *line);
// Gets the line up to the cursor; returns candidates for its last word, separated by line feeds, in memory of malloc's.
typedef char *(*roost_completer)(void *context, const char *line);

// Reads lines until the end of input or roost_edit_stop. False if the terminal cannot be used.
bool roost_edit_lines(const char *prompt, const char *history_file, roost_line_handler handle, roost_completer complete, void *context);
// Changes the prompt, from within a line's handler.
void roost_edit_prompt(const char *prompt);
// Shows a text above the line being typed, or at once if none is. From any thread.
void roost_edit_print(const char *text);
// Ends roost_edit_lines. From any thread.
void roost_edit_stop(void);

#endif
