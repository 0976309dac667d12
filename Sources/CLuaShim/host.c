// Calls from Lua to the host.

#include "roost_internal.h"

// Raises the string that the host left as its results, at the line that called the host function. [-0, +0, e]
static int raise_results(lua_State *L) {
  roost_state *state = roost_of(L);
  luaL_where(L, 1);
  roost_decode(L, state->results.bytes, state->results.count);
  lua_concat(L, 2);
  return lua_error(L);
}

static int push_results(lua_State *L) {
  roost_state *state = roost_of(L);
  return roost_decode(L, state->results.bytes, state->results.count);
}

static int ask(lua_State *L, int32_t function, int first, int last) {
  roost_state *state = roost_of(L);
  state->arguments.count = state->results.count = 0;
  for (int i = first; i <= last; ++i) roost_encode(L, i, &state->arguments);
  // The host may call into this state again, which uses these buffers: it has read its arguments by then, and writes
  // its results last.
  roost_lock();
  int status = state->host(state->context, function, state->arguments.bytes, state->arguments.count, &state->results);
  roost_unlock();
  // The host has called a plugin that has called this one, which was lost there.
  if (state->is_lost) roost_leave();
  return status;
}

int roost_ask_host(lua_State *L, int32_t function, int count) {
  int top = lua_gettop(L);
  int status = ask(L, function, top - count + 1, top);
  lua_settop(L, top - count);
  if (status == ROOST_MISSING) return -1;
  return status == ROOST_RAISE ? raise_results(L) : push_results(L);
}

static int after_suspension(lua_State *L, int status, lua_KContext context) {
  (void)status, (void)context;
  roost_state *state = roost_of(L);
  return state->raising ? raise_results(L) : push_results(L);
}

// Yields through every coroutine up to the run. A C function that called back into Lua (a comparison in table.sort, a
// replacement in string.gsub) cannot be left in the middle.
static int suspend(lua_State *L) {
  roost_state *state = roost_of(L);
  for (roost_frame *frame = state->running; frame; frame = frame->is_run ? NULL : frame->outer)
    if (!lua_isyieldable(frame->thread)) return luaL_error(L, "waiting is not possible inside table.sort, string.gsub or require");
  state->suspending = true;
  return lua_yieldk(L, 0, 0, after_suspension);
}

int roost_call_host(lua_State *L) {
  int32_t function = (int32_t)lua_tointeger(L, lua_upvalueindex(1));
  switch (ask(L, function, 1, lua_gettop(L))) {
    case ROOST_RAISE: return raise_results(L);
    case ROOST_SUSPEND: return suspend(L);
    default: return push_results(L);
  }
}
