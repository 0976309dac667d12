// pcall, xpcall and the coroutine library, such that the error of a run whose time is over passes through all of them.
//
// Two things in Lua 5.4 would let a plugin escape with the stock versions. An error raised by a hook calls the message
// handler with hooks switched off, so xpcall's handler must not be the plugin's own function. And a thread that a hook's
// error has ended keeps hooks switched off for good, so the body of every coroutine runs in a protected call, which
// switches them on again before it closes variables and before the thread ends.

#include "roost_internal.h"

// ------------------------------------------------------------------------------------------------- Protected calls

// The end of pcall and xpcall: `skipped` values at the bottom of the stack are not results.
static int finish_call(lua_State *L, int status, lua_KContext skipped) {
  if (status == LUA_OK || status == LUA_YIELD) return lua_gettop(L) - (int)skipped;
  if (roost_of(L)->expired) roost_raise_expired(L);
  lua_pushboolean(L, false);
  lua_insert(L, -2);
  return 2;
}

static int protected_call(lua_State *L) {
  luaL_checkany(L, 1);
  lua_pushboolean(L, true);
  lua_insert(L, 1);
  return finish_call(L, lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, finish_call), 0);
}

// Stands between an error and xpcall's handler, upvalue 1.
static int guard_handler(lua_State *L) {
  if (roost_is_expired_error(L, 1)) return 1;
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, 1, 1);
  return 1;
}

static int protected_call_with_handler(lua_State *L) {
  int arguments = lua_gettop(L) - 2;
  luaL_checktype(L, 2, LUA_TFUNCTION);
  lua_pushvalue(L, 2);
  lua_pushcclosure(L, guard_handler, 1);
  lua_replace(L, 2);
  lua_pushboolean(L, true);
  lua_pushvalue(L, 1);
  lua_rotate(L, 3, 2);
  return finish_call(L, lua_pcallk(L, arguments, LUA_MULTRET, 2, 2, finish_call), 2);
}

// ------------------------------------------------------------------------------------------------------ Coroutines

static lua_State *check_thread(lua_State *L) {
  lua_State *thread = lua_tothread(L, 1);
  luaL_argexpected(L, thread, 1, "coroutine");
  return thread;
}

static int note_error(lua_State *L) {
  if (!roost_is_expired_error(L, 1)) roost_note_coroutine_error(L);
  return 1;
}

static int finish_body(lua_State *L, int status, lua_KContext context) {
  (void)context;
  return status == LUA_OK || status == LUA_YIELD ? lua_gettop(L) - 1 : lua_error(L);
}

// What runs at the bottom of every coroutine: function, arguments….
static int body(lua_State *L) {
  lua_pushcfunction(L, note_error);
  lua_insert(L, 1);
  return finish_body(L, lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 1, 0, finish_body), 0);
}

static int create(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_State *thread = lua_newthread(L);
  lua_pushcfunction(thread, body);
  lua_pushvalue(L, 1);
  lua_xmove(L, thread, 1);
  return 1;
}

int roost_resume_thread(lua_State *L, lua_State *thread, int count, int *results, bool is_run) {
  roost_state *state = roost_of(L);
  roost_frame frame = {thread, state->running, is_run};
  state->running = &frame;
  int status = lua_resume(thread, L, count, results);
  state->running = frame.outer;
  return status;
}

// Resumes the coroutine at index 1 with the `count` values above it. Returns the number of results, which are then on the
// stack of `L`, or -1 with the error there. When a host function in it waits, so does this. [-count, +n, e]
static int continue_resume(lua_State *L, int status, lua_KContext continuation);

static int resume(lua_State *L, int count, lua_KFunction finish) {
  lua_State *thread = check_thread(L);
  if (lua_status(thread) == LUA_OK && lua_gettop(thread) == 0) {
    lua_settop(L, 1);
    lua_pushliteral(L, "cannot resume dead coroutine");
    return finish(L, -1, 0);
  }
  if (!lua_checkstack(thread, count)) {
    lua_settop(L, 1);
    lua_pushliteral(L, "too many arguments to resume");
    return finish(L, -1, 0);
  }
  lua_xmove(L, thread, count);
  if (lua_status(thread) == LUA_OK) ++count; // it starts: the plugin's function is an argument of `body`
  int results;
  int status = roost_resume_thread(L, thread, count, &results, false);
  roost_state *state = roost_of(L);
  if (state->expired) roost_raise_expired(L);
  if (status == LUA_YIELD && state->suspending) return lua_yieldk(L, 0, (lua_KContext)finish, continue_resume);
  bool ok = status == LUA_OK || status == LUA_YIELD;
  if (!ok) results = 1;
  if (!lua_checkstack(L, results + 1)) {
    lua_pop(thread, results);
    lua_pushliteral(L, "too many results to resume");
    return finish(L, -1, 0);
  }
  lua_xmove(thread, L, results);
  return finish(L, ok ? results : -1, 0);
}

static int continue_resume(lua_State *L, int status, lua_KContext finish) {
  (void)status;
  return resume(L, 0, (lua_KFunction)finish);
}

// The end of coroutine.resume: `results` of them, or -1 and an error, are on the stack.
static int finish_resume(lua_State *L, int results, lua_KContext context) {
  (void)context;
  int count = results < 0 ? 1 : results;
  lua_pushboolean(L, results >= 0);
  lua_insert(L, -(count + 1));
  return count + 1;
}

static int coroutine_resume(lua_State *L) {
  check_thread(L);
  return resume(L, lua_gettop(L) - 1, finish_resume);
}

static int finish_wrapped(lua_State *L, int results, lua_KContext context) {
  (void)context;
  if (results >= 0) return results;
  if (lua_type(L, -1) == LUA_TSTRING) { // say where it was resumed, as the stock version does
    luaL_where(L, 1);
    lua_insert(L, -2);
    lua_concat(L, 2);
  }
  return lua_error(L);
}

static int call_wrapped(lua_State *L) {
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  return resume(L, lua_gettop(L) - 1, finish_wrapped);
}

static int coroutine_wrap(lua_State *L) {
  create(L);
  lua_pushcclosure(L, call_wrapped, 1);
  return 1;
}

// The thread of a run may yield to the host only by a host function that waits.
static int coroutine_yield(lua_State *L) {
  roost_frame *frame = roost_of(L)->running;
  if (frame && frame->is_run) return luaL_error(L, "attempt to yield from outside a coroutine");
  return lua_yield(L, lua_gettop(L));
}

// coroutine.close: upvalue 1 is the stock function. What it closes runs on that coroutine's thread, so the watchdog must
// know of it.
static int coroutine_close(lua_State *L) {
  lua_State *thread = check_thread(L);
  roost_state *state = roost_of(L);
  roost_frame frame = {thread, state->running, false};
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  state->running = &frame;
  int status = lua_pcall(L, 1, LUA_MULTRET, 0);
  state->running = frame.outer;
  if (state->expired) roost_raise_expired(L);
  return status == LUA_OK ? lua_gettop(L) : lua_error(L);
}

void roost_open_protected(lua_State *L) {
  lua_pushglobaltable(L);
  luaL_setfuncs(L, (const luaL_Reg[]){{"pcall", protected_call}, {"xpcall", protected_call_with_handler}, {NULL, NULL}}, 0);
  lua_getfield(L, -1, LUA_COLIBNAME);
  lua_getfield(L, -1, "close");
  lua_pushcclosure(L, coroutine_close, 1);
  lua_setfield(L, -2, "close");
  luaL_setfuncs(L,
                (const luaL_Reg[]){{"create", create},
                                   {"resume", coroutine_resume},
                                   {"wrap", coroutine_wrap},
                                   {"yield", coroutine_yield},
                                   {NULL, NULL}},
                0);
  lua_pop(L, 2);
}
