// Runs: a call of a plugin's function, in a thread of its own so that it can wait, and what went wrong in it.

#include "bounded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---------------------------------------------------------------------------------------------------------- Errors

static void set_text(roost_buffer *buffer, const char *text) {
  buffer->count = 0;
  roost_append(buffer, text, strlen(text) + 1);
}

static const char *text_of(const roost_buffer *buffer) { return buffer->count ? (const char *)buffer->bytes : ""; }

// Notes where the innermost Lua function of `L` is. [-0, +0, -]
static void note_place(lua_State *L) {
  roost_state *state = roost_of(L);
  lua_Debug where;
  for (int level = 0; lua_getstack(L, level, &where); ++level) {
    if (!lua_getinfo(L, "Sl", &where) || where.currentline <= 0) continue;
    memcpy(state->error_source, where.short_src, sizeof state->error_source);
    state->error_line = where.currentline;
    return;
  }
}

// luaL_traceback looks for the stack's end, by walking there again and again: 100,000 levels take it 20 ms, where no hook is
// heard. Of a stack that is that deep the innermost levels say enough.
enum { DEEP = 1000, SHOWN = 20 };

void roost_traceback(lua_State *L, lua_State *from, const char *message, int level) {
  lua_Debug frame;
  if (!lua_getstack(from, level + DEEP, &frame)) {
    luaL_traceback(L, from, message, level);
    return;
  }
  luaL_Buffer text;
  luaL_buffinit(L, &text);
  if (message) luaL_addstring(&text, message), luaL_addchar(&text, '\n');
  luaL_addstring(&text, "stack traceback:");
  for (int i = level; i < level + SHOWN && lua_getstack(from, i, &frame); ++i) {
    char line[LUA_IDSIZE + 160];
    lua_getinfo(from, "Sln", &frame);
    if (frame.currentline > 0) {
      snprintf(line, sizeof line, "\n\t%s:%d: in %s '%.60s'", frame.short_src, frame.currentline, *frame.namewhat ? frame.namewhat : "function",
               frame.name ? frame.name : "?");
    } else {
      snprintf(line, sizeof line, "\n\t[C]: in %s '%.60s'", *frame.namewhat ? frame.namewhat : "function", frame.name ? frame.name : "?");
    }
    luaL_addstring(&text, line);
  }
  luaL_addstring(&text, "\n\t...\t(more than 1000 levels)");
  luaL_pushresult(&text);
}

void roost_note_coroutine_error(lua_State *L) {
  roost_state *state = roost_of(L);
  note_place(L);
  roost_traceback(L, L, NULL, 1);
  set_text(&state->coroutine_traceback, lua_tostring(L, -1));
  lua_pop(L, 1);
}

enum { HEADROOM = 64 * 1024 };

// The message handler of a run: keeps what the error was while the stack that led to it still stands.
static int note_error(lua_State *L) {
  roost_state *state = roost_of(L);
  if (state->headroom) return 1; // an error while an error was described
  state->headroom = HEADROOM;
  state->message.count = state->traceback.count = 0;
  bool expired = roost_is_expired_error(L, 1);
  const char *from_coroutine = expired ? "" : text_of(&state->coroutine_traceback);
  if (!*from_coroutine) note_place(L);
  roost_traceback(L, L, *from_coroutine ? from_coroutine : NULL, 1);
  set_text(&state->traceback, lua_tostring(L, -1));
  lua_pop(L, 1);
  // An error may be any value, and its __tostring is the plugin's: it runs as part of the run.
  if (!expired) set_text(&state->message, luaL_tolstring(L, 1, NULL));
  lua_settop(L, 1);
  state->headroom = 0;
  return 1;
}

static void forget_error(roost_state *state) {
  state->message.count = state->traceback.count = state->coroutine_traceback.count = 0;
  state->error_source[0] = state->missing[0] = state->missing_of[0] = 0;
  state->error_line = 0;
}

roost_failure roost_error(const roost_state *state) {
  return (roost_failure){
      .message = text_of(&state->message),
      .traceback = text_of(&state->traceback),
      .source = state->error_source,
      .line = state->error_line,
      .missing = state->missing,
      .missing_of = state->missing_of,
  };
}

// ---------------------------------------------------------------------------------------------------------- Bodies

typedef struct {
  const char *source, *name; // a chunk to load, if it has a name
  size_t count;
  int32_t reference; // or a function, to be called with
  const roost_event *event; // an event, or
  const uint8_t *arguments; // values, `count` bytes
} call;

enum { HANDLER = 1, HANDLE, FIRST_RESULT }; // the stack of a body while its function runs

static int finish_body(lua_State *L, int status, lua_KContext context) {
  (void)context;
  if (lua_isuserdata(L, HANDLE)) roost_retire_event(L, HANDLE);
  if (status != LUA_OK && status != LUA_YIELD) return lua_error(L);
  int last = lua_gettop(L);
  while (last >= FIRST_RESULT && lua_isnil(L, last)) --last;
  for (int i = FIRST_RESULT; i <= last; ++i) roost_encode(L, i, roost_of(L)->output);
  return 0;
}

static int body(lua_State *L) {
  const call *c = lua_touserdata(L, 1);
  lua_settop(L, 0);
  lua_pushcfunction(L, note_error);
  int arguments = 0;
  if (c->event) {
    roost_push_event(L, c->event);
  } else {
    lua_pushnil(L);
  }
  if (c->name) {
    if (roost_compile(L, c->source, c->count, c->name) != LUA_OK) return lua_error(L);
  } else {
    lua_rawgeti(L, LUA_REGISTRYINDEX, c->reference);
    if (c->event) {
      lua_pushvalue(L, HANDLE);
      arguments = 1;
    } else {
      arguments = roost_decode(L, c->arguments, c->count);
    }
  }
  return finish_body(L, lua_pcallk(L, arguments, LUA_MULTRET, HANDLER, 0, finish_body), 0);
}

// ------------------------------------------------------------------------------------------------------------ Runs

static int make_thread(lua_State *L) {
  roost_state *state = roost_of(L);
  state->idle = lua_newthread(L);
  state->idle_reference = luaL_ref(L, LUA_REGISTRYINDEX);
  return 0;
}

// The failure of a run that ended without its message handler having been heard: memory ran out, or what it returned
// cannot cross the border.
static void note_plain_error(roost_state *state, lua_State *thread) {
  if (state->message.count) return;
  const char *message = lua_type(thread, -1) == LUA_TSTRING ? lua_tostring(thread, -1) : "not enough memory";
  set_text(&state->message, message);
}

// Goes on with `thread`, which has `count` arguments on its stack.
static int proceed(roost_state *state, lua_State *thread, int reference, int count, int64_t budget, int32_t *run, roost_buffer *results) {
  roost_buffer *outer_output = state->output;
  state->output = results;
  results->count = 0;
  forget_error(state);

  roost_watch watch;
  int values;
  roost_begin_steps(state, thread);
  roost_begin_watch(&watch, state, budget);
  int status = LUA_OK;
  if (sigsetjmp(watch.escape, 0) == 0) status = roost_resume_thread(state->main, thread, count, &values, true);
  roost_end_watch(&watch);
  if (state->is_lost) {
    state->output = outer_output;
    set_text(&state->message, "");
    return ROOST_LOST;
  }
  roost_end_steps(state, thread);
  state->output = outer_output;
  state->headroom = 0;

  if (state->expired) {
    state->suspending = false;
    // The hook goes with the thread; so would a hook set on it in the last moment of a run that had come to its end.
    luaL_unref(state->main, LUA_REGISTRYINDEX, reference);
    return ROOST_EXPIRED;
  }
  if (status == LUA_YIELD) {
    state->suspending = false;
    *run = reference;
    return ROOST_SUSPENDED;
  }
  if (status != LUA_OK) {
    note_plain_error(state, thread);
    luaL_unref(state->main, LUA_REGISTRYINDEX, reference);
    return ROOST_FAILED;
  }
  lua_settop(thread, 0);
  if (state->idle) {
    luaL_unref(state->main, LUA_REGISTRYINDEX, reference);
  } else {
    state->idle = thread;
    state->idle_reference = reference;
  }
  return ROOST_RETURNED;
}

static int begin(roost_state *state, const call *c, int64_t budget, int32_t *run, roost_buffer *results) {
  if (state->is_lost) return ROOST_LOST;
  if (!state->idle) {
    lua_State *L = state->main;
    lua_pushcfunction(L, make_thread);
    if (!state->running) state->refused = 0;
    if (lua_pcall(L, 0, 0, 0) != LUA_OK) {
      forget_error(state);
      set_text(&state->message, "not enough memory");
      lua_pop(L, 1);
      return ROOST_FAILED;
    }
  }
  lua_State *thread = state->idle;
  int reference = state->idle_reference;
  state->idle = NULL;
  lua_pushcfunction(thread, body);
  lua_pushlightuserdata(thread, (void *)c);
  return proceed(state, thread, reference, 1, budget, run, results);
}

int roost_load(roost_state *state, const char *source, size_t count, const char *name, int64_t budget, int32_t *run, roost_buffer *results) {
  roost_buffer chunk_name = {0};
  roost_append(&chunk_name, "@", 1);
  roost_append(&chunk_name, name, strlen(name) + 1);
  call c = {.source = source, .count = count, .name = (const char *)chunk_name.bytes};
  int status = begin(state, &c, budget, run, results);
  roost_release_buffer(&chunk_name);
  return status;
}

int roost_call_event(roost_state *state, int32_t reference, const roost_event *event, int64_t budget, int32_t *run, roost_buffer *results) {
  return begin(state, &(call){.reference = reference, .event = event}, budget, run, results);
}

int roost_call(roost_state *state, int32_t reference, const uint8_t *arguments, size_t count, int64_t budget, int32_t *run, roost_buffer *results) {
  return begin(state, &(call){.reference = reference, .arguments = arguments, .count = count}, budget, run, results);
}

int roost_resume(roost_state *state, int32_t *run, const uint8_t *values, size_t count, bool raise, int64_t budget, roost_buffer *results) {
  if (state->is_lost) return ROOST_LOST;
  lua_State *L = state->main;
  lua_rawgeti(L, LUA_REGISTRYINDEX, *run);
  lua_State *thread = lua_tothread(L, -1);
  lua_pop(L, 1);
  state->raising = raise;
  state->results.count = 0;
  roost_append(&state->results, values, count);
  return proceed(state, thread, *run, 0, budget, run, results);
}

void roost_abandon(roost_state *state, int32_t run) { if (!state->is_lost) luaL_unref(state->main, LUA_REGISTRYINDEX, run); }

// Part of run.c because a reference is what a run is given.
void roost_function_place(roost_state *state, int32_t reference, char *source, size_t capacity, int *first) {
  lua_State *L = state->main;
  lua_Debug where;
  *first = 0;
  *source = 0;
  if (state->is_lost) return;
  lua_rawgeti(L, LUA_REGISTRYINDEX, reference);
  if (lua_isfunction(L, -1)) {
    lua_getinfo(L, ">S", &where);
    if (where.linedefined > 0) {
      *first = where.linedefined;
      strncat(source, where.short_src, capacity - 1);
    }
  } else {
    lua_pop(L, 1);
  }
}
