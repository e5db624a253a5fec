/* The numbers by which a program knows its files, and what the host calls these files. */

#include <wasi/api.h>

#define INTERNAL __attribute__((__visibility__("hidden")))
#define PREVIEW1(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name)))

PREVIEW1(fd_close) int32_t __host_fd_close(__wasi_fd_t);
PREVIEW1(fd_fdstat_get) int32_t __host_fd_fdstat_get(__wasi_fd_t, __wasi_fdstat_t *);
PREVIEW1(fd_renumber) int32_t __host_fd_renumber(__wasi_fd_t, __wasi_fd_t);

struct end; /* of a pipe, which the host knows nothing of */

/* How many numbers are not the host's own. As long as there are none, and in most programs there never are, nothing has
 * to be looked up. */
INTERNAL extern int __descriptors;

INTERNAL __wasi_fd_t __descriptor_host(__wasi_fd_t);
INTERNAL struct end *__descriptor_end(__wasi_fd_t);
INTERNAL __wasi_errno_t __descriptor_opened(__wasi_fd_t *);
INTERNAL int __descriptor_duplicate(int, int least);
INTERNAL __wasi_errno_t __descriptor_of_ends(struct end *, struct end *, int numbers[2]);

static inline __wasi_fd_t host(__wasi_fd_t number) { return __descriptors == 0 ? number : __descriptor_host(number); }
static inline struct end *end_of(__wasi_fd_t number) { return __descriptors == 0 ? 0 : __descriptor_end(number); }

INTERNAL void __pipe_close(struct end *);
INTERNAL __wasi_errno_t __pipe_read(struct end *, const __wasi_iovec_t *, size_t, __wasi_size_t *);
INTERNAL __wasi_errno_t __pipe_write(struct end *, const __wasi_ciovec_t *, size_t, __wasi_size_t *);
INTERNAL void __pipe_stat(const struct end *, __wasi_fdstat_t *);
INTERNAL void __pipe_set_flags(struct end *, __wasi_fdflags_t);
INTERNAL int __pipe_ready(const struct end *, const __wasi_subscription_t *, __wasi_event_t *);
