// The utf8 library, such that the bytes it walks over count against the run.
//
// Derived from lutf8lib.c of Lua 5.4, Copyright (C) 1994–2022 Lua.org, PUC-Rio, MIT licence; its text is in matcher.c.

#include "bounded.h"

#include <limits.h>

enum {
  SLICE = 256, // characters or bytes walked over between two looks at the clock
  LAST_UNICODE = 0x10FFFF,
  LAST_CODE = 0x7FFFFFFF, // of the original UTF-8, which "lax" asks for
  LONGEST_SEQUENCE = 6,
};

static bool is_continuation(const char *s) { return (*s & 0xC0) == 0x80; }

// Calls roost_spend for a loop that is at its step `n`. [-0, +0, e]
static void spend_step(lua_State *L, lua_Integer n) {
  if (n % SLICE == 0) roost_spend(L, SLICE);
}

// The offset that a position stands for, plus one; 0 if it is before the string.
static lua_Integer from_start(lua_Integer position, size_t length) {
  if (position >= 0) return position;
  if (0u - (size_t)position > length) return 0;
  return (lua_Integer)length + position + 1;
}

// Reads the character at `s`, and returns where the next one begins, or NULL if it is none. Reads no further than the
// zero at the string's end.
static const char *decode(const char *s, lua_Unsigned *code, bool lax) {
  static const unsigned least[] = {UINT_MAX, 0x80, 0x800, 0x10000, 0x200000, 0x4000000}; // by continuation bytes
  unsigned first = (unsigned char)*s, value = 0;
  if (first < 0x80) {
    value = first;
  } else {
    int n = 0;
    for (; first & 0x40; first <<= 1) {
      if (++n > 5 || !is_continuation(s + n)) return NULL;
      value = value << 6 | (s[n] & 0x3F);
    }
    value |= (first & 0x7F) << (n * 5);
    if (value > LAST_CODE || value < least[n]) return NULL;
    s += n;
  }
  if (!lax && (value > LAST_UNICODE || (0xD800 <= value && value <= 0xDFFF))) return NULL;
  *code = value;
  return s + 1;
}

static int utf8_len(lua_State *L) {
  size_t length;
  const char *s = luaL_checklstring(L, 1, &length);
  lua_Integer i = from_start(luaL_optinteger(L, 2, 1), length);
  lua_Integer last = from_start(luaL_optinteger(L, 3, -1), length);
  bool lax = lua_toboolean(L, 4);
  luaL_argcheck(L, 1 <= i && --i <= (lua_Integer)length, 2, "initial position out of bounds");
  luaL_argcheck(L, --last < (lua_Integer)length, 3, "final position out of bounds");
  lua_Integer n = 0;
  for (; i <= last; ++n) {
    lua_Unsigned code;
    const char *next = decode(s + i, &code, lax);
    if (!next) {
      luaL_pushfail(L);
      lua_pushinteger(L, i + 1);
      return 2;
    }
    i = next - s;
    spend_step(L, n);
  }
  lua_pushinteger(L, n);
  return 1;
}

static int utf8_codepoint(lua_State *L) {
  size_t length;
  const char *s = luaL_checklstring(L, 1, &length);
  lua_Integer i = from_start(luaL_optinteger(L, 2, 1), length);
  lua_Integer last = from_start(luaL_optinteger(L, 3, i), length);
  bool lax = lua_toboolean(L, 4);
  luaL_argcheck(L, i >= 1, 2, "out of bounds");
  luaL_argcheck(L, last <= (lua_Integer)length, 3, "out of bounds");
  if (i > last) return 0;
  if (last - i >= INT_MAX) return luaL_error(L, "string slice too long");
  luaL_checkstack(L, (int)(last - i) + 1, "string slice too long");
  const char *end = s + last;
  int n = 0;
  for (s += i - 1; s < end; ++n) {
    lua_Unsigned code;
    s = decode(s, &code, lax);
    if (!s) return luaL_error(L, "invalid UTF-8 code");
    lua_pushinteger(L, (lua_Integer)code);
    spend_step(L, n);
  }
  return n;
}

// Writes the bytes of a code before `end`, and returns where they begin.
static char *encode(lua_Unsigned code, char *end) {
  if (code < 0x80) {
    *--end = (char)code;
    return end;
  }
  unsigned most = 0x3F; // that fits in the first byte
  do {
    *--end = (char)(0x80 | (code & 0x3F));
    code >>= 6;
    most >>= 1;
  } while (code > most);
  *--end = (char)(~most << 1 | code);
  return end;
}

static int utf8_char(lua_State *L) {
  int n = lua_gettop(L);
  luaL_Buffer out;
  luaL_buffinit(L, &out);
  for (int i = 1; i <= n; ++i) {
    roost_spend_numeral(L, i);
    lua_Unsigned code = (lua_Unsigned)luaL_checkinteger(L, i);
    luaL_argcheck(L, code <= LAST_CODE, i, "value out of range");
    char bytes[LONGEST_SEQUENCE], *end = bytes + sizeof bytes;
    char *start = encode(code, end);
    luaL_addlstring(&out, start, (size_t)(end - start));
  }
  luaL_pushresult(&out);
  return 1;
}

// The offset `n` characters before offset `i`, if `*n` is 0 then. [-0, +0, e]
static lua_Integer walk_back(lua_State *L, const char *s, lua_Integer i, lua_Integer *n) {
  while (*n < 0 && i > 0) {
    do {
      --i;
      spend_step(L, i);
    } while (i > 0 && is_continuation(s + i));
    ++*n;
  }
  return i;
}

// The offset `n` characters after offset `i`, if `*n` is 0 then. [-0, +0, e]
static lua_Integer walk_on(lua_State *L, const char *s, lua_Integer i, lua_Integer length, lua_Integer *n) {
  while (*n > 0 && i < length) {
    do {
      ++i;
      spend_step(L, i);
    } while (is_continuation(s + i)); // the zero at the end is none
    --*n;
  }
  return i;
}

static int utf8_offset(lua_State *L) {
  size_t length;
  const char *s = luaL_checklstring(L, 1, &length);
  lua_Integer n = luaL_checkinteger(L, 2);
  lua_Integer i = from_start(luaL_optinteger(L, 3, n >= 0 ? 1 : (lua_Integer)length + 1), length);
  luaL_argcheck(L, 1 <= i && --i <= (lua_Integer)length, 3, "position out of bounds");
  if (n == 0) {
    while (i > 0 && is_continuation(s + i)) {
      --i;
      spend_step(L, i);
    }
  } else if (is_continuation(s + i)) {
    return luaL_error(L, "initial position is a continuation byte");
  } else if (n < 0) {
    i = walk_back(L, s, i, &n);
  } else {
    --n; // for the character at `i` itself
    i = walk_on(L, s, i, (lua_Integer)length, &n);
  }
  if (n == 0) lua_pushinteger(L, i + 1);
  else luaL_pushfail(L);
  return 1;
}

static int next_code(lua_State *L, bool lax) {
  size_t length;
  const char *s = luaL_checklstring(L, 1, &length);
  lua_Unsigned i = (lua_Unsigned)lua_tointeger(L, 2);
  while (i < length && is_continuation(s + i)) {
    ++i;
    spend_step(L, (lua_Integer)i);
  }
  if (i >= length) return 0;
  lua_Unsigned code;
  if (!decode(s + i, &code, lax)) return luaL_error(L, "invalid UTF-8 code");
  lua_pushinteger(L, (lua_Integer)i + 1);
  lua_pushinteger(L, (lua_Integer)code);
  return 2;
}

static int next_code_strict(lua_State *L) { return next_code(L, false); }
static int next_code_lax(lua_State *L) { return next_code(L, true); }

static int utf8_codes(lua_State *L) {
  bool lax = lua_toboolean(L, 2);
  luaL_checkstring(L, 1);
  lua_pushcfunction(L, lax ? next_code_lax : next_code_strict);
  lua_pushvalue(L, 1);
  lua_pushinteger(L, 0);
  return 3;
}

void roost_open_bounded_utf8(lua_State *L) {
  lua_getglobal(L, LUA_UTF8LIBNAME);
  luaL_setfuncs(L,
                (const luaL_Reg[]){{"char", utf8_char},
                                   {"codepoint", utf8_codepoint},
                                   {"codes", utf8_codes},
                                   {"len", utf8_len},
                                   {"offset", utf8_offset},
                                   {NULL, NULL}},
                0);
  lua_pop(L, 1);
}
