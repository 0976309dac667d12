// The border between Swift and Lua.
//
// Lua raises errors by longjmp, and no longjmp may cross a Swift frame. So Swift never touches a Lua stack: it calls the
// functions below, none of which raises, and it is called back through two function pointers that get their arguments and
// leave their results as bytes (see "Values" below). Whatever can raise happens in C, before Swift is called or after it
// has returned.
//
// A state is confined to one thread at a time. Every function here must be called on that thread.

#ifndef ROOST_LUA_H
#define ROOST_LUA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct roost_state roost_state;

// ---------------------------------------------------------------------------------------------------------- Values
//
// A value is a tag byte and what follows it, little-endian and unaligned:
//
//   nil, false, true   nothing
//   integer, number    8 bytes
//   string             u32 length, bytes
//   table              u32 count of the values at 1…n, those values; u32 count of other pairs, key and value in turn
//   function           i32 reference into the state's registry, owned by whoever reads it: give it back by roost_unref
//   object             u8 kind, u64 a, u64 b
//
// A list of arguments or results is the values one after the other.

enum {
  ROOST_NIL, ROOST_FALSE, ROOST_TRUE, ROOST_INTEGER, ROOST_NUMBER, ROOST_STRING, ROOST_TABLE, ROOST_FUNCTION, ROOST_OBJECT,
  ROOST_LAZY  // in an event's field only: the host is asked for the value when a plugin reads it
};

// Bytes that grow. The memory is malloc's; a zeroed struct is an empty buffer.
typedef struct roost_buffer {
  uint8_t *bytes;
  size_t count, capacity;
} roost_buffer;

void roost_append(roost_buffer *buffer, const void *bytes, size_t count);
void roost_release_buffer(roost_buffer *buffer);

// ---------------------------------------------------------------------------------------------------------- Events

// One field of an event; `tag` is one of the value tags. Strings are borrowed for as long as the event lives.
typedef struct roost_field {
  uint8_t tag, kind;
  uint32_t length;
  union {
    int64_t integer;
    double number;
    const char *string;
    struct { uint64_t a, b; } object;
  };
} roost_field;

// What a handler sees. `type` has been described by roost_define_event; `serial` names this event to the host.
typedef struct roost_event {
  uint32_t type, count;
  uint64_t serial;
  const roost_field *fields;
} roost_event;

// ------------------------------------------------------------------------------------------------------------ Host

// What a host function says of itself.
enum {
  ROOST_DONE,    // `results` holds the results
  ROOST_RAISE,   // `results` holds one string: raise it as an error at the caller's line
  ROOST_SUSPEND, // the caller waits until roost_resume; only from a function that may wait
  ROOST_MISSING  // of an attribute: there is none of that name
};

// Functions the border itself asks for, beside those given to roost_define. Arguments, then result:
enum {
  ROOST_HOST_ATTRIBUTE = -1, // object, key → value, or ROOST_MISSING
  ROOST_HOST_FIELD = -2,     // event serial, slot → value of a ROOST_LAZY field
  ROOST_HOST_RELEASE = -3,   // object: collected. Called during a garbage collection: no way back into this state
  ROOST_HOST_SOURCE = -4,    // module name → source text and chunk name, for `require`
  ROOST_HOST_PRINT = -5,     // strings: a line for the plugin's log
  ROOST_HOST_TIME = -6       // → seconds since 1970 (number), seconds of run time (number)
};

// Calls host function `function`. `context` is roost_new's. Neither buffer outlives the call.
typedef int (*roost_host)(void *context, int32_t function, const uint8_t *arguments, size_t count, roost_buffer *results);

// ----------------------------------------------------------------------------------------------------------- States

typedef struct roost_limits {
  size_t memory;      // bytes the state's heap may take
  size_t value_bytes; // bytes one call's arguments, or one result, may take when they cross the border
} roost_limits;

// A sandboxed state with the standard library of the plugin API, or NULL if `limits.memory` is too small for it.
// `seed` seeds math.random. `state` stays valid until roost_free.
roost_state *roost_new(roost_limits limits, uint64_t seed, roost_host host, void *context);
void roost_free(roost_state *state);

// Bytes the heap takes, and the most it has taken.
size_t roost_memory_used(const roost_state *state);
size_t roost_memory_peak(const roost_state *state);

// Bytes that all states together have taken of the system, as far as it happened on this thread.
size_t roost_held_here(void);

// The instructions of one run in so many are counted, with what library functions count as such.
enum { ROOST_SAMPLE_EVERY = 64 };
// What the last stretch of a run has cost: nanoseconds of the monotonic clock, and steps if they were counted.
typedef struct roost_cost {
  int64_t began, took;
  uint64_t steps;
  bool is_counted;
} roost_cost;
// The first that asks is told; then it is nothing until the next stretch.
roost_cost roost_take_cost(roost_state *state);

// From now on the Lua stack is taken at each tick of the watchdog, every millisecond while anything runs. False if that is
// so already, or memory is short.
bool roost_begin_profile(roost_state *state);
// Ends it. `folded` gets a line for each stack: functions from the outermost on, separated by ';', a space, how often.
void roost_end_profile(roost_state *state, roost_buffer *folded);

// Whether the last run was ended because it kept asking for memory beyond the limit.
bool roost_memory_exceeded(const roost_state *state);

// Whether the time of the run that is under way is over. For host functions that take long: they had better return.
bool roost_out_of_time(const roost_state *state);

// Makes host function `function` known as `path`: "roost.log.info", or "user:mute" for a method of the objects of a kind
// that roost_define_kind has named, or "timer:__call" for a metamethod. False when memory ran out.
bool roost_define(roost_state *state, const char *path, int32_t function);
// Names a kind of object (1…31). With `released` the host hears of it when an object is collected.
bool roost_define_kind(roost_state *state, uint8_t kind, const char *name, bool released);
// Puts an object, or any other value, at a path such as "roost.store".
bool roost_define_value(roost_state *state, const char *path, const uint8_t *value, size_t count);
// Describes the fields of events of a type, in slot order. Methods are those of kind `kind`.
bool roost_define_event(roost_state *state, uint32_t type, const char *name, uint8_t kind, const char *const *fields, uint32_t count);

// ------------------------------------------------------------------------------------------------------------- Runs

enum {
  ROOST_RETURNED,  // `results` holds what the function returned
  ROOST_FAILED,    // roost_error says why
  ROOST_EXPIRED,   // the time was over, or memory was asked for in vain too often; roost_error says where
  ROOST_SUSPENDED, // it waits; `run` names it to roost_resume and roost_abandon
  ROOST_LOST       // the time was over and it could not be ended: the state is of no use any more, every call of it is lost
};

// Compiles `source` (text only) and calls it. `name` is how messages call it, e.g. "guard/init.lua". `budget` is in
// nanoseconds of the monotonic clock; a thread that has not been given as much CPU time by then may go on until it has, for
// at most ten times as long.
int roost_load(roost_state *state, const char *source, size_t count, const char *name, int64_t budget, int32_t *run, roost_buffer *results);
// Calls the function `reference` with an event. Returned with `results` empty: it returned nothing, or nil.
int roost_call_event(roost_state *state, int32_t reference, const roost_event *event, int64_t budget, int32_t *run, roost_buffer *results);
// Calls the function `reference` with values.
int roost_call(roost_state *state, int32_t reference, const uint8_t *arguments, size_t count, int64_t budget, int32_t *run, roost_buffer *results);
// Goes on with a run that waits; `values` become the results of what it waited for. With `raise` they are one string, raised.
int roost_resume(roost_state *state, int32_t *run, const uint8_t *values, size_t count, bool raise, int64_t budget, roost_buffer *results);
// Drops a run that waits.
void roost_abandon(roost_state *state, int32_t run);
// Gives back a function that came over the border.
void roost_unref(roost_state *state, int32_t reference);
// Reads a value at a path such as "roost.keep" into `value`; false if it is not there or cannot cross.
bool roost_read(roost_state *state, const char *path, roost_buffer *value);

// Another clock for the CPU time of this thread, for tests; NULL for the real one. It is read in a signal handler.
typedef int64_t (*roost_clock)(void);
void roost_use_cpu_clock(roost_clock clock);

// The error of the last run that failed. Strings are valid until the next run of this state.
typedef struct roost_failure {
  const char *message;   // with its place, as Lua words it
  const char *traceback;
  const char *source;    // chunk name of the Lua function that raised, "" if there is none
  int line;              // 1-based, 0 if unknown
  const char *missing;   // the last field asked for that does not exist, "" if none
  const char *missing_of;// what it was asked of, e.g. "chat" or "user"
} roost_failure;
roost_failure roost_error(const roost_state *state);

// Where the function `reference` was defined: `first` is 0 if it is not a Lua function.
void roost_function_place(roost_state *state, int32_t reference, char *source, size_t capacity, int *first);

#endif
