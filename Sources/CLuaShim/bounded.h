// What the files share that replace parts of Lua's library by bounded ones: patterns.c, bounded*.c.

#ifndef ROOST_BOUNDED_H
#define ROOST_BOUNDED_H

#include "roost_internal.h"

enum {
  BYTES_PER_STEP = 64,         // copying, comparing or searching so many bytes takes as long as a step of the matcher
  LONGEST_SOURCE = 1 << 20,    // bytes `load` compiles
  LONGEST_NUMERAL = 16 * 1024, // bytes of a string that is taken for a number: reading one takes 3 ns per byte
};

// Counts the argument's length, if it is a string: functions that take numbers read numerals too, however long. The
// length of one that is too long to be meant so is an error. [-0, +0, e]
void roost_spend_numeral(lua_State *L, int index);

// Replaces functions of the library table on the top of the stack by ours, which get the stock ones as upvalue 1.
// [-0, +0, m]
void roost_wrap(lua_State *L, const luaL_Reg *functions);

// The stock function that a wrapper stands before. It is called as a C function, in the wrapper's own frame, so that
// its errors name the function and the line the plugin wrote. [-0, +0, -]
static inline lua_CFunction roost_stock(lua_State *L) { return lua_tocfunction(L, lua_upvalueindex(1)); }

// Compiles text as luaL_loadbufferx does in mode "t", but raises when the run's time is over. Pushes the function, or
// an error message. [-0, +1, e]
int roost_compile(lua_State *L, const char *source, size_t length, const char *name);

void roost_open_bounded_strings(lua_State *L); // [-0, +0, m]
void roost_open_bounded_format(lua_State *L);  // [-0, +0, m]
void roost_open_bounded_tables(lua_State *L);  // [-0, +0, m]
void roost_open_bounded_utf8(lua_State *L);    // [-0, +0, m]

#endif
