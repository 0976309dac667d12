// zlib's initialisers are macros, which Swift cannot call.

#ifndef ROOST_ZLIB_SHIM_H
#define ROOST_ZLIB_SHIM_H

// Input is only read: lets `next_in` be a pointer to const.
#define ZLIB_CONST
#include <zlib.h>

// Streams without zlib's own header and checksum (RFC 1951): a negative window size says so.
static inline int roost_deflate_init(z_stream *stream, int level, int window_bits, int memory_level) {
  return deflateInit2(stream, level, Z_DEFLATED, -window_bits, memory_level, Z_DEFAULT_STRATEGY);
}

static inline int roost_inflate_init(z_stream *stream, int window_bits) { return inflateInit2(stream, -window_bits); }

#endif
