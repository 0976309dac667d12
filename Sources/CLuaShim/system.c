// os, print, require and debug.traceback: the parts of the library that look at the world, as the host shows it.

#include "bounded.h"

// ------------------------------------------------------------------------------------------------------------ Time

// The host's clock: `which` 1 for seconds since 1970, 2 for run time. [-0, +0, e]
static lua_Number host_time(lua_State *L, int which) {
  roost_ask_host(L, ROOST_HOST_TIME, 0);
  lua_Number time = lua_tonumber(L, which - 3);
  lua_pop(L, 2);
  return time;
}

// os.time and os.date: upvalue 1 is the stock function, which is never left to look at the clock itself.
static int system_time(lua_State *L) {
  if (lua_isnoneornil(L, 1)) {
    lua_pushinteger(L, (lua_Integer)host_time(L, 1));
    return 1;
  }
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, 1);
  return 1;
}

enum { LONGEST_DATE_FORMAT = 256 };

static int system_date(lua_State *L) {
  lua_settop(L, 2);
  if (lua_isnil(L, 1)) {
    lua_pushliteral(L, "%c");
    lua_replace(L, 1);
  }
  // It is copied and formatted bit by bit, out of reach of the hook.
  size_t length;
  luaL_checklstring(L, 1, &length);
  luaL_argcheck(L, length <= LONGEST_DATE_FORMAT, 1, "format too long");
  if (lua_isnil(L, 2)) {
    lua_pushinteger(L, (lua_Integer)host_time(L, 1));
    lua_replace(L, 2);
  }
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, 2, 1);
  return 1;
}

static int system_clock(lua_State *L) {
  lua_pushnumber(L, host_time(L, 2));
  return 1;
}

// ----------------------------------------------------------------------------------------------- print and require

static int print_line(lua_State *L) {
  int count = lua_gettop(L);
  for (int i = 1; i <= count; ++i) {
    luaL_tolstring(L, i, NULL);
    lua_replace(L, i);
  }
  roost_ask_host(L, ROOST_HOST_PRINT, count);
  return 0;
}

// require: upvalue 1 holds what the modules returned, by name.
static int require_module(lua_State *L) {
  const char *name = luaL_checkstring(L, 1);
  lua_settop(L, 1);
  if (lua_getfield(L, lua_upvalueindex(1), name) != LUA_TNIL) return 1;
  lua_pop(L, 1);

  lua_pushvalue(L, 1);
  roost_ask_host(L, ROOST_HOST_SOURCE, 1); // source, chunk name
  lua_pushfstring(L, "@%s", lua_tostring(L, -1));
  size_t length;
  const char *source = lua_tolstring(L, -3, &length);
  if (roost_compile(L, source, length, lua_tostring(L, -1)) != LUA_OK) return lua_error(L);
  lua_pushvalue(L, 1);
  lua_call(L, 1, 1);
  if (lua_isnil(L, -1)) lua_pushboolean(L, true);
  lua_pushvalue(L, -1);
  lua_setfield(L, lua_upvalueindex(1), name);
  return 1;
}

// Moves function `name` of the table below the top into the table on the top, as upvalue 1 of `wrapper` if there is one.
// [-0, +0, m]
static void adopt(lua_State *L, const char *name, lua_CFunction wrapper) {
  lua_getfield(L, -2, name);
  if (wrapper) lua_pushcclosure(L, wrapper, 1);
  lua_setfield(L, -2, name);
}

// debug.traceback, as the stock one but for stacks that are very deep.
static int debug_traceback(lua_State *L) {
  int at = lua_isthread(L, 1) ? 1 : 0;
  lua_State *from = at ? lua_tothread(L, 1) : L;
  const char *message = lua_tostring(L, at + 1);
  if (!message && !lua_isnoneornil(L, at + 1)) {
    lua_pushvalue(L, at + 1);
    return 1;
  }
  roost_traceback(L, from, message, (int)luaL_optinteger(L, at + 2, from == L ? 1 : 0));
  return 1;
}

void roost_open_system(lua_State *L) {
  lua_pushcfunction(L, luaopen_os);
  lua_call(L, 0, 1);
  lua_createtable(L, 0, 4);
  adopt(L, "time", system_time);
  adopt(L, "date", system_date);
  adopt(L, "difftime", NULL);
  lua_pushcfunction(L, system_clock);
  lua_setfield(L, -2, "clock");
  lua_setglobal(L, LUA_OSLIBNAME);
  lua_pop(L, 1);

  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, debug_traceback);
  lua_setfield(L, -2, "traceback");
  lua_setglobal(L, LUA_DBLIBNAME);

  lua_pushcfunction(L, print_line);
  lua_setglobal(L, "print");
  lua_newtable(L);
  lua_pushcclosure(L, require_module, 1);
  lua_setglobal(L, "require");
}
