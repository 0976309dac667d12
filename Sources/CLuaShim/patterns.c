// string.find, match, gmatch and gsub, such that every step of the matcher counts against the run: with the stock
// versions a pattern of ten bytes can run for hours where no hook is heard.
//
// Derived from lstrlib.c of Lua 5.4, Copyright (C) 1994–2022 Lua.org, PUC-Rio, MIT licence:
//
// Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
// documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
// rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
// persons to whom the Software is furnished to do so, subject to the following conditions: The above copyright notice
// and this permission notice shall be included in all copies or substantial portions of the Software. THE SOFTWARE IS
// PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
// MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT
// HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
// ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.

#include "bounded.h"

#include <ctype.h>
#include <string.h>

enum {
  ESCAPE = '%',
  DEEPEST_MATCH = 200, // C frames of `match`, as in the stock library
  MOST_CAPTURES = 32,  // likewise
  SLICE = 256,         // matcher steps between two looks at the clock: about a microsecond
  STRIDE = 32 * 1024,  // bytes memchr may pass between two looks
};

enum { UNFINISHED = -1, POSITION = -2 }; // in place of a capture's length

typedef struct {
  lua_State *L;
  const char *subject, *subject_end, *pattern_end;
  int depth; // frames of `match` that may still be entered
  int steps; // until the run is asked again
  int level; // captures begun
  struct {
    const char *start;
    ptrdiff_t length;
  } capture[MOST_CAPTURES];
} matcher;

static const char *match(matcher *m, const char *s, const char *p);

// ----------------------------------------------------------------------------------------------------------- Steps

// Out of line, so that the matcher's loops carry one decrement only. [-0, +0, e]
static void __attribute__((noinline)) spend_slice(matcher *m) {
  m->steps = SLICE;
  roost_spend(m->L, SLICE);
}

// [-0, +0, e]
static inline void count(matcher *m) {
  if (--m->steps == 0) spend_slice(m);
}

// Spends what is left over when a search is done, so that many small ones count as well. [-0, +0, e]
static inline void settle(matcher *m) {
  size_t steps = (size_t)(SLICE - m->steps) + 1;
  m->steps = SLICE;
  roost_spend(m->L, steps);
}

// ------------------------------------------------------------------------------------------------- Single characters

static inline int byte_of(const char *s) { return (unsigned char)*s; }

static bool in_class(int c, int class) {
  bool is;
  switch (tolower(class)) {
    case 'a': is = isalpha(c); break;
    case 'c': is = iscntrl(c); break;
    case 'd': is = isdigit(c); break;
    case 'g': is = isgraph(c); break;
    case 'l': is = islower(c); break;
    case 'p': is = ispunct(c); break;
    case 's': is = isspace(c); break;
    case 'u': is = isupper(c); break;
    case 'w': is = isalnum(c); break;
    case 'x': is = isxdigit(c); break;
    case 'z': is = c == 0; break; // deprecated, and still there
    default: return class == c;
  }
  return islower(class) ? is : !is;
}

// Whether `c` is in the set from the `[` at `p` to the `]` at `end`. A set may be as long as memory allows. [-0, +0, e]
static bool in_set(matcher *m, int c, const char *p, const char *end) {
  bool found = true;
  if (p[1] == '^') {
    found = false;
    ++p;
  }
  while (++p < end) {
    count(m);
    if (*p == ESCAPE) {
      ++p;
      if (in_class(c, byte_of(p))) return found;
    } else if (p[1] == '-' && p + 2 < end) {
      p += 2;
      if (byte_of(p - 2) <= c && c <= byte_of(p)) return found;
    } else if (byte_of(p) == c) {
      return found;
    }
  }
  return !found;
}

// Where the single-character class at `p` ends. [-0, +0, e]
static const char *class_end(matcher *m, const char *p) {
  switch (*p++) {
    case ESCAPE:
      if (p == m->pattern_end) luaL_error(m->L, "malformed pattern (ends with '%%')");
      return p + 1;
    case '[':
      if (*p == '^') ++p;
      do { // the first character is taken as it is, even if it is a `]`
        count(m);
        if (p == m->pattern_end) luaL_error(m->L, "malformed pattern (missing ']')");
        if (*p++ == ESCAPE && p < m->pattern_end) ++p;
      } while (*p != ']');
      return p + 1;
    default: return p;
  }
}

// Whether the class from `p` to `end` takes the character at `s`. [-0, +0, e]
static inline bool takes(matcher *m, const char *s, const char *p, const char *end) {
  if (s >= m->subject_end) return false;
  switch (*p) {
    case '.': return true;
    case ESCAPE: return in_class(byte_of(s), byte_of(p + 1));
    case '[': return in_set(m, byte_of(s), p, end - 1);
    default: return *p == *s;
  }
}

// -------------------------------------------------------------------------------------------------- Pattern items
//
// Each returns where the match of the item and of the rest of the pattern ends, or NULL. [-0, +0, e]

// `%bxy`, with `p` at the x: only the item itself.
static const char *match_balance(matcher *m, const char *s, const char *p) {
  if (p >= m->pattern_end - 1) luaL_error(m->L, "malformed pattern (missing arguments to '%%b')");
  if (*s != *p) return NULL;
  int open = 1;
  while (++s < m->subject_end) {
    count(m);
    if (*s == p[1]) {
      if (--open == 0) return s + 1;
    } else if (*s == *p) {
      ++open;
    }
  }
  return NULL;
}

static const char *match_most(matcher *m, const char *s, const char *p, const char *end) {
  ptrdiff_t n = 0;
  while (takes(m, s + n, p, end)) {
    count(m);
    ++n;
  }
  for (; n >= 0; --n) {
    const char *rest = match(m, s + n, end + 1);
    if (rest) return rest;
  }
  return NULL;
}

static const char *match_fewest(matcher *m, const char *s, const char *p, const char *end) {
  for (;; ++s) {
    const char *rest = match(m, s, end + 1);
    if (rest) return rest;
    if (!takes(m, s, p, end)) return NULL;
  }
}

static const char *begin_capture(matcher *m, const char *s, const char *p, ptrdiff_t length) {
  if (m->level >= MOST_CAPTURES) luaL_error(m->L, "too many captures");
  m->capture[m->level].start = s;
  m->capture[m->level].length = length;
  ++m->level;
  const char *rest = match(m, s, p);
  if (!rest) --m->level;
  return rest;
}

static const char *end_capture(matcher *m, const char *s, const char *p) {
  int i = m->level - 1;
  while (i >= 0 && m->capture[i].length != UNFINISHED) --i;
  if (i < 0) luaL_error(m->L, "invalid pattern capture");
  m->capture[i].length = s - m->capture[i].start;
  const char *rest = match(m, s, p);
  if (!rest) m->capture[i].length = UNFINISHED;
  return rest;
}

// `%1` and its like: only the item itself.
static const char *match_again(matcher *m, const char *s, int digit) {
  int i = digit - '1';
  if (i < 0 || i >= m->level || m->capture[i].length == UNFINISHED)
    luaL_error(m->L, "invalid capture index %%%d", i + 1);
  size_t length = (size_t)m->capture[i].length; // a position capture's is more than any subject has
  if ((size_t)(m->subject_end - s) < length) return NULL;
  roost_spend(m->L, length / BYTES_PER_STEP);
  return memcmp(m->capture[i].start, s, length) == 0 ? s + length : NULL;
}

// `%f[set]`, with `p` at the `[`: only the item itself.
static bool at_frontier(matcher *m, const char *s, const char *p, const char **end) {
  if (*p != '[') luaL_error(m->L, "missing '[' after '%%f' in pattern");
  *end = class_end(m, p);
  int before = s == m->subject ? 0 : byte_of(s - 1);
  return !in_set(m, before, p, *end - 1) && in_set(m, byte_of(s), p, *end - 1);
}

// An item that begins with `%` and is not a class: advances both pointers past it and returns true, or returns false if
// it is a class after all. `*s` is NULL if it does not match.
static bool match_escape(matcher *m, const char **s, const char **p) {
  int c = byte_of(*p + 1);
  if (c == 'b') {
    *s = match_balance(m, *s, *p + 2);
    *p += 4;
  } else if (c == 'f') {
    if (!at_frontier(m, *s, *p + 2, p)) *s = NULL;
  } else if ('0' <= c && c <= '9') {
    *s = match_again(m, *s, c);
    *p += 2;
  } else {
    return false;
  }
  return true;
}

// Matches the pattern from `p` on. Items that need no way back go round the loop instead of deeper into the C stack.
static const char *match(matcher *m, const char *s, const char *p) {
  if (m->depth-- == 0) luaL_error(m->L, "pattern too complex");
  while (s && p != m->pattern_end) {
    count(m);
    if (*p == '(') {
      s = p[1] == ')' ? begin_capture(m, s, p + 2, POSITION) : begin_capture(m, s, p + 1, UNFINISHED);
      break;
    }
    if (*p == ')') {
      s = end_capture(m, s, p + 1);
      break;
    }
    if (*p == '$' && p + 1 == m->pattern_end) {
      if (s != m->subject_end) s = NULL;
      break;
    }
    if (*p == ESCAPE && match_escape(m, &s, &p)) continue;

    const char *end = class_end(m, p);
    if (!takes(m, s, p, end)) {
      if (*end != '*' && *end != '?' && *end != '-') s = NULL;
      p = end + 1;
    } else if (*end == '?') {
      const char *rest = match(m, s + 1, end + 1);
      if (rest) {
        s = rest;
        break;
      }
      p = end + 1;
    } else if (*end == '+' || *end == '*') {
      s = match_most(m, *end == '+' ? s + 1 : s, p, end);
      break;
    } else if (*end == '-') {
      s = match_fewest(m, s, p, end);
      break;
    } else {
      ++s;
      p = end;
    }
  }
  ++m->depth;
  return s;
}

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
    if (i % SLICE == SLICE - 1) roost_spend(L, SLICE);
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

// [-0, +0, -]
static void prepare(matcher *m, lua_State *L, const char *subject, size_t length, const char *pattern_end) {
  m->L = L;
  m->subject = subject;
  m->subject_end = subject + length;
  m->pattern_end = pattern_end;
  m->steps = SLICE;
}

// Where a match that begins at `s` ends. The depth is set each time: an error leaves it where it was, and the iterator of
// gmatch may be called again after one. [-0, +0, e]
static const char *match_at(matcher *m, const char *s, const char *p) {
  m->level = 0;
  m->depth = DEEPEST_MATCH;
  return match(m, s, p);
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
  prepare(&m, L, s, length, p + pattern_length);
  if (anchored) ++p;
  const char *from = s + start;
  do {
    const char *end = match_at(&m, from, p);
    if (!end) continue;
    settle(&m);
    if (!is_find) return push_captures(&m, from, end);
    lua_pushinteger(L, from - s + 1);
    lua_pushinteger(L, end - s);
    return push_captures(&m, NULL, NULL) + 2;
  } while (from++ < m.subject_end && !anchored);
  settle(&m);
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
    const char *end = match_at(&it->m, s, it->pattern);
    if (!end || end == it->last_end) continue;
    it->next = it->last_end = end;
    settle(&it->m);
    return push_captures(&it->m, s, end);
  }
  settle(&it->m);
  return 0;
}

static int string_gmatch(lua_State *L) {
  size_t length, pattern_length;
  const char *s = luaL_checklstring(L, 1, &length);
  const char *p = luaL_checklstring(L, 2, &pattern_length);
  size_t start = check_start(L, 3, length);
  lua_settop(L, 2);
  iteration *it = lua_newuserdatauv(L, sizeof *it, 0);
  prepare(&it->m, L, s, length, p + pattern_length);
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
    } else if (isdigit(byte_of(name))) {
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
static const char *replace(matcher *m, luaL_Buffer *out, const char *p, lua_Integer most, lua_Integer *n, bool *changed) {
  const char *s = m->subject, *last_end = NULL;
  bool anchored = *p == '^';
  int type = lua_type(m->L, REPLACEMENT);
  if (anchored) ++p;
  while (*n < most) {
    const char *end = match_at(m, s, p);
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
  prepare(&m, L, s, length, p + pattern_length);
  bool changed = false;
  luaL_Buffer out;
  luaL_buffinit(L, &out);
  s = replace(&m, &out, p, most, &n, &changed);
  settle(&m);
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
