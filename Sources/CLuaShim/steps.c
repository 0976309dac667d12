// Counts what runs do: instructions in a few of them, and where they are at each tick while somebody wants to know.
//
// A count hook doubles the time of a handler, so it is set in one run of SAMPLE_EVERY; the others cost nothing. A profile
// sets a hook from the watchdog's tick, as the watchdog itself does, which takes the stack at the next instruction.

#include "roost_internal.h"

#include <stdlib.h>
#include <string.h>

// ----------------------------------------------------------------------------------------------------------- Steps

enum { STEP_UNIT = 8 }; // instructions between two calls of the hook

static void count_steps(lua_State *L, lua_Debug *where) {
  (void)where;
  roost_state *state = roost_of(L);
  if (state->is_counting) {
    state->steps += STEP_UNIT;
  } else {
    lua_sethook(L, NULL, 0, 0); // a coroutine that was made in a run whose instructions were counted
  }
}

void roost_begin_steps(roost_state *state, lua_State *thread) {
  if (state->running) return; // part of the run that called this one
  state->is_counting = ++state->runs % ROOST_SAMPLE_EVERY == 0;
  if (!state->is_counting) return;
  state->steps_before = state->steps;
  lua_sethook(thread, count_steps, LUA_MASKCOUNT, STEP_UNIT);
}

void roost_end_steps(roost_state *state, lua_State *thread) {
  if (state->running || !state->is_counting) return;
  if (lua_gethook(thread) == count_steps) lua_sethook(thread, NULL, 0, 0);
  state->is_counting = false;
  state->cost.steps = state->steps - state->steps_before;
  state->cost.is_counted = true;
}

roost_cost roost_take_cost(roost_state *state) {
  roost_cost cost = state->cost;
  state->cost = (roost_cost){0};
  return cost;
}

// --------------------------------------------------------------------------------------------------------- Profile

enum { MOST_STACKS = 4096, DEEPEST = 64 };

typedef struct {
  char *stack; // outermost function first, separated by ';'
  uint64_t count;
} entry;

struct roost_profile {
  entry *entries; // by hash of the stack, open addressing; twice MOST_STACKS
  size_t count, lost;
};

static size_t hash(const char *text) {
  size_t h = 14695981039346656037u; // FNV-1a
  for (; *text; ++text) h = (h ^ (unsigned char)*text) * 1099511628211u;
  return h;
}

static void add_stack(struct roost_profile *profile, const char *stack) {
  for (size_t at = hash(stack);; ++at) {
    entry *e = &profile->entries[at % (2 * MOST_STACKS)];
    if (e->stack && strcmp(e->stack, stack) != 0) continue;
    if (!e->stack) {
      if (profile->count >= MOST_STACKS || !(e->stack = strdup(stack))) {
        ++profile->lost;
        return;
      }
      ++profile->count;
    }
    ++e->count;
    return;
  }
}

// Writes the frame's name: `init.lua:31 check`, or what C function it is. [-0, +0, -]
static void append_frame(lua_State *L, lua_Debug *frame, roost_buffer *buffer) {
  if (!lua_getinfo(L, "Sn", frame)) return;
  char text[160];
  const char *slash = strrchr(frame->short_src, '/');
  const char *file = slash ? slash + 1 : frame->short_src;
  if (*frame->what == 'C') {
    snprintf(text, sizeof text, "%s", frame->name ? frame->name : "[C]");
  } else if (*frame->what == 'm') {
    snprintf(text, sizeof text, "%s", file);
  } else {
    snprintf(text, sizeof text, "%s:%d%s%s", file, frame->linedefined, frame->name ? " " : "", frame->name ? frame->name : "");
  }
  if (buffer->count) roost_append(buffer, ";", 1);
  roost_append(buffer, text, strlen(text));
}

static void take_stack(lua_State *L, lua_Debug *where) {
  (void)where;
  roost_state *state = roost_of(L);
  if (state->expired) roost_raise_expired(L);
  lua_sethook(L, NULL, 0, 0);
  if (!state->profile) return;
  roost_buffer stack = {0};
  // Coroutines are below what resumed them; the run's own frames at the bottom say nothing.
  lua_State *threads[DEEPEST];
  int count = 0;
  for (roost_frame *frame = state->running; frame && count < DEEPEST; frame = frame->is_run ? NULL : frame->outer) threads[count++] = frame->thread;
  while (count-- > 0) {
    lua_Debug frame;
    int depth = 0;
    while (depth < DEEPEST && lua_getstack(threads[count], depth, &frame)) ++depth;
    // The lowest is the C function that calls the plugin's.
    for (int level = depth - 2; level >= 0; --level)
      if (lua_getstack(threads[count], level, &frame)) append_frame(threads[count], &frame, &stack);
  }
  roost_append(&stack, "", 1);
  add_stack(state->profile, (const char *)stack.bytes);
  roost_release_buffer(&stack);
}

void roost_request_stack(roost_state *state) {
  if (state->profile && state->running) lua_sethook(state->running->thread, take_stack, LUA_MASKCOUNT, 1);
}

bool roost_begin_profile(roost_state *state) {
  if (state->profile) return false;
  struct roost_profile *profile = calloc(1, sizeof *profile);
  if (profile) profile->entries = calloc(2 * MOST_STACKS, sizeof *profile->entries);
  if (!profile || !profile->entries) {
    free(profile);
    return false;
  }
  state->profile = profile;
  roost_count_profiles(1);
  return true;
}

static void drop(roost_state *state) {
  struct roost_profile *profile = state->profile;
  if (!profile) return;
  state->profile = NULL;
  roost_count_profiles(-1);
  for (size_t i = 0; i < 2 * MOST_STACKS; ++i) free(profile->entries[i].stack);
  free(profile->entries);
  free(profile);
}

void roost_end_profile(roost_state *state, roost_buffer *folded) {
  struct roost_profile *profile = state->profile;
  if (profile && folded) {
    char line[32];
    for (size_t i = 0; i < 2 * MOST_STACKS; ++i) {
      const entry *e = &profile->entries[i];
      if (!e->stack) continue;
      roost_append(folded, e->stack, strlen(e->stack));
      int length = snprintf(line, sizeof line, " %llu\n", (unsigned long long)e->count);
      roost_append(folded, line, (size_t)length);
    }
    if (profile->lost) {
      int length = snprintf(line, sizeof line, "[others] %llu\n", (unsigned long long)profile->lost);
      roost_append(folded, line, (size_t)length);
    }
  }
  drop(state);
}
