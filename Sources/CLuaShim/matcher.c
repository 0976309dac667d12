// Lua's patterns, such that every step of the matcher counts against the run.
//
// Derived from lstrlib.c of Lua 5.4, Copyright (C) 1994–2022 Lua.org, PUC-Rio, MIT licence:
//
// Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
// documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
// rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to
// permit persons to whom the Software is furnished to do so, subject to the following conditions: The above copyright
// notice and this permission notice shall be included in all copies or substantial portions of the Software. THE
// SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
// WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
// COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
// OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.

#include "matcher.h"

#include <ctype.h>
#include <string.h>

enum {
  ESCAPE = '%',
  DEEPEST_MATCH = 200, // C frames of `match`, as in the stock library
  SLICE = 256,         // matcher steps between two looks at the clock: about a microsecond
};

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

// ---------------------------------------------------------------------------------------------------------- Matching

void roost_prepare_matcher(matcher *m, lua_State *L, const char *subject, size_t length, const char *pattern_end) {
  m->L = L;
  m->subject = subject;
  m->subject_end = subject + length;
  m->pattern_end = pattern_end;
  m->steps = SLICE;
}

const char *roost_match(matcher *m, const char *s, const char *p) {
  m->level = 0;
  m->depth = DEEPEST_MATCH; // an error has left it where it was, and gmatch's iterator may be called again
  return match(m, s, p);
}

void roost_settle_matcher(matcher *m) {
  size_t steps = (size_t)(SLICE - m->steps) + 1;
  m->steps = SLICE;
  roost_spend(m->L, steps);
}
