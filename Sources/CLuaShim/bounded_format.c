// string.format, such that every item counts against the run: one call can take thousands of arguments, each with a
// __tostring, a name or a numeral as long as memory allows, and print each with a hundred digits.
//
// Derived from lstrlib.c of Lua 5.4, Copyright (C) 1994–2022 Lua.org, PUC-Rio, MIT licence; its text is in matcher.c.

#include "bounded.h"

#include <ctype.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
  ESCAPE = '%',
  LONGEST_SPECIFICATION = 22,           // flags, width, precision and conversion: longer ones are refused
  FORMAT_SIZE = 32,                     // room for one, with a length modifier
  ITEM_SIZE = 120,                      // room for any item but those of %f, %q and %s, of 99 digits at most
  FIXED_SIZE = 110 + DBL_MAX_10_EXP,    // room for one of %f
  SHORT_STRING = 100,                   // longer ones are not padded
  SLICE = 64,                           // quoted characters between two looks at the clock
};

// One item on its way: its specification as C's printf takes it, and the argument it is for.
typedef struct {
  lua_State *L;
  luaL_Buffer *out;
  char specification[FORMAT_SIZE];
  int argument;
} item;

// Raises unless the specification is flags out of `flags`, a width, and if allowed a precision. [-0, +0, e]
static void check_specification(item *it, const char *flags, bool has_precision) {
  const char *c = it->specification + 1;
  c += strspn(c, flags);
  if (*c != '0') {
    for (int i = 0; i < 2 && isdigit((unsigned char)*c); ++i) ++c;
    if (*c == '.' && has_precision) {
      ++c;
      for (int i = 0; i < 2 && isdigit((unsigned char)*c); ++i) ++c;
    }
  }
  if (!isalpha((unsigned char)*c)) luaL_error(it->L, "invalid conversion specification: '%s'", it->specification);
}

static void add_text(item *it, const char *text) { luaL_addstring(it->out, text); }

// [-0, +0, e]
static void add_integer(item *it, const char *flags) {
  roost_spend_numeral(it->L, it->argument);
  lua_Integer n = luaL_checkinteger(it->L, it->argument);
  check_specification(it, flags, true);
  size_t last = strlen(it->specification) - 1;
  char conversion = it->specification[last];
  snprintf(it->specification + last, FORMAT_SIZE - last, LUA_INTEGER_FRMLEN "%c", conversion);
  char text[ITEM_SIZE];
  snprintf(text, sizeof text, it->specification, n);
  add_text(it, text);
}

// [-0, +0, e]
static void add_float(item *it) {
  roost_spend_numeral(it->L, it->argument);
  lua_Number n = luaL_checknumber(it->L, it->argument);
  check_specification(it, "-+#0 ", true);
  char text[FIXED_SIZE];
  snprintf(text, sizeof text, it->specification, n);
  add_text(it, text);
}

// [-0, +0, e]
static void add_character(item *it) {
  roost_spend_numeral(it->L, it->argument);
  lua_Integer c = luaL_checkinteger(it->L, it->argument);
  check_specification(it, "-", false);
  char text[ITEM_SIZE];
  int length = snprintf(text, sizeof text, it->specification, (int)c);
  luaL_addlstring(it->out, text, (size_t)length); // it may be a zero
}

// [-0, +0, e]
static void add_pointer(item *it) {
  const void *pointer = lua_topointer(it->L, it->argument);
  check_specification(it, "-", false);
  char text[ITEM_SIZE];
  if (pointer) {
    snprintf(text, sizeof text, it->specification, pointer);
  } else {
    it->specification[strlen(it->specification) - 1] = 's';
    snprintf(text, sizeof text, it->specification, "(null)");
  }
  add_text(it, text);
}

// [-0, +0, e]
static void add_string(item *it) {
  size_t length;
  const char *s = luaL_tolstring(it->L, it->argument, &length);
  roost_spend(it->L, 1 + length / BYTES_PER_STEP);
  if (it->specification[2] == 0) {
    luaL_addvalue(it->out);
    return;
  }
  luaL_argcheck(it->L, length == strlen(s), it->argument, "string contains zeros");
  check_specification(it, "-", true);
  if (!strchr(it->specification, '.') && length >= SHORT_STRING) {
    luaL_addvalue(it->out);
    return;
  }
  char text[ITEM_SIZE];
  snprintf(text, sizeof text, it->specification, s);
  lua_pop(it->L, 1);
  add_text(it, text);
}

// ---------------------------------------------------------------------------------------------------------- Quoting

// [-0, +0, e]
static void quote_string(item *it) {
  size_t length;
  const char *s = lua_tolstring(it->L, it->argument, &length);
  luaL_addchar(it->out, '"');
  for (size_t i = 0; i < length; ++i, ++s) {
    if (i % SLICE == 0) roost_spend(it->L, SLICE);
    if (*s == '"' || *s == '\\' || *s == '\n') {
      luaL_addchar(it->out, '\\');
      luaL_addchar(it->out, *s);
    } else if (iscntrl((unsigned char)*s)) {
      char text[10];
      snprintf(text, sizeof text, isdigit((unsigned char)s[1]) ? "\\%03d" : "\\%d", (unsigned char)*s);
      add_text(it, text);
    } else {
      luaL_addchar(it->out, *s);
    }
  }
  luaL_addchar(it->out, '"');
}

// Hexadecimal, so that no bit is lost; infinities and NaN by what reads as such.
static void quote_float(item *it, lua_Number n) {
  char text[ITEM_SIZE];
  if (isnan(n)) {
    add_text(it, "(0/0)");
  } else if (isinf(n)) {
    add_text(it, n > 0 ? "1e9999" : "-1e9999");
  } else {
    snprintf(text, sizeof text, "%a", n);
    char *comma = strchr(text, lua_getlocaledecpoint());
    if (comma) *comma = '.';
    add_text(it, text);
  }
}

// [-0, +0, e]
static void quote(item *it) {
  lua_State *L = it->L;
  if (it->specification[2]) luaL_error(L, "specifier '%%q' cannot have modifiers");
  char text[ITEM_SIZE];
  switch (lua_type(L, it->argument)) {
    case LUA_TSTRING: quote_string(it); break;
    case LUA_TNUMBER:
      if (lua_isinteger(L, it->argument)) {
        lua_Integer n = lua_tointeger(L, it->argument);
        // The least integer has no decimal numeral: its digits are one more than the greatest.
        snprintf(text, sizeof text, n == LUA_MININTEGER ? "0x%" LUA_INTEGER_FRMLEN "x" : LUA_INTEGER_FMT, n);
        add_text(it, text);
      } else {
        quote_float(it, lua_tonumber(L, it->argument));
      }
      break;
    case LUA_TNIL:
    case LUA_TBOOLEAN:
      luaL_tolstring(L, it->argument, NULL);
      luaL_addvalue(it->out);
      break;
    default: luaL_argerror(L, it->argument, "value has no literal form");
  }
}

// ----------------------------------------------------------------------------------------------------------- Format

// Copies the specification that follows the `%` before `c`. Returns where its conversion is. [-0, +0, e]
static const char *read_specification(item *it, const char *c) {
  size_t length = strspn(c, "-+#0 123456789.") + 1;
  if (length >= LONGEST_SPECIFICATION) luaL_error(it->L, "invalid format (too long)");
  it->specification[0] = ESCAPE;
  memcpy(it->specification + 1, c, length);
  it->specification[length + 1] = 0;
  return c + length - 1;
}

// [-0, +0, e]
static void add_item(item *it, char conversion) {
  roost_spend(it->L, 1);
  switch (conversion) {
    case 'c': add_character(it); break;
    case 'd':
    case 'i': add_integer(it, "-+0 "); break;
    case 'u': add_integer(it, "-0"); break;
    case 'o':
    case 'x':
    case 'X': add_integer(it, "-#0"); break;
    case 'a':
    case 'A':
    case 'f':
    case 'e':
    case 'E':
    case 'g':
    case 'G': add_float(it); break;
    case 'p': add_pointer(it); break;
    case 'q': quote(it); break;
    case 's': add_string(it); break;
    default: luaL_error(it->L, "invalid conversion '%s' to 'format'", it->specification);
  }
}

static int string_format(lua_State *L) {
  int top = lua_gettop(L);
  size_t length;
  const char *c = luaL_checklstring(L, 1, &length), *end = c + length;
  luaL_Buffer out;
  luaL_buffinit(L, &out);
  item it = {.L = L, .out = &out, .argument = 1};
  while (c < end) {
    const char *escape = memchr(c, ESCAPE, (size_t)(end - c));
    if (!escape) escape = end;
    luaL_addlstring(&out, c, (size_t)(escape - c));
    if (escape == end) break;
    c = escape + 1;
    if (*c == ESCAPE) {
      roost_spend(L, 1);
      luaL_addchar(&out, *c++);
      continue;
    }
    if (++it.argument > top) return luaL_argerror(L, it.argument, "no value");
    c = read_specification(&it, c);
    add_item(&it, *c++);
  }
  luaL_pushresult(&out);
  return 1;
}

void roost_open_bounded_format(lua_State *L) {
  lua_getglobal(L, LUA_STRLIBNAME);
  lua_pushcfunction(L, string_format);
  lua_setfield(L, -2, "format");
  lua_pop(L, 1);
}
