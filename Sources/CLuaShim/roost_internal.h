// What the files of the shim share. Comments give each function's effect on the Lua stack as the Lua manual does:
// [-popped, +pushed, raises] with `-` never raises, `m` memory errors only, `e` any error.

#ifndef ROOST_INTERNAL_H
#define ROOST_INTERNAL_H

#define _GNU_SOURCE // sigsetjmp, timers of a thread

#include "heap.h"
#include "include/roost_lua.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <setjmp.h>
#include <signal.h>

// A thread that is running now, and the one that resumed it. Lives in the C frame that called lua_resume.
typedef struct roost_frame {
  lua_State *thread;
  struct roost_frame *volatile outer;
  bool is_run; // the outermost thread of a run, resumed by the host
} roost_frame;

// A run that is watched over, and the one whose host function began it (in this state or another).
typedef struct roost_watch {
  roost_state *state;
  struct roost_watch *volatile outer;
  int64_t saved_deadline;
  int64_t began;
  int64_t budget;        // how long it may take
  int64_t cpu_seen;      // CPU time of the thread at the first tick since it began, if that is_seen
  int64_t spent_before;  // the most it can have spent before that tick
  bool is_seen;
  roost_frame *frames;   // of the state, before this run
  sig_atomic_t locks;    // that were held when it began
  sigjmp_buf escape;     // the way out of what cannot be ended otherwise
} roost_watch;

struct roost_state {
  lua_State *main;
  roost_limits limits;
  roost_heap heap;
  size_t used, peak; // bytes that Lua has asked for
  size_t headroom; // above the limit, so that an error can be described when memory has run out
  uint64_t steps;        // counted so far: all work of the library, instructions of the runs that are sampled
  uint64_t runs, steps_before;
  bool is_counting;
  roost_cost cost;       // of the last stretch of a run
  struct roost_profile *volatile profile; // NULL unless somebody wants one
  roost_host host;
  void *context;

  // The watchdog's: written before a run starts, read by the signal handler on the same thread.
  volatile sig_atomic_t expired;
  volatile int64_t deadline; // nanoseconds of CLOCK_MONOTONIC
  volatile int64_t stuck_since; // CPU time of the thread since when an expired run has executed nothing; 0 if it has
  bool is_lost;              // a run was left in the middle: nothing of this state may be touched any more
  roost_frame *volatile running;

  lua_State *idle;    // a thread kept for the next run, NULL while it is in use
  int idle_reference; // of that thread in the registry
  int refused;        // allocations refused during this run
  bool suspending;    // a host function waits: every coroutine of the chain yields up to the run
  bool raising;       // what a suspended run is resumed with is an error

  roost_buffer arguments; // of the host call going on
  roost_buffer results;   // its results, or what a suspended run is resumed with
  roost_buffer *output;   // where the run going on leaves what its function returns

  roost_buffer message, traceback, coroutine_traceback; // zero-terminated
  char error_source[LUA_IDSIZE];
  int error_line;
  char missing[64], missing_of[32];
};

static inline roost_state *roost_of(lua_State *L) { return *(roost_state **)lua_getextraspace(L); }

// Raises the error that no pcall keeps. [-0, +0, e]
_Noreturn void roost_raise_expired(lua_State *L);
bool roost_is_expired_error(lua_State *L, int index);

// Counts `steps` of work done in C, and ends the run if its time is over. [-0, +0, e]
static inline void roost_spend(lua_State *L, size_t steps) {
  roost_state *state = roost_of(L);
  state->steps += steps;
  if (state->expired) roost_raise_expired(L);
}

// Code between these two must not be left in the middle: the C library's memory, and whatever the host does.
void roost_lock(void);
void roost_unlock(void);
// Leaves the innermost run, which is one of a state that is lost.
_Noreturn void roost_leave(void);

// watchdog.c
// The frame that calls these calls sigsetjmp(watch->escape, 0) in between. When that returns once more the state is lost,
// and roost_end_watch follows as ever.
void roost_begin_watch(roost_watch *watch, roost_state *state, int64_t budget);
void roost_end_watch(roost_watch *watch);

// Profiles going on, on this thread: while there are any the tick is finer and does not stop.
void roost_count_profiles(int more);

// steps.c
void roost_begin_steps(roost_state *state, lua_State *thread);
void roost_end_steps(roost_state *state, lua_State *thread);
void roost_request_stack(roost_state *state); // called by the signal handler

// values.c
// Appends the value at `index`, or raises if it cannot cross the border. [-0, +0, e]
void roost_encode(lua_State *L, int index, roost_buffer *buffer);
// Pushes all the values in the bytes and returns their number. [-0, +n, m]
int roost_decode(lua_State *L, const uint8_t *bytes, size_t count);

// objects.c
enum { ROOST_KINDS = 32 };
void roost_open_objects(lua_State *L);               // [-0, +0, m]
void roost_push_object(lua_State *L, uint8_t kind, uint64_t a, uint64_t b); // [-0, +1, m]
// The object at `index`, or false. [-0, +0, -]
bool roost_to_object(lua_State *L, int index, uint8_t *kind, uint64_t *a, uint64_t *b);
// Pushes a handle for the event; clear it with roost_retire_event when the handler is done. [-0, +1, m]
void roost_push_event(lua_State *L, const roost_event *event);
void roost_retire_event(lua_State *L, int index);    // [-0, +0, -]

// host.c
int roost_call_host(lua_State *L); // the C function behind every host function; upvalue 1 is its number
// Calls host function `function` with the `count` values on the top of the stack. Suspension is not possible. [-count, +n, e]
int roost_ask_host(lua_State *L, int32_t function, int count);

// protected.c
// Resumes `thread` from `L`, with `count` arguments on its stack, as lua_resume does; in view of the watchdog. [-?, +?, -]
int roost_resume_thread(lua_State *L, lua_State *thread, int count, int *results, bool is_run);

// run.c
// Pushes a traceback of `from` as luaL_traceback does, in a time that does not grow with the stack. [-0, +1, m]
void roost_traceback(lua_State *L, lua_State *from, const char *message, int level);
void roost_note_coroutine_error(lua_State *L); // keeps the traceback of the error on the top of the stack [-0, +0, m]

// The parts of the standard library that are ours. [-0, +0, m] each: they change the globals.
void roost_open_protected(lua_State *L); // pcall, xpcall, error handling of coroutines
void roost_open_patterns(lua_State *L);  // string.find, match, gmatch, gsub
void roost_open_bounded(lua_State *L);   // what else could loop for long in C
void roost_open_system(lua_State *L);    // os, print, require

#endif
