/* What a power cut leaves at the least: loaded into the server (LD_PRELOAD), it copies a file of the folder SYNCED_FROM to the
 * folder SYNCED_TO whenever the server has waited until that file is on the disk (fsync, fdatasync), and notes its name in
 * SYNCED_TO/log. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static void copy(const char *from, const char *to) {
  char buffer[65536];
  int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  ssize_t count;
  while (in >= 0 && out >= 0 && (count = read(in, buffer, sizeof buffer)) > 0)
    if (write(out, buffer, (size_t)count) != count) abort();
  if (in >= 0) close(in);
  if (out >= 0) close(out);
}

static void note(int descriptor) {
  char link[64], path[4096], target[8192];
  const char *from = getenv("SYNCED_FROM"), *to = getenv("SYNCED_TO");
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (!from || !to || length <= 0) return;
  path[length] = 0;
  if (strncmp(path, from, strlen(from)) != 0 || path[strlen(from)] != '/') return;
  const char *name = path + strlen(from) + 1;
  pthread_mutex_lock(&one_at_a_time);
  snprintf(target, sizeof target, "%s/%s", to, name);
  copy(path, target);
  snprintf(target, sizeof target, "%s/log", to);
  int log = open(target, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log >= 0) {
    dprintf(log, "%s\n", name);
    close(log);
  }
  pthread_mutex_unlock(&one_at_a_time);
}

static int forward(const char *name, int descriptor) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  int result = real(descriptor);
  if (result == 0) note(descriptor);
  return result;
}

/* A file that gets another name has it in the copy too. The server syncs the folder right after it. */
int rename(const char *old, const char *new) {
  int (*real)(const char *, const char *) = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
  int result = real(old, new);
  const char *from = getenv("SYNCED_FROM"), *to = getenv("SYNCED_TO");
  if (result == 0 && from && to && strncmp(new, from, strlen(from)) == 0 && strncmp(old, from, strlen(from)) == 0) {
    char before[8192], after[8192];
    snprintf(before, sizeof before, "%s%s", to, old + strlen(from));
    snprintf(after, sizeof after, "%s%s", to, new + strlen(from));
    real(before, after);
  }
  return result;
}

int fsync(int descriptor) { return forward("fsync", descriptor); }
int fdatasync(int descriptor) { return forward("fdatasync", descriptor); }
