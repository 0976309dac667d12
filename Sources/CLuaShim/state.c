// A sandboxed state: its memory, what of the standard library it gets, and the paths the host puts things at.

#include "roost_internal.h"

#include <stdlib.h>
#include <string.h>

// Emergency collections a run may cause before it is ended: each walks the whole heap, where no hook can stop it.
enum { MOST_REFUSALS = 8 };

// What a state may take of the system: its memory, and as much again for pages that are not full, as after many blocks of
// one size have gone and many of another come.
static size_t most_held(const roost_state *state) { return 2 * state->limits.memory + 256 * 1024; }

static void *allocate(void *context, void *block, size_t old_size, size_t new_size) {
  roost_state *state = context;
  if (!block) old_size = 0; // then it is a type tag
  if (new_size == 0) {
    roost_lock();
    roost_heap_release(&state->heap, block, old_size);
    roost_unlock();
    state->used -= old_size;
    return NULL;
  }
  if (new_size > old_size && state->used + (new_size - old_size) > state->limits.memory + state->headroom) {
    if (++state->refused > MOST_REFUSALS) state->expired = 1;
    return NULL;
  }
  roost_lock();
  void *moved = roost_heap_resize(&state->heap, block, old_size, new_size, most_held(state));
  roost_unlock();
  if (!moved) return NULL;
  state->used = state->used - old_size + new_size;
  if (state->used > state->peak) state->peak = state->used;
  return moved;
}

// Reaching this means that C called Lua outside of a protected call: a bug in the shim, and the state is beyond repair.
static int panic(lua_State *L) {
  const char *message = lua_tostring(L, -1);
  fprintf(stderr, "roost: unprotected Lua error: %s\n", message ? message : "?");
  abort();
}

static void remove_fields(lua_State *L, const char *const *names) {
  for (; *names; ++names) {
    lua_pushnil(L);
    lua_setfield(L, -2, *names);
  }
}

// Opens the sandbox's library. Called protected. [-1, +0, e]
static int open_sandbox(lua_State *L) {
  uint64_t seed = *(const uint64_t *)lua_touserdata(L, 1);
  static const luaL_Reg libraries[] = {
      {LUA_GNAME, luaopen_base},        {LUA_COLIBNAME, luaopen_coroutine}, {LUA_TABLIBNAME, luaopen_table},
      {LUA_STRLIBNAME, luaopen_string}, {LUA_MATHLIBNAME, luaopen_math},    {LUA_UTF8LIBNAME, luaopen_utf8},
  };
  for (size_t i = 0; i < sizeof libraries / sizeof *libraries; ++i) {
    luaL_requiref(L, libraries[i].name, libraries[i].func, 1);
    lua_pop(L, 1);
  }

  lua_pushglobaltable(L);
  remove_fields(L, (const char *const[]){"dofile", "loadfile", "warn", NULL});
  lua_pop(L, 1);
  lua_getglobal(L, LUA_STRLIBNAME);
  remove_fields(L, (const char *const[]){"dump", NULL});
  lua_pop(L, 1);

  lua_getglobal(L, LUA_MATHLIBNAME);
  lua_getfield(L, -1, "randomseed");
  lua_pushinteger(L, (lua_Integer)seed);
  lua_pushinteger(L, (lua_Integer)(seed >> 32));
  lua_call(L, 2, 0);
  remove_fields(L, (const char *const[]){"randomseed", NULL});
  lua_pop(L, 1);

  roost_open_objects(L);
  roost_open_patterns(L);
  roost_open_bounded(L);
  roost_open_protected(L);
  roost_open_system(L);

  // `package.loaded` was made by luaL_requiref; nothing in the sandbox needs it.
  lua_pushnil(L);
  lua_setfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  return 0;
}

roost_state *roost_new(roost_limits limits, uint64_t seed, roost_host host, void *context) {
  roost_state *state = calloc(1, sizeof *state);
  if (!state) return NULL;
  state->limits = limits;
  state->host = host;
  state->context = context;
  state->idle_reference = LUA_NOREF;
  state->main = lua_newstate(allocate, state);
  if (!state->main) {
    roost_heap_clear(&state->heap);
    free(state);
    return NULL;
  }
  lua_State *L = state->main;
  *(roost_state **)lua_getextraspace(L) = state;
  lua_atpanic(L, panic);
  lua_pushcfunction(L, open_sandbox);
  lua_pushlightuserdata(L, &seed);
  if (lua_pcall(L, 1, 0, 0) != LUA_OK) {
    roost_free(state);
    return NULL;
  }
  return state;
}

void roost_free(roost_state *state) {
  roost_end_profile(state, NULL);
  // Not lua_close, which would go through all of it, and which a lost state (watchdog.c) does not survive. What it would call
  // are finalizers: plugins have none, and nobody is left to be told of handles that are collected.
  roost_heap_clear(&state->heap);
  roost_release_buffer(&state->arguments);
  roost_release_buffer(&state->results);
  roost_release_buffer(&state->message);
  roost_release_buffer(&state->traceback);
  roost_release_buffer(&state->coroutine_traceback);
  free(state);
}

size_t roost_memory_used(const roost_state *state) { return state->used; }
size_t roost_memory_peak(const roost_state *state) { return state->peak; }
bool roost_memory_exceeded(const roost_state *state) { return state->refused > MOST_REFUSALS; }
bool roost_out_of_time(const roost_state *state) { return state->expired; }

// ----------------------------------------------------------------------------------------------------------- Paths

// Pushes the table that holds the last part of a dotted path, making tables on the way, and returns that last part.
// [-0, +1, m]
static const char *push_holder(lua_State *L, const char *path) {
  lua_pushglobaltable(L);
  for (const char *dot; (dot = strchr(path, '.')); path = dot + 1) {
    lua_pushlstring(L, path, (size_t)(dot - path));
    if (lua_rawget(L, -2) != LUA_TTABLE) {
      lua_pop(L, 1);
      lua_newtable(L);
      lua_pushlstring(L, path, (size_t)(dot - path));
      lua_pushvalue(L, -2);
      lua_rawset(L, -4);
    }
    lua_remove(L, -2);
  }
  return path;
}

typedef struct {
  const char *path;
  int32_t function;
  const uint8_t *bytes;
  size_t count;
  roost_buffer *out;
  bool found;
} definition;

// What calls the host for a table that is called as a function: without the table, which comes first.
static int call_host_without_self(lua_State *L) {
  lua_remove(L, 1);
  return roost_call_host(L);
}

static int define_function(lua_State *L) {
  const definition *d = lua_touserdata(L, 1);
  const char *colon = strchr(d->path, ':'), *name;
  if (colon) {
    char kind[32] = {0};
    size_t length = (size_t)(colon - d->path);
    memcpy(kind, d->path, length < sizeof kind ? length : sizeof kind - 1);
    name = colon + 1;
    luaL_getmetatable(L, kind);
    if (strncmp(name, "__", 2) != 0) lua_getfield(L, -1, "methods");
  } else {
    name = push_holder(L, d->path);
  }
  bool is_call = !colon && strcmp(name, "__call") == 0;
  if (is_call) {
    lua_createtable(L, 0, 2);
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_pushvalue(L, -1);
    lua_setmetatable(L, -3);
  }
  lua_pushstring(L, name);
  lua_pushinteger(L, d->function);
  lua_pushcclosure(L, is_call ? call_host_without_self : roost_call_host, 1);
  lua_rawset(L, -3);
  return 0;
}

static int define_value(lua_State *L) {
  const definition *d = lua_touserdata(L, 1);
  const char *name = push_holder(L, d->path);
  lua_pushstring(L, name);
  if (roost_decode(L, d->bytes, d->count) != 1) return luaL_error(L, "one value expected");
  lua_rawset(L, -3);
  return 0;
}

static int read_value(lua_State *L) {
  definition *d = lua_touserdata(L, 1);
  const char *name = push_holder(L, d->path);
  lua_pushstring(L, name);
  if (lua_rawget(L, -2) == LUA_TNIL) return 0;
  roost_encode(L, -1, d->out);
  d->found = true;
  return 0;
}

// Calls `body` protected on the main thread, with `d` as its argument. The stack is as before, whatever happens.
static bool protect(roost_state *state, lua_CFunction body, definition *d) {
  lua_State *L = state->main;
  if (state->is_lost || !lua_checkstack(L, 4)) return false;
  lua_pushcfunction(L, body);
  lua_pushlightuserdata(L, d);
  bool ok = lua_pcall(L, 1, 0, 0) == LUA_OK;
  if (!ok) lua_pop(L, 1);
  return ok;
}

bool roost_define(roost_state *state, const char *path, int32_t function) {
  return protect(state, define_function, &(definition){.path = path, .function = function});
}

bool roost_define_value(roost_state *state, const char *path, const uint8_t *value, size_t count) {
  return protect(state, define_value, &(definition){.path = path, .bytes = value, .count = count});
}

bool roost_read(roost_state *state, const char *path, roost_buffer *value) {
  definition d = {.path = path, .out = value};
  return protect(state, read_value, &d) && d.found;
}

void roost_unref(roost_state *state, int32_t reference) { if (!state->is_lost) luaL_unref(state->main, LUA_REGISTRYINDEX, reference); }
