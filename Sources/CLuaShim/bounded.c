// The base library's part of what could take long in C, where no hook is heard, and what would let a plugin leave its
// limits: `load`, finalisers, the garbage collector's controls.
//
// A single call of a stock function that stays takes a few milliseconds at most with a heap of 16 MiB, and the run's
// time is looked at before the next instruction. So what matters is every loop in C that can call back, or whose length
// is not bounded by the heap. `next` stays: it passes 500,000 cleared slots in less than a millisecond. So do `select`,
// `ipairs`, `pairs`, `rawget`, `rawset`, `rawlen`, `rawequal`, `tostring` and `error`, which loop over nothing but
// their arguments.

#include "bounded.h"

#include <string.h>

void roost_spend_numeral(lua_State *L, int index) {
  roost_spend(L, 1);
  if (lua_type(L, index) != LUA_TSTRING) return;
  size_t length = lua_rawlen(L, index);
  if (length > LONGEST_NUMERAL) luaL_argerror(L, index, "numeral too long");
  roost_spend(L, length);
}

void roost_wrap(lua_State *L, const luaL_Reg *functions) {
  for (; functions->name; ++functions) {
    lua_getfield(L, -1, functions->name);
    lua_pushcclosure(L, functions->func, 1);
    lua_setfield(L, -2, functions->name);
  }
}

// ---------------------------------------------------------------------------------------------------------- Loading
//
// The compiler is quadratic in places: a megabyte of `x = a or a or a …` takes it a minute. So the source is handed to
// it in pieces of a token or two, and the run is asked before each.

enum { PIECE = 8 };

typedef struct {
  const char *next; // of the text at hand, whose length is
  size_t left;
  size_t total; // bytes read so far
  int function; // that is asked for more text, or 0
  int anchor;   // the slot that keeps its last answer alive
} source;

// Asks the reader function for text. False at the end. [-0, +0, e]
static bool refill(lua_State *L, source *from) {
  if (!from->function) return false;
  luaL_checkstack(L, 2, "too many nested functions");
  lua_pushvalue(L, from->function);
  lua_call(L, 0, 1);
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    return false;
  }
  if (!lua_isstring(L, -1)) luaL_error(L, "reader function must return a string");
  lua_replace(L, from->anchor);
  from->next = lua_tolstring(L, from->anchor, &from->left);
  if (from->left > LONGEST_SOURCE - from->total) luaL_error(L, "source too long (limit is %d bytes)", LONGEST_SOURCE);
  from->total += from->left;
  return from->left > 0;
}

// A lua_Reader. The stack is the compiler's, and must be left as it was. [-0, +0, e]
static const char *read_piece(lua_State *L, void *context, size_t *length) {
  source *from = context;
  roost_spend(L, PIECE);
  if (from->left == 0 && !refill(L, from)) {
    *length = 0;
    return NULL;
  }
  const char *piece = from->next;
  *length = from->left < PIECE ? from->left : PIECE;
  from->next += *length;
  from->left -= *length;
  return piece;
}

// Compiles what `from` reads, which is text only: crafted bytecode crashes Lua. The compiler catches errors of the
// reader as it does its own, so the end of the run is raised again here. [-0, +1, e]
static int compile(lua_State *L, source *from, const char *name) {
  int status = lua_load(L, read_piece, from, name, "t");
  roost_spend(L, 0);
  return status;
}

int roost_compile(lua_State *L, const char *text, size_t length, const char *name) {
  return compile(L, &(source){.next = text, .left = length}, name);
}

enum { CHUNK = 1, CHUNK_NAME, MODE, ENVIRONMENT, ANCHOR }; // load's stack

static int finish_load(lua_State *L, int status, bool has_environment) {
  if (status != LUA_OK) {
    luaL_pushfail(L);
    lua_insert(L, -2);
    return 2;
  }
  if (has_environment) {
    lua_pushvalue(L, ENVIRONMENT);
    if (!lua_setupvalue(L, -2, 1)) lua_pop(L, 1);
  }
  return 1;
}

static int base_load(lua_State *L) {
  bool has_environment = !lua_isnone(L, ENVIRONMENT);
  source from = {0};
  from.next = lua_tolstring(L, CHUNK, &from.left);
  luaL_optstring(L, MODE, NULL); // whatever it says, bytecode is refused
  const char *name = luaL_optstring(L, CHUNK_NAME, from.next ? from.next : "=(load)");
  if (!from.next) {
    luaL_checktype(L, CHUNK, LUA_TFUNCTION);
    from.function = CHUNK;
    from.anchor = ANCHOR;
  } else if (from.left > LONGEST_SOURCE) {
    luaL_pushfail(L);
    lua_pushfstring(L, "source too long (limit is %d bytes)", LONGEST_SOURCE);
    return 2;
  }
  lua_settop(L, ANCHOR);
  return finish_load(L, compile(L, &from, name), has_environment);
}

// ------------------------------------------------------------------------------------------------------- Collecting

// A finaliser would run at a time nobody chose, in whatever run or host call allocates then, with hooks switched off.
// Checking here is enough: Lua marks an object for finalisation when it gets its metatable, and an assignment to
// `__gc` afterwards has no effect on it (lua_setmetatable, luaC_checkfinalizer).
static int base_setmetatable(lua_State *L) {
  if (lua_type(L, 2) == LUA_TTABLE) {
    lua_pushliteral(L, "__gc");
    if (lua_rawget(L, 2) != LUA_TNIL) return luaL_error(L, "__gc is not available to plugins");
    lua_pop(L, 1);
  }
  return roost_stock(L)(L);
}

static int base_collectgarbage(lua_State *L) {
  const char *option = luaL_optstring(L, 1, "collect");
  if (strcmp(option, "count") != 0)
    return luaL_error(L, "collectgarbage is available to plugins as collectgarbage(\"count\") only");
  lua_pushnumber(L, lua_gc(L, LUA_GCCOUNT) + lua_gc(L, LUA_GCCOUNTB) / (lua_Number)1024);
  return 1;
}

// ---------------------------------------------------------------------------------------------------------- Numbers

// tonumber. What is too long to be meant as a number is none.
static int base_tonumber(lua_State *L) {
  if (lua_type(L, 1) == LUA_TSTRING && lua_rawlen(L, 1) > LONGEST_NUMERAL) {
    luaL_pushfail(L);
    return 1;
  }
  return roost_stock(L)(L);
}

// math.max and math.min compare strings and objects too. Pushes the greatest argument, or with `least` the least.
// [-0, +1, e]
static int push_extreme(lua_State *L, bool least) {
  int n = lua_gettop(L), extreme = 1;
  luaL_argcheck(L, n >= 1, 1, "value expected");
  for (int i = 2; i <= n; ++i) {
    roost_spend(L, 1);
    if (least ? lua_compare(L, i, extreme, LUA_OPLT) : lua_compare(L, extreme, i, LUA_OPLT)) extreme = i;
  }
  lua_pushvalue(L, extreme);
  return 1;
}

static int math_max(lua_State *L) { return push_extreme(L, false); }
static int math_min(lua_State *L) { return push_extreme(L, true); }

void roost_open_bounded(lua_State *L) {
  lua_pushglobaltable(L);
  luaL_setfuncs(L, (const luaL_Reg[]){{"load", base_load}, {"collectgarbage", base_collectgarbage}, {NULL, NULL}}, 0);
  roost_wrap(L, (const luaL_Reg[]){{"setmetatable", base_setmetatable}, {"tonumber", base_tonumber}, {NULL, NULL}});
  lua_getfield(L, -1, LUA_MATHLIBNAME);
  luaL_setfuncs(L, (const luaL_Reg[]){{"max", math_max}, {"min", math_min}, {NULL, NULL}}, 0);
  lua_pop(L, 2);
  roost_open_bounded_strings(L);
  roost_open_bounded_format(L);
  roost_open_bounded_tables(L);
  roost_open_bounded_utf8(L);
}
