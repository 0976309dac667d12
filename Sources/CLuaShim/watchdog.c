// Ends a run when its time is over, whatever it does.
//
// A count hook that is always set would notice too, but it slows every instruction: handlers of a few hundred
// instructions took twice their time with one. So no hook is set while a run behaves. A timer of the running thread ticks
// every TICK nanoseconds while Lua runs and stops itself soon after; its signal handler compares the clock with the
// deadline and, when that has passed, sets a hook that raises an error at the next instruction of every thread of the run.
// lua_sethook is the one function of the Lua API that may be called from a signal handler (the stand-alone interpreter
// does so for SIGINT).
//
// What no hook reaches is C code of Lua's own that does not come to an end: the collector's, above all. A collection is one
// piece of work when memory is short, and quadratic where tables with weak keys hold one another (luaC_fullgc,
// convergeephemerons: 3 s with 6 MiB). So when a run whose time is over has not executed one more instruction after GRACE of
// its thread's CPU time, the signal handler leaves it by siglongjmp, to the frame that resumed it. All frames in between are
// Lua's and this shim's (a host function that calls Lua again has a watch of its own), none holds a lock (roost_lock), and the
// state is lost: nobody looks into it again, not even to close it. Its memory is given back as a whole (heap.c).
//
// A deadline is one of the clock that rooms wait by. On a machine with too much to do a thread may stand still for most of that
// time, and innocent handlers would be ended. So when a deadline has passed the thread's CPU time is asked for: a run that had less
// of it than its budget goes on until it has had the rest, for at most MOST_WAIT times its budget in all. Where the CPU
// time stood when the run began is not known, since asking for it then would cost every call: it is read at the first tick
// in the run, and what came before that is counted as spent: no more than a tick, and nothing that a thread which has its core for itself
// has not spent.
//
// The error cannot be kept: the hook stays and fires at each instruction that follows, pcall and its kin (protect.c) raise
// it again, and C functions that loop ask for `expired` themselves (roost_spend).

#include "roost_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { TICK = 4 * 1000 * 1000, FINE_TICK = 1000 * 1000, GRACE = 6 * 1000 * 1000, MOST_WAIT = 10 };

static _Thread_local roost_watch *volatile active; // the innermost run on this thread
static _Thread_local volatile sig_atomic_t armed;
static _Thread_local volatile long ticking; // nanoseconds between two ticks
static _Thread_local volatile sig_atomic_t idle_ticks;
static _Thread_local volatile sig_atomic_t profiles;
static _Thread_local volatile sig_atomic_t locks;
static _Thread_local timer_t timer;
static _Thread_local bool has_timer;

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static int64_t thread_cpu_time(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static _Thread_local roost_clock cpu_clock; // another one, for tests

static int64_t cpu_time(void) { return cpu_clock ? cpu_clock() : thread_cpu_time(); }

void roost_use_cpu_clock(roost_clock clock) { cpu_clock = clock; }

void roost_lock(void) { ++locks; }
void roost_unlock(void) { --locks; }

static const char expired_error; // its address is the private error value

void roost_raise_expired(lua_State *L) {
  roost_of(L)->stuck_since = 0;
  luaL_checkstack(L, 1, NULL);
  lua_pushlightuserdata(L, (void *)&expired_error);
  lua_error(L);
  abort(); // lua_error does not return
}

bool roost_is_expired_error(lua_State *L, int index) { return lua_touserdata(L, index) == &expired_error; }

static void end_run(lua_State *L, lua_Debug *where) {
  (void)where;
  if (roost_of(L)->expired) roost_raise_expired(L);
  lua_sethook(L, NULL, 0, 0); // a coroutine that had just yielded when its run's time was over, in a later run
}

// The first tick after `first` nanoseconds, the others `interval` apart.
static void set_timer_from(long first, long interval) {
  ticking = interval;
  struct itimerspec every = {.it_value.tv_nsec = first, .it_interval.tv_nsec = interval};
  timer_settime(timer, 0, &every, NULL);
}

static void set_timer(long interval) { set_timer_from(interval, interval); }

// The next tick comes with a deadline, not some time after it. But what is interrupted must get on: setting a hook takes longer
// than a fine tick when 100,000 functions have called one another, and a thread that did nothing else would never hear it.
static void set_next_tick(int64_t next, int64_t took) {
  int64_t interval = next < TICK || profiles ? FINE_TICK : TICK, least = 4 * took;
  if (interval < least) interval = least;
  if (next > interval) next = interval;
  if (next < least) next = least;
  if (next < FINE_TICK || interval != ticking) set_timer_from(next, interval);
}

// Whether a run that has passed its deadline is to go on: then its deadline is a later one.
static bool may_go_on(roost_watch *watch, int64_t time, int64_t cpu) {
  int64_t rest = watch->budget - (cpu - watch->cpu_seen) - watch->spent_before;
  int64_t last = watch->began + MOST_WAIT * watch->budget;
  if (rest <= 0 || time >= last) return false;
  watch->state->deadline = time + rest < last ? time + rest : last;
  return true;
}

// Leaves the innermost run if it is over its time and does not come to its next instruction.
static void leave_if_stuck(void) {
  roost_watch *watch = active;
  if (!watch || !watch->state->expired || locks) return;
  roost_state *state = watch->state;
  int64_t time = thread_cpu_time();
  if (state->stuck_since == 0) {
    state->stuck_since = time;
  } else if (time - state->stuck_since > GRACE) {
    state->is_lost = true;
    siglongjmp(watch->escape, 1);
  }
}

static void on_tick(int signal) {
  (void)signal;
  int saved = errno;
  roost_watch *watch = active;
  // A profile's ticks go on: those that began with a run would meet its beginning too often.
  if (!watch && !profiles && ++idle_ticks >= 2) {
    set_timer(0);
    armed = 0;
  }
  if (watch) idle_ticks = 0;
  if (watch && profiles) roost_request_stack(watch->state);
  int64_t time = now(), cpu = -1, next = TICK;
  // A run that waits for another's answer may be over its time as well: it is told when it goes on.
  for (; watch; watch = watch->outer) {
    roost_state *state = watch->state;
    if (cpu < 0 && (!watch->is_seen || state->deadline <= time)) cpu = cpu_time();
    if (!watch->is_seen) {
      watch->is_seen = true;
      watch->cpu_seen = cpu;
      watch->spent_before = time - watch->began < TICK ? time - watch->began : TICK;
    }
    if (!state->expired && (state->deadline > time || may_go_on(watch, time, cpu))) {
      if (state->deadline - time < next) next = state->deadline - time;
      continue;
    }
    state->expired = 1;
    if (next > FINE_TICK) next = FINE_TICK;
    for (roost_frame *frame = state->running; frame; frame = frame->outer)
      lua_sethook(frame->thread, end_run, LUA_MASKCOUNT, 1);
  }
  if (active) {
    int64_t took = now() - time;
    set_next_tick(next, took);
    if (active->state->stuck_since) active->state->stuck_since += took; // it was kept from its next instruction by this
  }
  errno = saved;
  leave_if_stuck();
}

// A signal of our own: the C library keeps the first few real-time signals, and nothing else here uses one.
static int tick_signal(void) { return SIGRTMIN + 3; }

static void make_timer(void) {
  struct sigaction action = {.sa_handler = on_tick, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = tick_signal()};
  event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, tick_signal());
  if (sigaction(tick_signal(), &action, NULL) != 0 || timer_create(CLOCK_MONOTONIC, &event, &timer) != 0 ||
      sigprocmask(SIG_UNBLOCK, &set, NULL) != 0) {
    fprintf(stderr, "roost: cannot watch over plugins: %s\n", strerror(errno));
    abort(); // a plugin could stop the server: better not to start
  }
  has_timer = true;
}

void roost_begin_watch(roost_watch *watch, roost_state *state, int64_t budget) {
  watch->began = now();
  watch->is_seen = false;
  int64_t deadline = watch->began + budget;
  watch->state = state;
  watch->saved_deadline = state->deadline;
  watch->frames = state->running;
  watch->locks = locks; // of the host that begins it
  locks = 0;
  if (state->running) { // called back by a plugin it called itself: no new time for that
    if (state->deadline < deadline) deadline = state->deadline;
  } else {
    state->expired = 0;
    state->refused = 0;
    state->stuck_since = 0;
  }
  watch->budget = deadline - watch->began;
  state->deadline = deadline;
  watch->outer = active;
  active = watch;
  if (!armed) {
    if (!has_timer) make_timer();
    idle_ticks = 0;
    armed = 1;
    set_timer(profiles ? FINE_TICK : TICK);
  }
}

void roost_count_profiles(int more) {
  profiles += more;
  if (!has_timer) make_timer();
  idle_ticks = 0;
  armed = 1;
  set_timer(profiles ? FINE_TICK : TICK);
}

void roost_leave(void) { siglongjmp(active->escape, 1); }

void roost_end_watch(roost_watch *watch) {
  locks = watch->locks;
  if (watch->state->is_lost) { // left from within the signal handler, which blocks its signal
    watch->state->running = watch->frames;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, tick_signal());
    sigprocmask(SIG_UNBLOCK, &set, NULL);
  }
  active = watch->outer;
  watch->state->cost.began = watch->began;
  watch->state->cost.took = now() - watch->began;
  watch->state->deadline = watch->saved_deadline;
}
