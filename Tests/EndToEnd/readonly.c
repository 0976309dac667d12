/* A disk that becomes read-only under a running server: loaded into it (LD_PRELOAD), it refuses every write to a file of the
 * folder READONLY_FOLDER while the file READONLY_WHILE is there. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int refuses(int descriptor) {
  char link[64], path[4096];
  const char *folder = getenv("READONLY_FOLDER"), *sign = getenv("READONLY_WHILE");
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (!folder || !sign || length <= 0) return 0;
  path[length] = 0;
  return strncmp(path, folder, strlen(folder)) == 0 && access(sign, F_OK) == 0;
}

#define REAL(type, name) type real = (type)dlsym(RTLD_NEXT, name)

ssize_t write(int descriptor, const void *bytes, size_t count) {
  typedef ssize_t (*call)(int, const void *, size_t);
  REAL(call, "write");
  if (refuses(descriptor)) return errno = EROFS, -1;
  return real(descriptor, bytes, count);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t place) {
  typedef ssize_t (*call)(int, const void *, size_t, off_t);
  REAL(call, "pwrite");
  if (refuses(descriptor)) return errno = EROFS, -1;
  return real(descriptor, bytes, count, place);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t place) {
  typedef ssize_t (*call)(int, const void *, size_t, off64_t);
  REAL(call, "pwrite64");
  if (refuses(descriptor)) return errno = EROFS, -1;
  return real(descriptor, bytes, count, place);
}
