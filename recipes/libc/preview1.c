/* The functions of WASI preview 1, with the program's numbers for files made the host's, and with pipes. In the place of
 * wasi-libc's own, which hand the program's numbers on. */

#include "descriptors.h"

#include <string.h>

PREVIEW1(args_get) int32_t __host_args_get(uint8_t **, uint8_t *);
PREVIEW1(args_sizes_get) int32_t __host_args_sizes_get(__wasi_size_t *, __wasi_size_t *);
PREVIEW1(environ_get) int32_t __host_environ_get(uint8_t **, uint8_t *);
PREVIEW1(environ_sizes_get) int32_t __host_environ_sizes_get(__wasi_size_t *, __wasi_size_t *);
PREVIEW1(clock_res_get) int32_t __host_clock_res_get(__wasi_clockid_t, __wasi_timestamp_t *);
PREVIEW1(clock_time_get) int32_t __host_clock_time_get(__wasi_clockid_t, __wasi_timestamp_t, __wasi_timestamp_t *);
PREVIEW1(fd_advise) int32_t __host_fd_advise(__wasi_fd_t, __wasi_filesize_t, __wasi_filesize_t, int32_t);
PREVIEW1(fd_allocate) int32_t __host_fd_allocate(__wasi_fd_t, __wasi_filesize_t, __wasi_filesize_t);
PREVIEW1(fd_datasync) int32_t __host_fd_datasync(__wasi_fd_t);
PREVIEW1(fd_fdstat_set_flags) int32_t __host_fd_fdstat_set_flags(__wasi_fd_t, int32_t);
PREVIEW1(fd_fdstat_set_rights) int32_t __host_fd_fdstat_set_rights(__wasi_fd_t, __wasi_rights_t, __wasi_rights_t);
PREVIEW1(fd_filestat_get) int32_t __host_fd_filestat_get(__wasi_fd_t, __wasi_filestat_t *);
PREVIEW1(fd_filestat_set_size) int32_t __host_fd_filestat_set_size(__wasi_fd_t, __wasi_filesize_t);
PREVIEW1(fd_filestat_set_times) int32_t __host_fd_filestat_set_times(__wasi_fd_t, __wasi_timestamp_t,
    __wasi_timestamp_t, int32_t);
PREVIEW1(fd_pread) int32_t __host_fd_pread(__wasi_fd_t, const __wasi_iovec_t *, size_t, __wasi_filesize_t,
    __wasi_size_t *);
PREVIEW1(fd_prestat_get) int32_t __host_fd_prestat_get(__wasi_fd_t, __wasi_prestat_t *);
PREVIEW1(fd_prestat_dir_name) int32_t __host_fd_prestat_dir_name(__wasi_fd_t, uint8_t *, __wasi_size_t);
PREVIEW1(fd_pwrite) int32_t __host_fd_pwrite(__wasi_fd_t, const __wasi_ciovec_t *, size_t, __wasi_filesize_t,
    __wasi_size_t *);
PREVIEW1(fd_read) int32_t __host_fd_read(__wasi_fd_t, const __wasi_iovec_t *, size_t, __wasi_size_t *);
PREVIEW1(fd_readdir) int32_t __host_fd_readdir(__wasi_fd_t, uint8_t *, __wasi_size_t, __wasi_dircookie_t,
    __wasi_size_t *);
PREVIEW1(fd_seek) int32_t __host_fd_seek(__wasi_fd_t, __wasi_filedelta_t, int32_t, __wasi_filesize_t *);
PREVIEW1(fd_sync) int32_t __host_fd_sync(__wasi_fd_t);
PREVIEW1(fd_tell) int32_t __host_fd_tell(__wasi_fd_t, __wasi_filesize_t *);
PREVIEW1(fd_write) int32_t __host_fd_write(__wasi_fd_t, const __wasi_ciovec_t *, size_t, __wasi_size_t *);
PREVIEW1(path_create_directory) int32_t __host_path_create_directory(__wasi_fd_t, const char *, size_t);
PREVIEW1(path_filestat_get) int32_t __host_path_filestat_get(__wasi_fd_t, __wasi_lookupflags_t, const char *, size_t,
    __wasi_filestat_t *);
PREVIEW1(path_filestat_set_times) int32_t __host_path_filestat_set_times(__wasi_fd_t, __wasi_lookupflags_t,
    const char *, size_t, __wasi_timestamp_t, __wasi_timestamp_t, int32_t);
PREVIEW1(path_link) int32_t __host_path_link(__wasi_fd_t, __wasi_lookupflags_t, const char *, size_t, __wasi_fd_t,
    const char *, size_t);
PREVIEW1(path_open) int32_t __host_path_open(__wasi_fd_t, __wasi_lookupflags_t, const char *, size_t, int32_t,
    __wasi_rights_t, __wasi_rights_t, int32_t, __wasi_fd_t *);
PREVIEW1(path_readlink) int32_t __host_path_readlink(__wasi_fd_t, const char *, size_t, uint8_t *, __wasi_size_t,
    __wasi_size_t *);
PREVIEW1(path_remove_directory) int32_t __host_path_remove_directory(__wasi_fd_t, const char *, size_t);
PREVIEW1(path_rename) int32_t __host_path_rename(__wasi_fd_t, const char *, size_t, __wasi_fd_t, const char *, size_t);
PREVIEW1(path_symlink) int32_t __host_path_symlink(const char *, size_t, __wasi_fd_t, const char *, size_t);
PREVIEW1(path_unlink_file) int32_t __host_path_unlink_file(__wasi_fd_t, const char *, size_t);
PREVIEW1(poll_oneoff) int32_t __host_poll_oneoff(const __wasi_subscription_t *, __wasi_event_t *, __wasi_size_t,
    __wasi_size_t *);
PREVIEW1(proc_exit) _Noreturn void __host_proc_exit(__wasi_exitcode_t);
PREVIEW1(sched_yield) int32_t __host_sched_yield(void);
PREVIEW1(random_get) int32_t __host_random_get(uint8_t *, __wasi_size_t);
PREVIEW1(sock_accept) int32_t __host_sock_accept(__wasi_fd_t, int32_t, __wasi_fd_t *);
PREVIEW1(sock_recv) int32_t __host_sock_recv(__wasi_fd_t, const __wasi_iovec_t *, size_t, int32_t, __wasi_size_t *,
    __wasi_roflags_t *);
PREVIEW1(sock_send) int32_t __host_sock_send(__wasi_fd_t, const __wasi_ciovec_t *, size_t, int32_t, __wasi_size_t *);
PREVIEW1(sock_shutdown) int32_t __host_sock_shutdown(__wasi_fd_t, int32_t);

__wasi_errno_t __wasi_args_get(uint8_t **argv, uint8_t *argv_buf) {
    return __host_args_get(argv, argv_buf);
}

__wasi_errno_t __wasi_args_sizes_get(__wasi_size_t *result, __wasi_size_t *other_result) {
    return __host_args_sizes_get(result, other_result);
}

__wasi_errno_t __wasi_environ_get(uint8_t **environ, uint8_t *environ_buf) {
    return __host_environ_get(environ, environ_buf);
}

__wasi_errno_t __wasi_environ_sizes_get(__wasi_size_t *result, __wasi_size_t *other_result) {
    return __host_environ_sizes_get(result, other_result);
}

__wasi_errno_t __wasi_clock_res_get(__wasi_clockid_t id, __wasi_timestamp_t *result) {
    return __host_clock_res_get(id, result);
}

__wasi_errno_t __wasi_clock_time_get(__wasi_clockid_t id, __wasi_timestamp_t precision, __wasi_timestamp_t *result) {
    return __host_clock_time_get(id, precision, result);
}

__wasi_errno_t __wasi_fd_advise(__wasi_fd_t fd, __wasi_filesize_t offset, __wasi_filesize_t len,
    __wasi_advice_t advice) {
    return end_of(fd) != NULL ? __WASI_ERRNO_SPIPE : __host_fd_advise(host(fd), offset, len, advice);
}

__wasi_errno_t __wasi_fd_allocate(__wasi_fd_t fd, __wasi_filesize_t offset, __wasi_filesize_t len) {
    return end_of(fd) != NULL ? __WASI_ERRNO_SPIPE : __host_fd_allocate(host(fd), offset, len);
}

/* wasmtime syncs no directories, and says that they are not open. Who has written a file into one, as databases do, has
 * nothing to repair: that is left to the host. */
static __wasi_errno_t synced(__wasi_fd_t fd, __wasi_errno_t error) {
    __wasi_fdstat_t stat;
    int directory = error == __WASI_ERRNO_BADF && __host_fd_fdstat_get(host(fd), &stat) == 0 &&
        stat.fs_filetype == __WASI_FILETYPE_DIRECTORY;
    return directory ? 0 : error;
}

__wasi_errno_t __wasi_fd_datasync(__wasi_fd_t fd) {
    return end_of(fd) != NULL ? __WASI_ERRNO_INVAL : synced(fd, __host_fd_datasync(host(fd)));
}

__wasi_errno_t __wasi_fd_fdstat_get(__wasi_fd_t fd, __wasi_fdstat_t *result) {
    struct end *end = end_of(fd);
    if (end != NULL)
        return __pipe_stat(end, result), 0;
    return __host_fd_fdstat_get(host(fd), result);
}

__wasi_errno_t __wasi_fd_fdstat_set_flags(__wasi_fd_t fd, __wasi_fdflags_t flags) {
    struct end *end = end_of(fd);
    if (end != NULL)
        return __pipe_set_flags(end, flags), 0;
    return __host_fd_fdstat_set_flags(host(fd), flags);
}

__wasi_errno_t __wasi_fd_fdstat_set_rights(__wasi_fd_t fd, __wasi_rights_t fs_rights_base,
    __wasi_rights_t fs_rights_inheriting) {
    return __host_fd_fdstat_set_rights(host(fd), fs_rights_base, fs_rights_inheriting);
}

__wasi_errno_t __wasi_fd_filestat_get(__wasi_fd_t fd, __wasi_filestat_t *result) {
    if (end_of(fd) != NULL) {
        *result = (__wasi_filestat_t){.filetype = __WASI_FILETYPE_UNKNOWN, .nlink = 1};
        return 0;
    }
    return __host_fd_filestat_get(host(fd), result);
}

__wasi_errno_t __wasi_fd_filestat_set_size(__wasi_fd_t fd, __wasi_filesize_t size) {
    return end_of(fd) != NULL ? __WASI_ERRNO_INVAL : __host_fd_filestat_set_size(host(fd), size);
}

__wasi_errno_t __wasi_fd_filestat_set_times(__wasi_fd_t fd, __wasi_timestamp_t atim, __wasi_timestamp_t mtim,
    __wasi_fstflags_t fst_flags) {
    return __host_fd_filestat_set_times(host(fd), atim, mtim, fst_flags);
}

/* wasmtime reads into the first buffer alone, and 64 KiB at most, where its read without a place reads all: here it goes
 * on until all is there or the file ends. */
__wasi_errno_t __wasi_fd_pread(__wasi_fd_t fd, const __wasi_iovec_t *iovs, size_t iovs_len, __wasi_filesize_t offset,
    __wasi_size_t *result) {
    if (end_of(fd) != NULL)
        return __WASI_ERRNO_SPIPE;
    __wasi_errno_t error = __host_fd_pread(host(fd), iovs, iovs_len, offset, result);
    if (error != 0)
        return error;
    for (__wasi_size_t more = *result, filled = *result; more != 0 && iovs_len != 0;) {
        if (filled >= iovs->buf_len) {
            filled -= iovs->buf_len;
            iovs++, iovs_len--;
            continue;
        }
        __wasi_iovec_t rest = {.buf = iovs->buf + filled, .buf_len = iovs->buf_len - filled};
        if (__host_fd_pread(host(fd), &rest, 1, offset + *result, &more) != 0)
            break; /* what was read, was read */
        filled += more;
        *result += more;
    }
    return 0;
}

__wasi_errno_t __wasi_fd_prestat_get(__wasi_fd_t fd, __wasi_prestat_t *result) {
    return __host_fd_prestat_get(host(fd), result);
}

__wasi_errno_t __wasi_fd_prestat_dir_name(__wasi_fd_t fd, uint8_t *path, __wasi_size_t path_len) {
    return __host_fd_prestat_dir_name(host(fd), path, path_len);
}

__wasi_errno_t __wasi_fd_pwrite(__wasi_fd_t fd, const __wasi_ciovec_t *iovs, size_t iovs_len,
    __wasi_filesize_t offset, __wasi_size_t *result) {
    return end_of(fd) != NULL ? __WASI_ERRNO_SPIPE : __host_fd_pwrite(host(fd), iovs, iovs_len, offset, result);
}

__wasi_errno_t __wasi_fd_read(__wasi_fd_t fd, const __wasi_iovec_t *iovs, size_t iovs_len, __wasi_size_t *result) {
    struct end *end = end_of(fd);
    if (end != NULL) return __pipe_read(end, iovs, iovs_len, result);
    __wasi_errno_t error = __host_fd_read(host(fd), iovs, iovs_len, result);
    if (error != __WASI_ERRNO_INTR) return error;
    /* So wasmtime says that there was nothing to read, also where nothing was asked for. */
    for (size_t i = 0; i < iovs_len; i++)
        if (iovs[i].buf_len > 0) return error;
    *result = 0;
    return __WASI_ERRNO_SUCCESS;
}

__wasi_errno_t __wasi_fd_readdir(__wasi_fd_t fd, uint8_t *buf, __wasi_size_t buf_len, __wasi_dircookie_t cookie,
    __wasi_size_t *result) {
    return __host_fd_readdir(host(fd), buf, buf_len, cookie, result);
}

__wasi_errno_t __wasi_fd_seek(__wasi_fd_t fd, __wasi_filedelta_t offset, __wasi_whence_t whence,
    __wasi_filesize_t *result) {
    return end_of(fd) != NULL ? __WASI_ERRNO_SPIPE : __host_fd_seek(host(fd), offset, whence, result);
}

__wasi_errno_t __wasi_fd_sync(__wasi_fd_t fd) {
    return end_of(fd) != NULL ? __WASI_ERRNO_INVAL : synced(fd, __host_fd_sync(host(fd)));
}

__wasi_errno_t __wasi_fd_tell(__wasi_fd_t fd, __wasi_filesize_t *result) {
    return end_of(fd) != NULL ? __WASI_ERRNO_SPIPE : __host_fd_tell(host(fd), result);
}

__wasi_errno_t __wasi_fd_write(__wasi_fd_t fd, const __wasi_ciovec_t *iovs, size_t iovs_len, __wasi_size_t *result) {
    struct end *end = end_of(fd);
    return end != NULL ? __pipe_write(end, iovs, iovs_len, result) : __host_fd_write(host(fd), iovs, iovs_len, result);
}

__wasi_errno_t __wasi_path_create_directory(__wasi_fd_t fd, const char *path) {
    return __host_path_create_directory(host(fd), path, strlen(path));
}

__wasi_errno_t __wasi_path_filestat_get(__wasi_fd_t fd, __wasi_lookupflags_t flags, const char *path,
    __wasi_filestat_t *result) {
    return __host_path_filestat_get(host(fd), flags, path, strlen(path), result);
}

__wasi_errno_t __wasi_path_filestat_set_times(__wasi_fd_t fd, __wasi_lookupflags_t flags, const char *path,
    __wasi_timestamp_t atim, __wasi_timestamp_t mtim, __wasi_fstflags_t fst_flags) {
    return __host_path_filestat_set_times(host(fd), flags, path, strlen(path), atim, mtim, fst_flags);
}

__wasi_errno_t __wasi_path_link(__wasi_fd_t old_fd, __wasi_lookupflags_t old_flags, const char *old_path,
    __wasi_fd_t new_fd, const char *new_path) {
    return __host_path_link(host(old_fd), old_flags, old_path, strlen(old_path), host(new_fd), new_path,
        strlen(new_path));
}

__wasi_errno_t __wasi_path_open(__wasi_fd_t fd, __wasi_lookupflags_t dirflags, const char *path,
    __wasi_oflags_t oflags, __wasi_rights_t fs_rights_base, __wasi_rights_t fs_rights_inheriting,
    __wasi_fdflags_t fdflags, __wasi_fd_t *result) {
    __wasi_errno_t error = __host_path_open(host(fd), dirflags, path, strlen(path), oflags, fs_rights_base,
        fs_rights_inheriting, fdflags, result);
    return error == 0 && __descriptors != 0 ? __descriptor_opened(result) : error;
}

__wasi_errno_t __wasi_path_readlink(__wasi_fd_t fd, const char *path, uint8_t *buf, __wasi_size_t buf_len,
    __wasi_size_t *result) {
    return __host_path_readlink(host(fd), path, strlen(path), buf, buf_len, result);
}

__wasi_errno_t __wasi_path_remove_directory(__wasi_fd_t fd, const char *path) {
    return __host_path_remove_directory(host(fd), path, strlen(path));
}

__wasi_errno_t __wasi_path_rename(__wasi_fd_t fd, const char *old_path, __wasi_fd_t new_fd, const char *new_path) {
    return __host_path_rename(host(fd), old_path, strlen(old_path), host(new_fd), new_path, strlen(new_path));
}

__wasi_errno_t __wasi_path_symlink(const char *old_path, __wasi_fd_t fd, const char *new_path) {
    return __host_path_symlink(old_path, strlen(old_path), host(fd), new_path, strlen(new_path));
}

__wasi_errno_t __wasi_path_unlink_file(__wasi_fd_t fd, const char *path) {
    return __host_path_unlink_file(host(fd), path, strlen(path));
}

/* Of pipes and of regular files, which POSIX says are always ready, it is known at once: wasmtime, asked for both such a
 * file and a time that has passed, tells now of one and now of the other. */
static int ready_at_once(const __wasi_subscription_t *asked, __wasi_event_t *event) {
    __wasi_fdstat_t stat;
    struct end *end = end_of(asked->u.u.fd_read.file_descriptor);
    if (end != NULL)
        return __pipe_ready(end, asked, event);
    *event = (__wasi_event_t){.userdata = asked->userdata, .type = asked->u.tag};
    return __host_fd_fdstat_get(host(asked->u.u.fd_read.file_descriptor), &stat) == 0 &&
        stat.fs_filetype == __WASI_FILETYPE_REGULAR_FILE;
}

/* Where something is ready, the host is asked what else is, and does not wait. */
__wasi_errno_t __wasi_poll_oneoff(const __wasi_subscription_t *in, __wasi_event_t *out, __wasi_size_t count,
    __wasi_size_t *result) {
    __wasi_subscription_t asked[count + 1];
    __wasi_event_t events[count + 1];
    __wasi_size_t ready = 0, files = 0, found = 0;
    for (__wasi_size_t i = 0; i < count; i++) {
        if (in[i].u.tag == __WASI_EVENTTYPE_CLOCK)
            continue;
        if (ready_at_once(&in[i], &out[ready])) {
            ready++;
        } else if (end_of(in[i].u.u.fd_read.file_descriptor) == NULL) {
            asked[files] = in[i];
            asked[files++].u.u.fd_read.file_descriptor = host(in[i].u.u.fd_read.file_descriptor);
        }
    }
    __wasi_size_t all = files;
    if (ready != 0)
        asked[all++] = (__wasi_subscription_t){.u = {.tag = __WASI_EVENTTYPE_CLOCK}}; /* which has passed */
    for (__wasi_size_t i = 0; i < count && ready == 0; i++)
        if (in[i].u.tag == __WASI_EVENTTYPE_CLOCK)
            asked[all++] = in[i];
    *result = ready;
    if (ready != 0 && files == 0)
        return 0;
    if (all == 0)
        return count == 0 ? __WASI_ERRNO_INVAL : __WASI_ERRNO_DEADLK; /* nothing can make these pipes ready */
    __wasi_errno_t error = __host_poll_oneoff(asked, events, all, &found);
    if (error != 0)
        return error;
    for (__wasi_size_t i = 0; i < found; i++)
        if (ready == 0 || events[i].type != __WASI_EVENTTYPE_CLOCK)
            out[(*result)++] = events[i];
    return 0;
}

_Noreturn void __wasi_proc_exit(__wasi_exitcode_t status) {
    __host_proc_exit(status);
}

__wasi_errno_t __wasi_sched_yield(void) {
    return __host_sched_yield();
}

__wasi_errno_t __wasi_random_get(uint8_t *buf, __wasi_size_t buf_len) {
    return __host_random_get(buf, buf_len);
}

__wasi_errno_t __wasi_sock_accept(__wasi_fd_t fd, __wasi_fdflags_t flags, __wasi_fd_t *result) {
    __wasi_errno_t error = __host_sock_accept(host(fd), flags, result);
    return error == 0 && __descriptors != 0 ? __descriptor_opened(result) : error;
}

__wasi_errno_t __wasi_sock_recv(__wasi_fd_t fd, const __wasi_iovec_t *ri_data, size_t ri_data_len,
    __wasi_riflags_t ri_flags, __wasi_size_t *result, __wasi_roflags_t *other_result) {
    return __host_sock_recv(host(fd), ri_data, ri_data_len, ri_flags, result, other_result);
}

__wasi_errno_t __wasi_sock_send(__wasi_fd_t fd, const __wasi_ciovec_t *si_data, size_t si_data_len,
    __wasi_siflags_t si_flags, __wasi_size_t *result) {
    return __host_sock_send(host(fd), si_data, si_data_len, si_flags, result);
}

__wasi_errno_t __wasi_sock_shutdown(__wasi_fd_t fd, __wasi_sdflags_t how) {
    return __host_sock_shutdown(host(fd), how);
}

int __wasilibc_random(void *buffer, size_t size) {
    return __wasi_random_get(buffer, size);
}
