/*
 * Stands between a program and its disk (LD_PRELOAD), for what lies below DISK_ROOT:
 *
 * DISK_SHADOW=folder  keeps what a disk would still have after the power went: a copy of each file as of its last
 *                     fsync, in the file f<key>, and the entries of each folder as of its last fsync, in d<key>.
 *                     A key is the number of the inode and the time of its birth.
 * DISK_FAULT=file     has calls fail as the four numbers in that file say, which may change at any time:
 *                     errno; which calls (1 write, 2 sync, 4 create); how many of them work before; fail so often.
 *                     With 8 beside it a write does not fail, but takes half of its bytes.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 1, SYNC = 2, CREATE = 4, SHORT = 8 };

static const char *root, *shadow;
static volatile int *fault; /* errno, mask, skip, count */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(type, name, ...) \
  static type (*real_##name)(__VA_ARGS__); \
  static void find_##name(void) { if (!real_##name) real_##name = dlsym(RTLD_NEXT, #name); }
REAL(ssize_t, write, int, const void *, size_t)
REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t)
REAL(ssize_t, writev, int, const struct iovec *, int)
REAL(ssize_t, pwritev64, int, const struct iovec *, int, off64_t)
REAL(int, fsync, int)
REAL(int, fdatasync, int)
REAL(int, ftruncate64, int, off64_t)
REAL(int, open64, const char *, int, ...)
REAL(int, rename, const char *, const char *)

/* What was written of a file since its last fsync. */
struct dirty { ino_t ino; dev_t dev; int tracked; off64_t from, to; struct dirty *next; };
static struct dirty *table[4096];

__attribute__((constructor)) static void start(void) {
  root = getenv("DISK_ROOT");
  shadow = getenv("DISK_SHADOW");
  const char *file = getenv("DISK_FAULT");
  find_open64();
  if (file) {
    int fd = real_open64(file, O_RDWR);
    if (fd >= 0) {
      void *at = mmap(0, 16, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
      if (at != MAP_FAILED) fault = at;
      close(fd);
    }
  }
}

static int below_root(const char *path) { return root && strncmp(path, root, strlen(root)) == 0; }

static int path_of(int fd, char *path, size_t size) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, size - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return below_root(path);
}

/* Whether this call is to fail now; sets errno. */
static int fails(int kind) {
  if (!fault || !fault[0] || !(fault[1] & kind)) return 0;
  if (__atomic_fetch_sub(&fault[2], 1, __ATOMIC_SEQ_CST) > 0) return 0;
  if (__atomic_fetch_sub(&fault[3], 1, __ATOMIC_SEQ_CST) <= 0) return 0;
  errno = fault[0];
  return 1;
}

static int fails_on(int fd, int kind) {
  char path[4096];
  return fault && fault[0] && path_of(fd, path, sizeof path) && fails(kind);
}

static struct dirty *find(int fd) {
  struct stat64 stat;
  char path[4096];
  if (fstat64(fd, &stat) || !S_ISREG(stat.st_mode)) return NULL;
  struct dirty **at = &table[stat.st_ino % 4096];
  while (*at && ((*at)->ino != stat.st_ino || (*at)->dev != stat.st_dev)) at = &(*at)->next;
  if (!*at) {
    *at = calloc(1, sizeof **at);
    (*at)->ino = stat.st_ino;
    (*at)->dev = stat.st_dev;
    (*at)->from = 1LL << 60;
  }
  /* Each time: another file may have the number now. */
  (*at)->tracked = path_of(fd, path, sizeof path);
  return *at;
}

static void written(int fd, off64_t from, off64_t to) {
  if (!shadow) return;
  int before = errno;
  pthread_mutex_lock(&lock);
  struct dirty *file = find(fd);
  if (file && file->tracked) {
    if (from < file->from) file->from = from;
    if (to > file->to) file->to = to;
  }
  pthread_mutex_unlock(&lock);
  errno = before;
}

static int key_of(int fd, char *key, size_t size, int *is_folder) {
  struct statx x;
  if (statx(fd, "", AT_EMPTY_PATH, STATX_BTIME | STATX_INO | STATX_TYPE, &x)) return 0;
  *is_folder = S_ISDIR(x.stx_mode);
  snprintf(key, size, "%llu-%lld", (unsigned long long)x.stx_ino,
           (long long)x.stx_btime.tv_sec * 1000000000LL + x.stx_btime.tv_nsec);
  return 1;
}

static void keep_folder(int fd, const char *target) {
  char path[4200], temporary[4300];
  path_of(fd, path, sizeof path);
  snprintf(temporary, sizeof temporary, "%s.new", target);
  FILE *out = fopen(temporary, "w");
  DIR *folder = opendir(path);
  if (!out || !folder) abort();
  for (struct dirent *entry; (entry = readdir(folder));) {
    if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
    char key[64];
    int is_folder;
    int one = openat(fd, entry->d_name, O_PATH | O_NOFOLLOW);
    if (one < 0) continue;
    if (key_of(one, key, sizeof key, &is_folder)) fprintf(out, "%c %s %s\n", is_folder ? 'd' : 'f', key, entry->d_name);
    close(one);
  }
  closedir(folder);
  fclose(out);
  find_rename();
  real_rename(temporary, target);
}

static void keep_file(int fd, const char *target) {
  static char buffer[1 << 20];
  struct stat64 stat;
  char path[4200];
  path_of(fd, path, sizeof path);
  struct dirty *file = find(fd);
  int is_new = access(target, F_OK) != 0;
  int out = real_open64(target, O_WRONLY | O_CREAT, 0600);
  /* The given one may be open for writing only. */
  int in = real_open64(path, O_RDONLY);
  if (in < 0 || fstat64(fd, &stat)) { if (out >= 0) close(out); return; }
  find_pwrite64();
  off64_t to = is_new || file->to > stat.st_size ? stat.st_size : file->to;
  for (off64_t at = is_new ? 0 : file->from; at < to;) {
    size_t want = to - at < (off64_t)sizeof buffer ? (size_t)(to - at) : sizeof buffer;
    ssize_t got = pread64(in, buffer, want, at);
    if (got <= 0) break;
    real_pwrite64(out, buffer, got, at);
    at += got;
  }
  find_ftruncate64();
  real_ftruncate64(out, stat.st_size);
  file->from = 1LL << 60;
  file->to = 0;
  close(in);
  close(out);
}

static void synced(int fd) {
  char path[4096], key[64], target[4200];
  int is_folder;
  if (!shadow || !path_of(fd, path, sizeof path) || !key_of(fd, key, sizeof key, &is_folder)) return;
  snprintf(target, sizeof target, "%s/%c%s", shadow, is_folder ? 'd' : 'f', key);
  pthread_mutex_lock(&lock);
  if (is_folder) keep_folder(fd, target);
  else keep_file(fd, target);
  pthread_mutex_unlock(&lock);
}

/* How many of the bytes are to be taken; -1 where the call is to fail. */
static ssize_t allowed(int fd, size_t count) {
  if (!fails_on(fd, WRITE)) return count;
  return fault[1] & SHORT ? (ssize_t)(count - count / 2) : -1;
}

/* The same of several parts, which are made fewer and shorter in a copy. */
static int allowed_parts(int fd, const struct iovec **parts, int *count, struct iovec *copy) {
  size_t size = 0;
  for (int n = 0; n < *count; n++) size += (*parts)[n].iov_len;
  ssize_t left = allowed(fd, size);
  if (left < 0) return 0;
  if ((size_t)left == size || *count > IOV_MAX) return 1;
  int taken = 0;
  for (; left > 0; left -= copy[taken++].iov_len) {
    copy[taken] = (*parts)[taken];
    if ((ssize_t)copy[taken].iov_len > left) copy[taken].iov_len = left;
  }
  *parts = copy;
  *count = taken;
  return 1;
}

static ssize_t written_here(int fd, ssize_t result) {
  if (!shadow || result <= 0) return result;
  int before = errno;
  off64_t end = lseek64(fd, 0, SEEK_CUR);
  if (end >= 0) written(fd, end - result, end);
  errno = before;
  return result;
}

ssize_t write(int fd, const void *bytes, size_t count) {
  find_write();
  ssize_t most = allowed(fd, count);
  return most < 0 ? -1 : written_here(fd, real_write(fd, bytes, most));
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  struct iovec copy[IOV_MAX];
  find_writev();
  return allowed_parts(fd, &parts, &count, copy) ? written_here(fd, real_writev(fd, parts, count)) : -1;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  find_pwrite64();
  ssize_t most = allowed(fd, count);
  ssize_t result = most < 0 ? -1 : real_pwrite64(fd, bytes, most, at);
  if (result > 0) written(fd, at, at + result);
  return result;
}
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return pwrite64(fd, bytes, count, at); }

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) {
  struct iovec copy[IOV_MAX];
  find_pwritev64();
  ssize_t result = allowed_parts(fd, &parts, &count, copy) ? real_pwritev64(fd, parts, count, at) : -1;
  if (result > 0) written(fd, at, at + result);
  return result;
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) { return pwritev64(fd, parts, count, at); }

int ftruncate64(int fd, off64_t size) {
  find_ftruncate64();
  if (fails_on(fd, WRITE)) return -1;
  int result = real_ftruncate64(fd, size);
  if (result == 0) written(fd, size, size);
  return result;
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int fsync(int fd) {
  find_fsync();
  if (fails_on(fd, SYNC)) return -1;
  int result = real_fsync(fd);
  if (result == 0) synced(fd);
  return result;
}

int fdatasync(int fd) {
  find_fdatasync();
  if (fails_on(fd, SYNC)) return -1;
  int result = real_fdatasync(fd);
  if (result == 0) synced(fd);
  return result;
}

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  find_open64();
  if (flags & O_CREAT && below_root(path) && fails(CREATE)) return -1;
  return real_open64(path, flags, mode);
}
int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open64(path, flags, mode);
}

int rename(const char *from, const char *to) {
  find_rename();
  if (below_root(to) && fails(CREATE)) return -1;
  return real_rename(from, to);
}
