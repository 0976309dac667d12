// The functions of the string library that make, change or take apart whole strings. `len`, `sub` and `byte` stay as
// they are: they take a millisecond at most, for a string as long as memory allows, and whoever calls them is asked
// then.

#include "bounded.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

enum {
  CHUNK = 4 * 1024,           // bytes changed one by one between two looks at the clock
  LARGE_BLOCK = 64 * 1024,    // bytes copied at once, if a single unit is not longer
  LONGEST_FORMAT = 16 * 1024, // of pack and unpack
  MOST_FILLED = 1 << 20,      // bytes that pack's `c` options may ask for: it fills them one by one
};

// [-0, +0, e]
static void check_memory(lua_State *L, size_t length) {
  if (length > roost_of(L)->limits.memory) luaL_error(L, "resulting string too large");
}

// -------------------------------------------------------------------------------------------------------- Repeating

// Fills `bytes` with copies of its first `unit` bytes. [-0, +0, e]
static void repeat(lua_State *L, char *bytes, size_t unit, size_t length) {
  size_t block = unit; // what is copied at once: whole units
  for (size_t filled = unit; filled < length;) {
    size_t more = length - filled < block ? length - filled : block;
    roost_spend(L, 1 + more / BYTES_PER_STEP);
    memcpy(bytes + filled, bytes, more);
    filled += more;
    if (block < LARGE_BLOCK) block = filled;
  }
}

static int string_rep(lua_State *L) {
  size_t length, gap;
  const char *s = luaL_checklstring(L, 1, &length);
  lua_Integer n = luaL_checkinteger(L, 2);
  const char *separator = luaL_optlstring(L, 3, "", &gap);
  size_t unit = length + gap;
  if (n <= 0 || unit == 0) {
    lua_pushliteral(L, "");
    return 1;
  }
  if (unit > (size_t)INT_MAX / (size_t)n) return luaL_error(L, "resulting string too large");
  if (n == 1) {
    lua_pushvalue(L, 1);
    return 1;
  }
  size_t total = unit * (size_t)n - gap;
  check_memory(L, total);
  luaL_Buffer out;
  char *bytes = luaL_buffinitsize(L, &out, total);
  memcpy(bytes, s, length);
  memcpy(bytes + length, separator, gap);
  repeat(L, bytes, unit, total);
  luaL_pushresultsize(&out, total);
  return 1;
}

// --------------------------------------------------------------------------------------------------------- Changing

// Pushes the string at index 1 with each byte changed, `reversed` in their order. [-0, +1, e]
static int map(lua_State *L, int (*change)(int), bool reversed) {
  size_t length;
  const unsigned char *s = (const unsigned char *)luaL_checklstring(L, 1, &length);
  luaL_Buffer out;
  char *bytes = luaL_buffinitsize(L, &out, length);
  for (size_t done = 0; done < length;) {
    size_t end = length - done < CHUNK ? length : done + CHUNK;
    roost_spend(L, 1 + (end - done) / BYTES_PER_STEP);
    if (reversed) {
      for (; done < end; ++done) bytes[done] = (char)s[length - 1 - done];
    } else {
      for (; done < end; ++done) bytes[done] = (char)change(s[done]);
    }
  }
  luaL_pushresultsize(&out, length);
  return 1;
}

static int string_lower(lua_State *L) { return map(L, tolower, false); }
static int string_upper(lua_State *L) { return map(L, toupper, false); }
static int string_reverse(lua_State *L) { return map(L, NULL, true); }

static int string_char(lua_State *L) {
  int n = lua_gettop(L);
  luaL_Buffer out;
  char *bytes = luaL_buffinitsize(L, &out, (size_t)n);
  for (int i = 1; i <= n; ++i) {
    roost_spend_numeral(L, i);
    lua_Unsigned c = (lua_Unsigned)luaL_checkinteger(L, i);
    luaL_argcheck(L, c <= UCHAR_MAX, i, "value out of range");
    bytes[i - 1] = (char)c;
  }
  luaL_pushresultsize(&out, (size_t)n);
  return 1;
}

// --------------------------------------------------------------------------------------------------- pack and unpack
//
// The stock functions do work in proportion to the length of the format, to the sizes it gives to `c` and to the
// strings packed or unpacked. Alignment adds 15 bytes per option at most.

// Pushes nothing; raises if the format is too long, and returns the sum of the sizes it gives to `c`. [-0, +0, e]
static size_t check_format(lua_State *L) {
  size_t length, sum = 0;
  const char *format = luaL_checklstring(L, 1, &length);
  luaL_argcheck(L, length <= LONGEST_FORMAT, 1, "format too long");
  roost_spend(L, length);
  for (const char *c = format; (c = strchr(c, 'c'));) {
    size_t size = 0;
    for (++c; isdigit((unsigned char)*c); ++c)
      if (size <= INT_MAX) size = size * 10 + (size_t)(*c - '0');
    sum += size;
  }
  return sum;
}

static int string_pack(lua_State *L) {
  if (check_format(L) > MOST_FILLED) return luaL_error(L, "resulting string too large");
  size_t bytes = 0;
  for (int i = lua_gettop(L); i > 1; --i)
    if (lua_type(L, i) == LUA_TSTRING) bytes += lua_rawlen(L, i);
  check_memory(L, bytes);
  roost_spend(L, (size_t)lua_gettop(L) + bytes / BYTES_PER_STEP);
  return roost_stock(L)(L);
}

static int string_packsize(lua_State *L) {
  check_format(L);
  return roost_stock(L)(L);
}

static int string_unpack(lua_State *L) {
  check_format(L);
  if (lua_type(L, 2) == LUA_TSTRING) roost_spend(L, lua_rawlen(L, 2) / BYTES_PER_STEP);
  return roost_stock(L)(L);
}

// ------------------------------------------------------------------------------------------------------- Arithmetic

// The metamethods by which strings are taken for numbers.
static int string_arithmetic(lua_State *L) {
  roost_spend_numeral(L, 1);
  roost_spend_numeral(L, 2);
  return roost_stock(L)(L);
}

// Bounds the metatable that all strings share, and keeps it from the plugin: its `__index` is the table `string`
// anyway. [-0, +0, m]
static void bound_metatable(lua_State *L) {
  lua_pushliteral(L, "");
  lua_getmetatable(L, -1);
  roost_wrap(L, (const luaL_Reg[]){{"__add", string_arithmetic},
                                   {"__sub", string_arithmetic},
                                   {"__mul", string_arithmetic},
                                   {"__mod", string_arithmetic},
                                   {"__pow", string_arithmetic},
                                   {"__div", string_arithmetic},
                                   {"__idiv", string_arithmetic},
                                   {"__unm", string_arithmetic},
                                   {NULL, NULL}});
  lua_pushboolean(L, false);
  lua_setfield(L, -2, "__metatable");
  lua_pop(L, 2);
}

void roost_open_bounded_strings(lua_State *L) {
  lua_getglobal(L, LUA_STRLIBNAME);
  luaL_setfuncs(L,
                (const luaL_Reg[]){{"char", string_char},
                                   {"lower", string_lower},
                                   {"rep", string_rep},
                                   {"reverse", string_reverse},
                                   {"upper", string_upper},
                                   {NULL, NULL}},
                0);
  roost_wrap(L, (const luaL_Reg[]){
                    {"pack", string_pack}, {"packsize", string_packsize}, {"unpack", string_unpack}, {NULL, NULL}});
  lua_pop(L, 1);
  bound_metatable(L);
}
