// Handles: small userdata that name something of the host's, and events, whose fields are read in place.

#include "roost_internal.h"

#include <stdio.h>
#include <string.h>

typedef struct {
  uint64_t a, b;
  uint8_t kind;
} object;

// `event` is NULL once its handler is done: whoever kept the handle reads nil.
typedef struct {
  object object; // a = serial; first, so that an event is an object too
  const roost_event *event;
} event_handle;

// Registry keys: the array of the kinds' metatables, and that of the event types' metatables.
static const char kinds_key, events_key;

void roost_open_objects(lua_State *L) {
  lua_createtable(L, 8, 0);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &kinds_key);
  lua_createtable(L, 8, 0);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &events_key);
}

bool roost_to_object(lua_State *L, int index, uint8_t *kind, uint64_t *a, uint64_t *b) {
  // A sandbox has no userdata but ours and the library's buffers, which never reach a plugin.
  const object *o = lua_touserdata(L, index);
  if (!o || lua_islightuserdata(L, index) || lua_rawlen(L, index) < sizeof *o) return false;
  *kind = o->kind;
  *a = o->a;
  *b = o->b;
  return true;
}

void roost_push_object(lua_State *L, uint8_t kind, uint64_t a, uint64_t b) {
  object *o = lua_newuserdatauv(L, sizeof *o, 0);
  *o = (object){a, b, kind};
  lua_rawgetp(L, LUA_REGISTRYINDEX, &kinds_key);
  lua_rawgeti(L, -1, kind);
  lua_remove(L, -2);
  lua_setmetatable(L, -2);
}

void roost_push_event(lua_State *L, const roost_event *event) {
  event_handle *e = lua_newuserdatauv(L, sizeof *e, 0);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &events_key);
  lua_rawgeti(L, -1, event->type + 1);
  lua_rawgeti(L, -1, 1); // the kind's number
  *e = (event_handle){{event->serial, 0, (uint8_t)lua_tointeger(L, -1)}, event};
  lua_pop(L, 1);
  lua_remove(L, -2);
  lua_setmetatable(L, -2);
}

void roost_retire_event(lua_State *L, int index) {
  event_handle *e = lua_touserdata(L, index);
  e->event = NULL;
}

// Remembers what was asked for in vain: the error that follows can then say so. [-0, +0, -]
static void note_missing(lua_State *L, const char *of, int key) {
  roost_state *state = roost_of(L);
  const char *name = lua_type(L, key) == LUA_TSTRING ? lua_tostring(L, key) : "";
  snprintf(state->missing, sizeof state->missing, "%s", name);
  snprintf(state->missing_of, sizeof state->missing_of, "%s", of);
}

// __index of an object: upvalue 1 the methods, upvalue 2 the kind's name.
static int object_index(lua_State *L) {
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
  if (lua_type(L, 2) != LUA_TSTRING) return 0;
  lua_pushvalue(L, 1);
  lua_pushvalue(L, 2);
  int results = roost_ask_host(L, ROOST_HOST_ATTRIBUTE, 2);
  if (results < 0) {
    note_missing(L, lua_tostring(L, lua_upvalueindex(2)), 2);
    return 0;
  }
  return results;
}

static int push_field(lua_State *L, const event_handle *e, lua_Integer slot) {
  const roost_field *field = &e->event->fields[slot];
  switch (field->tag) {
    case ROOST_FALSE:
    case ROOST_TRUE: lua_pushboolean(L, field->tag == ROOST_TRUE); return 1;
    case ROOST_INTEGER: lua_pushinteger(L, field->integer); return 1;
    case ROOST_NUMBER: lua_pushnumber(L, field->number); return 1;
    case ROOST_STRING: lua_pushlstring(L, field->string, field->length); return 1;
    case ROOST_OBJECT: roost_push_object(L, field->kind, field->object.a, field->object.b); return 1;
    case ROOST_LAZY:
      lua_pushinteger(L, (lua_Integer)e->event->serial);
      lua_pushinteger(L, slot);
      return roost_ask_host(L, ROOST_HOST_FIELD, 2);
    default: return 0;
  }
}

// __index of an event: upvalue 1 the slots by name, upvalue 2 the methods, upvalue 3 the event's name.
static int event_index(lua_State *L) {
  const event_handle *e = lua_touserdata(L, 1);
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(1)) == LUA_TNUMBER) {
    if (!e->event) {
      note_missing(L, "an event that is over", 2);
      return 0;
    }
    lua_Integer slot = lua_tointeger(L, -1);
    return slot < e->event->count ? push_field(L, e, slot) : 0;
  }
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(2)) == LUA_TNIL) note_missing(L, lua_tostring(L, lua_upvalueindex(3)), 2);
  return 1;
}

static int refuse_assignment(lua_State *L) {
  const char *name = lua_tostring(L, lua_upvalueindex(1));
  const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?";
  if (lua_toboolean(L, lua_upvalueindex(2)))
    return luaL_error(L, "events are read-only: return roost.modify{ %s = … } instead of assigning to it", key);
  return luaL_error(L, "a %s is read-only: '%s' cannot be assigned", name, key);
}

static int object_equal(lua_State *L) {
  uint8_t kind[2];
  uint64_t a[2], b[2];
  lua_pushboolean(L, roost_to_object(L, 1, &kind[0], &a[0], &b[0]) && roost_to_object(L, 2, &kind[1], &a[1], &b[1]) &&
                         kind[0] == kind[1] && a[0] == a[1] && b[0] == b[1]);
  return 1;
}

static int object_name(lua_State *L) {
  const object *o = lua_touserdata(L, 1);
  lua_pushfstring(L, "%s %I", lua_tostring(L, lua_upvalueindex(1)), (LUAI_UACINT)o->a);
  return 1;
}

static int object_release(lua_State *L) {
  const object *o = lua_touserdata(L, 1);
  roost_state *state = roost_of(L);
  // A collection can happen in the middle of another host call, so the state's own buffers are not free.
  uint8_t bytes[18] = {ROOST_OBJECT, o->kind};
  memcpy(bytes + 2, &o->a, sizeof o->a);
  memcpy(bytes + 10, &o->b, sizeof o->b);
  roost_buffer none = {0};
  roost_lock();
  state->host(state->context, ROOST_HOST_RELEASE, bytes, sizeof bytes, &none);
  roost_release_buffer(&none);
  roost_unlock();
  return 0;
}

// Fills the metatable on the top of the stack with what every handle has. [-0, +0, m]
static void set_common(lua_State *L, const char *name, bool is_event) {
  lua_pushstring(L, name);
  lua_pushboolean(L, is_event);
  lua_pushcclosure(L, refuse_assignment, 2);
  lua_setfield(L, -2, "__newindex");
  lua_pushstring(L, name);
  lua_pushcclosure(L, object_name, 1);
  lua_setfield(L, -2, "__tostring");
  lua_pushcfunction(L, object_equal);
  lua_setfield(L, -2, "__eq");
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__name");
  lua_pushboolean(L, false);
  lua_setfield(L, -2, "__metatable");
}

typedef struct {
  uint8_t kind;
  bool released;
  const char *name;
  uint32_t type, count;
  const char *const *fields;
} description;

static int define_kind(lua_State *L) {
  const description *d = lua_touserdata(L, 1);
  luaL_newmetatable(L, d->name);
  set_common(L, d->name, false);
  lua_newtable(L);
  lua_pushvalue(L, -1);
  lua_setfield(L, -3, "methods");
  lua_pushstring(L, d->name);
  lua_pushcclosure(L, object_index, 2);
  lua_setfield(L, -2, "__index");
  if (d->released) {
    lua_pushcfunction(L, object_release);
    lua_setfield(L, -2, "__gc");
  }
  lua_rawgetp(L, LUA_REGISTRYINDEX, &kinds_key);
  lua_pushvalue(L, -2);
  lua_rawseti(L, -2, d->kind);
  return 0;
}

static int define_event(lua_State *L) {
  const description *d = lua_touserdata(L, 1);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &events_key);
  lua_newtable(L);
  set_common(L, d->name, true);
  lua_pushinteger(L, d->kind);
  lua_rawseti(L, -2, 1);

  lua_createtable(L, 0, (int)d->count);
  for (uint32_t slot = 0; slot < d->count; ++slot) {
    lua_pushinteger(L, slot);
    lua_setfield(L, -2, d->fields[slot]);
  }
  lua_rawgetp(L, LUA_REGISTRYINDEX, &kinds_key);
  lua_rawgeti(L, -1, d->kind);
  lua_getfield(L, -1, "methods");
  lua_replace(L, -3);
  lua_pop(L, 1);
  lua_pushstring(L, d->name);
  lua_pushcclosure(L, event_index, 3);
  lua_setfield(L, -2, "__index");
  lua_rawseti(L, -2, d->type + 1);
  return 0;
}

static bool protect(roost_state *state, lua_CFunction body, const description *d) {
  lua_State *L = state->main;
  if (state->is_lost || !lua_checkstack(L, 4)) return false;
  lua_pushcfunction(L, body);
  lua_pushlightuserdata(L, (void *)d);
  bool ok = lua_pcall(L, 1, 0, 0) == LUA_OK;
  if (!ok) lua_pop(L, 1);
  return ok;
}

bool roost_define_kind(roost_state *state, uint8_t kind, const char *name, bool released) {
  return kind > 0 && kind < ROOST_KINDS &&
         protect(state, define_kind, &(description){.kind = kind, .name = name, .released = released});
}

bool roost_define_event(roost_state *state, uint32_t type, const char *name, uint8_t kind, const char *const *fields, uint32_t count) {
  return protect(state, define_event, &(description){.kind = kind, .name = name, .type = type, .fields = fields, .count = count});
}
