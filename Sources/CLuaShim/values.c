// Values as bytes, both ways.

#include "roost_internal.h"

#include <stdlib.h>
#include <string.h>

// Tables within tables that may cross the border. A table that holds itself is refused by this too.
enum { MOST_DEPTH = 16 };

void roost_append(roost_buffer *buffer, const void *bytes, size_t count) {
  if (buffer->capacity - buffer->count < count) {
    size_t capacity = buffer->capacity ? buffer->capacity : 128;
    while (capacity - buffer->count < count) capacity *= 2;
    roost_lock();
    uint8_t *moved = realloc(buffer->bytes, capacity);
    roost_unlock();
    if (!moved) abort(); // the process is out of memory, as Swift would abort
    buffer->bytes = moved;
    buffer->capacity = capacity;
  }
  if (count) memcpy(buffer->bytes + buffer->count, bytes, count);
  buffer->count += count;
}

void roost_release_buffer(roost_buffer *buffer) {
  free(buffer->bytes);
  *buffer = (roost_buffer){0};
}

static void append_tag(roost_buffer *buffer, uint8_t tag) { roost_append(buffer, &tag, 1); }

static void append_tagged(roost_buffer *buffer, uint8_t tag, const void *value, size_t size) {
  append_tag(buffer, tag);
  roost_append(buffer, value, size);
}

static void check_size(lua_State *L, const roost_buffer *buffer, size_t more) {
  size_t most = roost_of(L)->limits.value_bytes;
  if (buffer->count + more > most) luaL_error(L, "too much at once: more than %d KiB", (int)(most >> 10));
}

static void encode(lua_State *L, int index, roost_buffer *buffer, int depth);

static void encode_table(lua_State *L, int index, roost_buffer *buffer, int depth) {
  if (depth >= MOST_DEPTH) luaL_error(L, "a table is nested more than %d deep, or holds itself", MOST_DEPTH);
  luaL_checkstack(L, 4, "table too deep");
  append_tag(buffer, ROOST_TABLE);

  uint32_t length = (uint32_t)lua_rawlen(L, index);
  roost_append(buffer, &length, sizeof length);
  for (uint32_t i = 1; i <= length; ++i) {
    lua_rawgeti(L, index, i);
    encode(L, lua_gettop(L), buffer, depth + 1);
    lua_pop(L, 1);
    if (i % 256 == 0) roost_spend(L, 256);
  }

  uint32_t pairs = 0;
  size_t at = buffer->count;
  roost_append(buffer, &pairs, sizeof pairs);
  for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
    int key = lua_gettop(L) - 1;
    if (lua_isinteger(L, key) && lua_tointeger(L, key) >= 1 && lua_tointeger(L, key) <= length) continue;
    encode(L, key, buffer, depth + 1);
    encode(L, key + 1, buffer, depth + 1);
    if (++pairs % 256 == 0) roost_spend(L, 256);
  }
  memcpy(buffer->bytes + at, &pairs, sizeof pairs);
}

static void encode(lua_State *L, int index, roost_buffer *buffer, int depth) {
  check_size(L, buffer, 32);
  switch (lua_type(L, index)) {
    case LUA_TNIL:
    case LUA_TNONE: append_tag(buffer, ROOST_NIL); return;
    case LUA_TBOOLEAN: append_tag(buffer, lua_toboolean(L, index) ? ROOST_TRUE : ROOST_FALSE); return;
    case LUA_TNUMBER:
      if (lua_isinteger(L, index)) {
        int64_t integer = lua_tointeger(L, index);
        append_tagged(buffer, ROOST_INTEGER, &integer, sizeof integer);
      } else {
        double number = lua_tonumber(L, index);
        append_tagged(buffer, ROOST_NUMBER, &number, sizeof number);
      }
      return;
    case LUA_TSTRING: {
      size_t length;
      const char *bytes = lua_tolstring(L, index, &length);
      check_size(L, buffer, length);
      uint32_t length32 = (uint32_t)length;
      append_tagged(buffer, ROOST_STRING, &length32, sizeof length32);
      roost_append(buffer, bytes, length);
      return;
    }
    case LUA_TTABLE: encode_table(L, index, buffer, depth); return;
    case LUA_TFUNCTION: {
      lua_pushvalue(L, index);
      int32_t reference = luaL_ref(L, LUA_REGISTRYINDEX);
      append_tagged(buffer, ROOST_FUNCTION, &reference, sizeof reference);
      return;
    }
    case LUA_TUSERDATA: {
      struct { uint64_t a, b; } pair;
      uint8_t kind;
      if (!roost_to_object(L, index, &kind, &pair.a, &pair.b)) break;
      append_tagged(buffer, ROOST_OBJECT, &kind, 1);
      roost_append(buffer, &pair, sizeof pair);
      return;
    }
    default: break;
  }
  luaL_error(L, "a %s cannot be used here", luaL_typename(L, index));
}

void roost_encode(lua_State *L, int index, roost_buffer *buffer) { encode(L, lua_absindex(L, index), buffer, 0); }

// What is still to be read. The host writes well-formed values; the checks keep a mistake there from reading beyond.
typedef struct {
  const uint8_t *at, *end;
} reader;

static void take(lua_State *L, reader *in, void *into, size_t count) {
  if ((size_t)(in->end - in->at) < count) luaL_error(L, "the host sent a value cut short");
  memcpy(into, in->at, count);
  in->at += count;
}

static void decode(lua_State *L, reader *in) {
  luaL_checkstack(L, 4, "value nested too deep");
  uint8_t tag;
  take(L, in, &tag, 1);
  switch (tag) {
    case ROOST_NIL: lua_pushnil(L); return;
    case ROOST_FALSE:
    case ROOST_TRUE: lua_pushboolean(L, tag == ROOST_TRUE); return;
    case ROOST_INTEGER: {
      int64_t integer;
      take(L, in, &integer, sizeof integer);
      lua_pushinteger(L, integer);
      return;
    }
    case ROOST_NUMBER: {
      double number;
      take(L, in, &number, sizeof number);
      lua_pushnumber(L, number);
      return;
    }
    case ROOST_STRING: {
      uint32_t length;
      take(L, in, &length, sizeof length);
      if ((size_t)(in->end - in->at) < length) luaL_error(L, "the host sent a string cut short");
      lua_pushlstring(L, (const char *)in->at, length);
      in->at += length;
      return;
    }
    case ROOST_TABLE: {
      uint32_t count;
      take(L, in, &count, sizeof count);
      lua_createtable(L, (int)(count < 65536 ? count : 65536), 0);
      for (uint32_t i = 1; i <= count; ++i) {
        decode(L, in);
        lua_rawseti(L, -2, i);
      }
      take(L, in, &count, sizeof count);
      for (uint32_t i = 0; i < count; ++i) {
        decode(L, in);
        decode(L, in);
        lua_rawset(L, -3);
      }
      return;
    }
    case ROOST_FUNCTION: {
      int32_t reference;
      take(L, in, &reference, sizeof reference);
      lua_rawgeti(L, LUA_REGISTRYINDEX, reference);
      return;
    }
    case ROOST_OBJECT: {
      uint8_t kind;
      uint64_t pair[2];
      take(L, in, &kind, 1);
      take(L, in, pair, sizeof pair);
      roost_push_object(L, kind, pair[0], pair[1]);
      return;
    }
    default: luaL_error(L, "the host sent a value with the unknown tag %d", tag);
  }
}

int roost_decode(lua_State *L, const uint8_t *bytes, size_t count) {
  reader in = {bytes, bytes + count};
  int values = 0;
  for (; in.at < in.end; ++values) decode(L, &in);
  return values;
}
