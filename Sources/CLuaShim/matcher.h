// The matcher of Lua's patterns.

#ifndef ROOST_MATCHER_H
#define ROOST_MATCHER_H

#include "bounded.h"

enum { MOST_CAPTURES = 32 }; // as in the stock library

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

// Makes `m` match patterns that end at `pattern_end` in the subject. [-0, +0, -]
void roost_prepare_matcher(matcher *m, lua_State *L, const char *subject, size_t length, const char *pattern_end);

// Where a match of the pattern, without its anchor, that begins at `s` ends, or NULL. [-0, +0, e]
const char *roost_match(matcher *m, const char *s, const char *pattern);

// Spends what is left over when a search is done, so that many small ones count as well. [-0, +0, e]
void roost_settle_matcher(matcher *m);

#endif
