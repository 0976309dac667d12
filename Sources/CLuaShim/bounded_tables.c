// The table library, such that every element counts against the run: lengths are what __len says, elements what __index
// finds at the end of a chain of tables, and comparisons may be C functions, so that no hook is heard in between.
//
// Derived from ltablib.c of Lua 5.4, Copyright (C) 1994–2022 Lua.org, PUC-Rio, MIT licence; its text is in matcher.c.

#include "bounded.h"

#include <limits.h>

// What an argument that is no table must be able to do to be taken for one.
enum { READ = 1, WRITE = 2, LENGTH = 4 };

// [-0, +0, m]
static bool has_metamethods(lua_State *L, int index, int abilities) {
  static const char *const names[] = {"__index", "__newindex", "__len"};
  if (!lua_getmetatable(L, index)) return false;
  bool has = true;
  for (int i = 0; i < 3 && has; ++i) {
    if (!(abilities & 1 << i)) continue;
    lua_pushstring(L, names[i]);
    has = lua_rawget(L, -2) != LUA_TNIL;
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return has;
}

// [-0, +0, e]
static void check_table(lua_State *L, int index, int abilities) {
  if (lua_type(L, index) != LUA_TTABLE && !has_metamethods(L, index, abilities)) luaL_checktype(L, index, LUA_TTABLE);
}

// [-0, +0, e]
static lua_Integer check_length(lua_State *L, int index, int abilities) {
  check_table(L, index, abilities | LENGTH);
  return luaL_len(L, index);
}

// to[j] = from[i]. Spends each time, not in batches: one element may be at the end of two thousand __index tables.
// [-0, +0, e]
static void copy(lua_State *L, int from, lua_Integer i, int to, lua_Integer j) {
  roost_spend(L, 1);
  lua_geti(L, from, i);
  lua_seti(L, to, j);
}

// -------------------------------------------------------------------------------------------------------- Elements

static int table_insert(lua_State *L) {
  lua_Integer end = luaL_intop(+, check_length(L, 1, READ | WRITE), 1);
  lua_Integer position = end;
  switch (lua_gettop(L)) {
    case 2: break;
    case 3:
      position = luaL_checkinteger(L, 2);
      luaL_argcheck(L, (lua_Unsigned)position - 1u < (lua_Unsigned)end, 2, "position out of bounds");
      for (lua_Integer i = end; i > position; --i) copy(L, 1, i - 1, 1, i);
      break;
    default: return luaL_error(L, "wrong number of arguments to 'insert'");
  }
  lua_seti(L, 1, position);
  return 0;
}

static int table_remove(lua_State *L) {
  lua_Integer length = check_length(L, 1, READ | WRITE);
  lua_Integer position = luaL_optinteger(L, 2, length);
  if (position != length)
    luaL_argcheck(L, (lua_Unsigned)position - 1u <= (lua_Unsigned)length, 1, "position out of bounds");
  lua_geti(L, 1, position);
  for (; position < length; ++position) copy(L, 1, position + 1, 1, position);
  lua_pushnil(L);
  lua_seti(L, 1, position);
  return 1;
}

static int table_move(lua_State *L) {
  lua_Integer first = luaL_checkinteger(L, 2), last = luaL_checkinteger(L, 3), target = luaL_checkinteger(L, 4);
  int to = lua_isnoneornil(L, 5) ? 1 : 5;
  check_table(L, 1, READ);
  check_table(L, to, WRITE);
  if (last >= first) {
    luaL_argcheck(L, first > 0 || last < LUA_MAXINTEGER + first, 3, "too many elements to move");
    lua_Integer n = last - first + 1;
    luaL_argcheck(L, target <= LUA_MAXINTEGER - n + 1, 4, "destination wrap around");
    // Upwards whenever the ranges allow it, which is better when the destination grows.
    if (target > last || target <= first || (to != 1 && !lua_compare(L, 1, to, LUA_OPEQ))) {
      for (lua_Integer i = 0; i < n; ++i) copy(L, 1, first + i, to, target + i);
    } else {
      for (lua_Integer i = n - 1; i >= 0; --i) copy(L, 1, first + i, to, target + i);
    }
  }
  lua_pushvalue(L, to);
  return 1;
}

// Adds element `i` of the table at index 1. [-0, +0, e]
static void add_element(lua_State *L, luaL_Buffer *out, lua_Integer i) {
  lua_geti(L, 1, i);
  if (!lua_isstring(L, -1))
    luaL_error(L, "invalid value (%s) at index %I in table for 'concat'", luaL_typename(L, -1), (LUAI_UACINT)i);
  roost_spend(L, 1 + lua_rawlen(L, -1) / BYTES_PER_STEP);
  luaL_addvalue(out);
}

static int table_concat(lua_State *L) {
  size_t length;
  lua_Integer last = check_length(L, 1, READ);
  const char *separator = luaL_optlstring(L, 2, "", &length);
  lua_Integer i = luaL_optinteger(L, 3, 1);
  last = luaL_optinteger(L, 4, last);
  luaL_Buffer out;
  luaL_buffinit(L, &out);
  for (; i < last; ++i) {
    add_element(L, &out, i);
    luaL_addlstring(&out, separator, length);
  }
  if (i == last) add_element(L, &out, i);
  luaL_pushresult(&out);
  return 1;
}

static int table_pack(lua_State *L) {
  int n = lua_gettop(L);
  roost_spend(L, (size_t)n);
  lua_createtable(L, n, 1);
  for (int i = 1; i <= n; ++i) {
    lua_pushvalue(L, i);
    lua_rawseti(L, -2, i);
  }
  lua_pushinteger(L, n);
  lua_setfield(L, -2, "n");
  return 1;
}

static int table_unpack(lua_State *L) {
  lua_Integer i = luaL_optinteger(L, 2, 1);
  lua_Integer last = luaL_opt(L, luaL_checkinteger, 3, luaL_len(L, 1));
  if (i > last) return 0;
  lua_Unsigned more = (lua_Unsigned)last - (lua_Unsigned)i; // than one
  if (more >= INT_MAX || !lua_checkstack(L, (int)more + 1)) return luaL_error(L, "too many results to unpack");
  for (lua_Unsigned n = 0; n <= more; ++n) {
    roost_spend(L, 1);
    lua_geti(L, 1, i + (lua_Integer)n);
  }
  return (int)more + 1;
}

// ------------------------------------------------------------------------------------------------------------ Sort
//
// The stock library's quicksort, element by element, so that what a strange order function sees and the errors are the
// same. The table is at index 1, the order function or nil at index 2.

// From this size on the pivots of lopsided partitions are not the middle ones.
enum { RANDOM_FROM = 100 };

// table[i], table[j] = the two values on the top of the stack, the upper one to `i`. [-2, +0, e]
static void set_pair(lua_State *L, unsigned i, unsigned j) {
  lua_seti(L, 1, i);
  lua_seti(L, 1, j);
}

// Whether the value at (negative) index `a` comes before that at `b`. [-0, +0, e]
static bool comes_before(lua_State *L, int a, int b) {
  roost_spend(L, 1);
  if (lua_isnil(L, 2)) return lua_compare(L, a, b, LUA_OPLT);
  lua_pushvalue(L, 2);
  lua_pushvalue(L, a - 1);
  lua_pushvalue(L, b - 2);
  lua_call(L, 2, 1);
  bool before = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return before;
}

// Parts low…high around the pivot P, which is on the top of the stack and at high - 1, where table[low] ≤ P ≤
// table[high]. Returns where P is then. [-1, +0, e]
static unsigned part(lua_State *L, unsigned low, unsigned high) {
  unsigned i = low, j = high - 1;
  for (;;) {
    while (lua_geti(L, 1, ++i), comes_before(L, -1, -2)) {
      if (i == high - 1) luaL_error(L, "invalid order function for sorting");
      lua_pop(L, 1);
    }
    while (lua_geti(L, 1, --j), comes_before(L, -3, -1)) {
      if (j < i) luaL_error(L, "invalid order function for sorting");
      lua_pop(L, 1);
    }
    if (j < i) break;
    set_pair(L, i, j);
  }
  lua_pop(L, 1);
  set_pair(L, high - 1, i);
  return i;
}

// Swaps table[i] and table[j], i < j, if they are the wrong way round. [-0, +0, e]
static void order(lua_State *L, unsigned i, unsigned j) {
  lua_geti(L, 1, i);
  lua_geti(L, 1, j);
  if (comes_before(L, -1, -2)) set_pair(L, i, j);
  else lua_pop(L, 2);
}

// Puts the median of three elements of low…high, at least four, at high - 1 and parts the range around it. Returns
// where it is then. [-0, +0, e]
static unsigned part_around_median(lua_State *L, unsigned low, unsigned middle, unsigned high) {
  lua_geti(L, 1, middle);
  lua_pushvalue(L, -1);
  lua_geti(L, 1, high - 1);
  set_pair(L, middle, high - 1);
  return part(L, low, high);
}

static void sort(lua_State *L, unsigned low, unsigned high, bool lopsided) {
  while (low < high) {
    order(L, low, high);
    if (high - low == 1) return;
    unsigned middle = (low + high) / 2;
    // The stock library asks the clock for a random place. A third of the way in is no less surprising to an innocent
    // input, a hostile one only spends its own time, and a replay sorts as the first run did.
    if (lopsided && high - low >= RANDOM_FROM) middle = low + (high - low) / 3;
    lua_geti(L, 1, middle);
    lua_geti(L, 1, low);
    if (comes_before(L, -2, -1)) {
      set_pair(L, middle, low);
    } else {
      lua_pop(L, 2);
      order(L, middle, high);
    }
    if (high - low == 2) return;

    unsigned pivot = part_around_median(L, low, middle, high), smaller;
    if (pivot - low < high - pivot) { // recursion for the smaller part bounds its depth
      sort(L, low, pivot - 1, lopsided);
      smaller = pivot - low;
      low = pivot + 1;
    } else {
      sort(L, pivot + 1, high, lopsided);
      smaller = high - pivot;
      high = pivot - 1;
    }
    if ((high - low) / 128 > smaller) lopsided = true;
  }
}

static int table_sort(lua_State *L) {
  lua_Integer n = check_length(L, 1, READ | WRITE);
  if (n > 1) {
    luaL_argcheck(L, n < INT_MAX, 1, "array too big");
    if (!lua_isnoneornil(L, 2)) luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    sort(L, 1, (unsigned)n, false);
  }
  return 0;
}

void roost_open_bounded_tables(lua_State *L) {
  lua_getglobal(L, LUA_TABLIBNAME);
  luaL_setfuncs(L,
                (const luaL_Reg[]){{"concat", table_concat},
                                   {"insert", table_insert},
                                   {"move", table_move},
                                   {"pack", table_pack},
                                   {"remove", table_remove},
                                   {"sort", table_sort},
                                   {"unpack", table_unpack},
                                   {NULL, NULL}},
                0);
  lua_pop(L, 1);
}
