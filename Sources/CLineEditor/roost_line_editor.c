#define _GNU_SOURCE
#include "roost_line_editor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

enum { MOST_HISTORY = 1000 };

// Texts that other threads want shown, and whether to stop: guarded by `lock`, announced by a byte in the pipe.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *waiting;
static size_t waiting_size;
static bool editing, stopping;
static int wake[2] = {-1, -1};

// Of the thread that edits.
static char prompt[64];
static roost_line_handler handle_line;
static roost_completer complete_line;
static void *context;
static bool ended;

static void write_all(const char *text, size_t size) {
  while (size > 0) {
    ssize_t written = write(STDOUT_FILENO, text, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text += written;
    size -= (size_t)written;
  }
}

void roost_edit_prompt(const char *text) { snprintf(prompt, sizeof prompt, "%s", text); }

static void notify(void) {
  char byte = 0;
  if (write(wake[1], &byte, 1) < 0) return; // the pipe is full: the thread will wake all the same
}

void roost_edit_print(const char *text) {
  pthread_mutex_lock(&lock);
  size_t size = strlen(text);
  if (editing) {
    char *larger = realloc(waiting, waiting_size + size);
    if (larger) {
      waiting = larger;
      memcpy(waiting + waiting_size, text, size);
      waiting_size += size;
    }
    notify();
  } else {
    write_all(text, size);
  }
  pthread_mutex_unlock(&lock);
}

void roost_edit_stop(void) {
  pthread_mutex_lock(&lock);
  stopping = true;
  if (editing) notify();
  pthread_mutex_unlock(&lock);
}

// Shows what has come from other threads, between the lines already there and the one being typed.
static bool show_waiting(void) {
  char drained[64];
  while (read(wake[0], drained, sizeof drained) > 0) {}
  pthread_mutex_lock(&lock);
  if (waiting_size > 0) {
    write_all("\r\033[K", 4);
    write_all(waiting, waiting_size);
    waiting_size = 0;
    rl_on_new_line();
    rl_redisplay();
  }
  bool stop = stopping;
  pthread_mutex_unlock(&lock);
  return !stop;
}

// Other threads may write straight to the terminal while a line is carried out: there is no prompt on the screen.
static void set_editing(bool on) {
  pthread_mutex_lock(&lock);
  editing = on;
  if (!on && waiting_size > 0) {
    write_all(waiting, waiting_size);
    waiting_size = 0;
  }
  pthread_mutex_unlock(&lock);
}

static void take_line(char *line) {
  if (!line) {
    ended = true;
    rl_callback_handler_remove();
    write_all("\n", 1);
    return;
  }
  rl_callback_handler_remove();
  set_editing(false);
  if (*line) {
    add_history(line);
    handle_line(context, line);
  }
  free(line);
  set_editing(true);
  rl_callback_handler_install(prompt, take_line);
}

static char *next_candidate(const char *word, int state) {
  static char *candidates, *rest;
  if (state == 0) {
    free(candidates);
    char *line = strndup(rl_line_buffer, (size_t)rl_point);
    candidates = rest = line ? complete_line(context, line) : NULL;
    free(line);
  }
  size_t length = strlen(word);
  while (rest && *rest) {
    char *candidate = strsep(&rest, "\n");
    if (strncmp(candidate, word, length) == 0) return strdup(candidate);
  }
  return NULL;
}

static char **complete_word(const char *word, int start, int end) {
  (void)start, (void)end;
  rl_attempted_completion_over = 1; // no file names
  return rl_completion_matches(word, next_candidate);
}

bool roost_edit_lines(const char *prompt_text, const char *history_file, roost_line_handler handle, roost_completer complete, void *context_) {
  if (pipe2(wake, O_NONBLOCK | O_CLOEXEC) != 0) return false;
  roost_edit_prompt(prompt_text);
  handle_line = handle;
  complete_line = complete;
  context = context_;
  ended = false;
  rl_readline_name = "roost";
  rl_catch_signals = 0; // the program has its own
  rl_attempted_completion_function = complete_word;
  rl_basic_word_break_characters = " \t";
  stifle_history(MOST_HISTORY);
  if (history_file) read_history(history_file);

  set_editing(true);
  rl_callback_handler_install(prompt, take_line);
  struct pollfd inputs[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = wake[0], .events = POLLIN}};
  while (!ended) {
    if (poll(inputs, 2, -1) < 0 && errno != EINTR) break;
    if (inputs[1].revents && !show_waiting()) break;
    if (inputs[0].revents) rl_callback_read_char();
  }
  if (!ended) rl_callback_handler_remove();
  set_editing(false);
  if (history_file) write_history(history_file);
  close(wake[0]);
  close(wake[1]);
  return true;
}
