// string.find, match, gmatch and gsub, such that every step of the matcher counts against the run: with the stock
// versions a pattern of ten bytes can run for hours where no hook is heard.
//
// Derived from lstrlib.c of Lua 5.4, Copyright (C) 1994–2022 Lua.org, PUC-Rio, MIT licence; its text is in matcher.c.

#include "matcher.h"

#include <ctype.h>
#include <string.h>

enum {
  ESCAPE = '%',
  PLAIN_SLICE = 256,  // bytes of a pattern looked through between two looks at the clock
  STRIDE = 32 * 1024, // bytes memchr may pass between two looks
};

// -------------------------------------------------------------------------------------------------------- Captures

// The text of capture `i`, or of the whole match `s`…`e` if there are no captures. A position is pushed, and POSITION
// returned. [-0, +(0|1), e]
static ptrdiff_t get_capture(matcher *m, int i, const char *s, const char *e, const char **text) {
  if (i >= m->level) {
    if (i != 0) luaL_error(m->L, "invalid capture index %%%d", i + 1);
    *text = s;
    return e - s;
  }
  ptrdiff_t length = m->capture[i].length;
  *text = m->capture[i].start;
  if (length == UNFINISHED) luaL_error(m->L, "unfinished capture");
  if (length == POSITION) lua_pushinteger(m->L, m->capture[i].start - m->subject + 1);
  return length;
}

// [-0, +1, e]
static void push_capture(matcher *m, int i, const char *s, const char *e) {
  const char *text;
  ptrdiff_t length = get_capture(m, i, s, e, &text);
  if (length == POSITION) return;
  roost_spend(m->L, (size_t)length / BYTES_PER_STEP);
  lua_pushlstring(m->L, text, (size_t)length);
}

// Pushes all captures, or the whole match if there are none and `s` is not NULL, and returns their number. [-0, +n, e]
static int push_captures(matcher *m, const char *s, const char *e) {
  int n = m->level == 0 && s ? 1 : m->level;
  luaL_checkstack(m->L, n, "too many captures");
  for (int i = 0; i < n; ++i) push_capture(m, i, s, e);
  return n;
}

// -------------------------------------------------------------------------------------------------- find and match

static bool is_special(char c) {
  switch (c) {
    case '^': case '$': case '*': case '+': case '?': case '.': case '(': case '[': case '%': case '-': return true;
    default: return false;
  }
}

// [-0, +0, e]
static bool is_plain(lua_State *L, const char *p, size_t length) {
  for (size_t i = 0; i < length; ++i) {
    if (is_special(p[i])) return false;
    if (i % PLAIN_SLICE == PLAIN_SLICE - 1) roost_spend(L, PLAIN_SLICE);
  }
  return true;
}

// Where the text `p` first is in `s`, or NULL. [-0, +0, e]
static const char *find_plain(lua_State *L, const char *s, size_t length, const char *p, size_t wanted) {
  if (wanted == 0) return s;
  if (wanted > length) return NULL;
  const char *last = s + (length - wanted); // where it can be found at the latest
  while (s <= last) {
    size_t stride = (size_t)(last - s) + 1;
    if (stride > STRIDE) stride = STRIDE;
    const char *candidate = memchr(s, *p, stride);
    roost_spend(L, 1 + ((candidate ? (size_t)(candidate - s) : stride) + wanted) / BYTES_PER_STEP);
    if (candidate && memcmp(candidate + 1, p + 1, wanted - 1) == 0) return candidate;
    s = candidate ? candidate + 1 : s + stride;
  }
  return NULL;
}

// The offset that argument `index`, 1 by default, stands for. [-0, +0, e]
static size_t check_start(lua_State *L, int index, size_t length) {
  lua_Integer position = luaL_optinteger(L, index, 1);
  if (position > 0) return (size_t)position - 1;
  if (position == 0 || position < -(lua_Integer)length) return 0;
  return length + (size_t)position;
}

static int find_pattern(lua_State *L, const char *s, size_t length, size_t start, const char *p, size_t pattern_length,
                        bool is_find) {
  bool anchored = *p == '^';
  matcher m;
  roost_prepare_matcher(&m, L, s, length, p + pattern_length);
  if (anchored) ++p;
  const char *from = s + start;
  do {
    const char *end = roost_match(&m, from, p);
    if (!end) continue;
    roost_settle_matcher(&m);
    if (!is_find) return push_captures(&m, from, end);
    lua_pushinteger(L, from - s + 1);
    lua_pushinteger(L, end - s);
    return push_captures(&m, NULL, NULL) + 2;
  } while (from++ < m.subject_end && !anchored);
  roost_settle_matcher(&m);
  luaL_pushfail(L);
  return 1;
}

static int string_find(lua_State *L) {
  size_t length, pattern_length;
  const char *s = luaL_checklstring(L, 1, &length);
  const char *p = luaL_checklstring(L, 2, &pattern_length);
  size_t start = check_start(L, 3, length);
  if (start > length) {
    luaL_pushfail(L);
    return 1;
  }
  if (!lua_toboolean(L, 4) && !is_plain(L, p, pattern_length))
    return find_pattern(L, s, length, start, p, pattern_length, true);
  const char *found = find_plain(L, s + start, length - start, p, pattern_length);
  if (!found) {
    luaL_pushfail(L);
    return 1;
  }
  lua_pushinteger(L, found - s + 1);
  lua_pushinteger(L, found - s + (lua_Integer)pattern_length);
  return 2;
}

static int string_match(lua_State *L) {
  size_t length, pattern_length;
  const char *s = luaL_checklstring(L, 1, &length);
  const char *p = luaL_checklstring(L, 2, &pattern_length);
  size_t start = check_start(L, 3, length);
  if (start <= length) return find_pattern(L, s, length, start, p, pattern_length, false);
  luaL_pushfail(L);
  return 1;
}

// ---------------------------------------------------------------------------------------------------------- gmatch

typedef struct {
  const char *next, *pattern, *last_end;
  matcher m;
} iteration;

// The iterator: upvalues 1 and 2 keep the strings alive that upvalue 3 points into.
static int next_match(lua_State *L) {
  iteration *it = lua_touserdata(L, lua_upvalueindex(3));
  it->m.L = L;
  for (const char *s = it->next; s <= it->m.subject_end; ++s) {
    const char *end = roost_match(&it->m, s, it->pattern);
    if (!end || end == it->last_end) continue;
    it->next = it->last_end = end;
    roost_settle_matcher(&it->m);
    return push_captures(&it->m, s, end);
  }
  roost_settle_matcher(&it->m);
  return 0;
}

static int string_gmatch(lua_State *L) {
  size_t length, pattern_length;
  const char *s = luaL_checklstring(L, 1, &length);
  const char *p = luaL_checklstring(L, 2, &pattern_length);
  size_t start = check_start(L, 3, length);
  lua_settop(L, 2);
  iteration *it = lua_newuserdatauv(L, sizeof *it, 0);
  roost_prepare_matcher(&it->m, L, s, length, p + pattern_length);
  it->next = s + (start > length ? length + 1 : start);
  it->pattern = p;
  it->last_end = NULL;
  lua_pushcclosure(L, next_match, 3);
  return 1;
}

// ------------------------------------------------------------------------------------------------------------ gsub

enum { REPLACEMENT = 3 }; // where gsub's replacement is on the stack

// Adds the replacement string for the match `s`…`e`. A replacement can name thousands of empty captures, so its length
// counts, not only what comes of it. [-0, +0, e]
static void add_string(matcher *m, luaL_Buffer *out, const char *s, const char *e) {
  size_t left;
  const char *text = lua_tolstring(m->L, REPLACEMENT, &left);
  const char *escape;
  while ((escape = memchr(text, ESCAPE, left))) {
    luaL_addlstring(out, text, (size_t)(escape - text));
    const char *name = escape + 1;
    if (*name == ESCAPE) {
      luaL_addchar(out, ESCAPE);
    } else if (*name == '0') {
      luaL_addlstring(out, s, (size_t)(e - s));
    } else if (isdigit((unsigned char)*name)) {
      const char *capture;
      ptrdiff_t length = get_capture(m, *name - '1', s, e, &capture);
      if (length == POSITION) luaL_addvalue(out);
      else luaL_addlstring(out, capture, (size_t)length);
    } else {
      luaL_error(m->L, "invalid use of '%c' in replacement string", ESCAPE);
    }
    left -= (size_t)(name + 1 - text);
    text = name + 1;
    roost_spend(m->L, 1);
  }
  luaL_addlstring(out, text, left);
}

// Adds what stands for the match `s`…`e`, and returns whether that is not simply the match. Spends at once, not in
// slices: an __index chain behind a table makes one replacement as slow as thousands of matcher steps. [-0, +0, e]
static bool add_replacement(matcher *m, luaL_Buffer *out, const char *s, const char *e, int type) {
  lua_State *L = m->L;
  roost_spend(L, 1);
  if (type == LUA_TFUNCTION) {
    lua_pushvalue(L, REPLACEMENT);
    lua_call(L, push_captures(m, s, e), 1);
  } else if (type == LUA_TTABLE) {
    push_capture(m, 0, s, e);
    lua_gettable(L, REPLACEMENT);
  } else {
    add_string(m, out, s, e);
    return true;
  }
  if (!lua_toboolean(L, -1)) {
    lua_pop(L, 1);
    luaL_addlstring(out, s, (size_t)(e - s));
    return false;
  }
  if (!lua_isstring(L, -1)) luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
  luaL_addvalue(out);
  return true;
}

// Fills `out` with the subject and its replacements, at most `most` of them. Returns where the rest of the subject
// begins. [-0, +0, e]
static const char *replace(matcher *m, luaL_Buffer *out, const char *p, lua_Integer most, lua_Integer *n,
                           bool *changed) {
  const char *s = m->subject, *last_end = NULL;
  bool anchored = *p == '^';
  int type = lua_type(m->L, REPLACEMENT);
  if (anchored) ++p;
  while (*n < most) {
    const char *end = roost_match(m, s, p);
    if (end && end != last_end) {
      ++*n;
      if (add_replacement(m, out, s, end, type)) *changed = true;
      s = last_end = end;
    } else if (s < m->subject_end) {
      luaL_addchar(out, *s++);
    } else {
      break;
    }
    if (anchored) break;
  }
  return s;
}

static int string_gsub(lua_State *L) {
  size_t length, pattern_length;
  const char *s = luaL_checklstring(L, 1, &length);
  const char *p = luaL_checklstring(L, 2, &pattern_length);
  int type = lua_type(L, REPLACEMENT);
  lua_Integer most = luaL_optinteger(L, 4, (lua_Integer)length + 1), n = 0;
  luaL_argexpected(L, type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TFUNCTION || type == LUA_TTABLE,
                   REPLACEMENT, "string/function/table");
  matcher m;
  roost_prepare_matcher(&m, L, s, length, p + pattern_length);
  bool changed = false;
  luaL_Buffer out;
  luaL_buffinit(L, &out);
  s = replace(&m, &out, p, most, &n, &changed);
  roost_settle_matcher(&m);
  if (changed) {
    luaL_addlstring(&out, s, (size_t)(m.subject_end - s));
    luaL_pushresult(&out);
  } else {
    lua_pushvalue(L, 1);
  }
  lua_pushinteger(L, n);
  return 2;
}

void roost_open_patterns(lua_State *L) {
  lua_getglobal(L, LUA_STRLIBNAME);
  luaL_setfuncs(L,
                (const luaL_Reg[]){{"find", string_find},
                                   {"match", string_match},
                                   {"gmatch", string_gmatch},
                                   {"gsub", string_gsub},
                                   {NULL, NULL}},
                0);
  lua_pop(L, 1);
}
