/* Pipes, of which WASI preview 1 has none, within the process: bytes that wait in its memory. There is one thread, so who
 * would have to wait for the other end would wait for ever, and is told so: EDEADLK. A write that would have to wait for
 * room gets more room instead. */

#include "descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROOM = 65536, ATOMIC = 4096 };

struct pipe {
    char *data;
    size_t start, size, room; /* of the bytes that wait in `data` */
    struct end *reader, *writer; /* NULL if closed */
};

struct end {
    struct pipe *pipe;
    int writes;
    __wasi_fdflags_t flags;
};

int pipe2(int numbers[2], int flags) {
    if ((flags & ~(O_CLOEXEC | O_NONBLOCK)) != 0) {
        errno = EINVAL;
        return -1;
    }
    struct {
        struct pipe pipe;
        struct end reader, writer;
    } *made = calloc(1, sizeof *made);
    __wasi_errno_t error = __WASI_ERRNO_NOMEM;
    if (made != NULL) {
        __wasi_fdflags_t kept = (flags & O_NONBLOCK) != 0 ? __WASI_FDFLAGS_NONBLOCK : 0;
        made->reader = (struct end){&made->pipe, 0, kept};
        made->writer = (struct end){&made->pipe, 1, kept};
        made->pipe.reader = &made->reader;
        made->pipe.writer = &made->writer;
        error = __descriptor_of_ends(&made->reader, &made->writer, numbers);
    }
    if (error == 0)
        return 0;
    free(made);
    errno = error;
    return -1;
}

int pipe(int numbers[2]) { return pipe2(numbers, 0); }

void __pipe_close(struct end *end) {
    struct pipe *pipe = end->pipe;
    *(end->writes ? &pipe->writer : &pipe->reader) = NULL;
    if (pipe->reader == NULL && pipe->writer == NULL) {
        free(pipe->data);
        free(pipe); /* with both ends, which are behind it */
    }
}

__wasi_errno_t __pipe_read(struct end *end, const __wasi_iovec_t *to, size_t count, __wasi_size_t *read) {
    struct pipe *pipe = end->pipe;
    size_t wanted = 0;
    *read = 0;
    if (end->writes)
        return __WASI_ERRNO_BADF;
    for (size_t i = 0; i < count; i++)
        wanted += to[i].buf_len;
    if (wanted != 0 && pipe->size == 0 && pipe->writer != NULL)
        return (end->flags & __WASI_FDFLAGS_NONBLOCK) != 0 ? __WASI_ERRNO_AGAIN : __WASI_ERRNO_DEADLK;
    for (size_t i = 0; i < count && pipe->size != 0; i++) {
        size_t size = to[i].buf_len < pipe->size ? to[i].buf_len : pipe->size;
        memcpy(to[i].buf, pipe->data + pipe->start, size);
        pipe->start += size;
        pipe->size -= size;
        *read += size;
    }
    return 0;
}

static int make_room(struct pipe *pipe, size_t size) {
    if (pipe->start + pipe->size + size <= pipe->room)
        return 1;
    if (pipe->size != 0)
        memmove(pipe->data, pipe->data + pipe->start, pipe->size);
    pipe->start = 0;
    if (pipe->size + size <= pipe->room)
        return 1;
    size_t room = pipe->size + size + ATOMIC;
    char *data = realloc(pipe->data, room);
    if (data == NULL)
        return 0;
    pipe->data = data;
    pipe->room = room;
    return 1;
}

__wasi_errno_t __pipe_write(struct end *end, const __wasi_ciovec_t *from, size_t count, __wasi_size_t *written) {
    struct pipe *pipe = end->pipe;
    size_t offered = 0, left = pipe->size < ROOM ? ROOM - pipe->size : 0;
    *written = 0;
    if (!end->writes)
        return __WASI_ERRNO_BADF;
    for (size_t i = 0; i < count; i++)
        offered += from[i].buf_len;
    if (offered == 0)
        return 0;
    if (pipe->reader == NULL)
        return __WASI_ERRNO_PIPE;
    if ((end->flags & __WASI_FDFLAGS_NONBLOCK) != 0 && offered > left) {
        if (offered <= ATOMIC || left == 0)
            return __WASI_ERRNO_AGAIN;
        offered = left;
    }
    if (!make_room(pipe, offered))
        return __WASI_ERRNO_NOMEM;
    for (size_t i = 0; i < count && offered != *written; i++) {
        size_t size = from[i].buf_len < offered - *written ? from[i].buf_len : offered - *written;
        memcpy(pipe->data + pipe->start + pipe->size, from[i].buf, size);
        pipe->size += size;
        *written += size;
    }
    return 0;
}

void __pipe_stat(const struct end *end, __wasi_fdstat_t *stat) {
    *stat = (__wasi_fdstat_t){
        .fs_filetype = __WASI_FILETYPE_UNKNOWN,
        .fs_flags = end->flags,
        .fs_rights_base = (end->writes ? __WASI_RIGHTS_FD_WRITE : __WASI_RIGHTS_FD_READ) |
            __WASI_RIGHTS_FD_FDSTAT_SET_FLAGS | __WASI_RIGHTS_POLL_FD_READWRITE,
    };
}

void __pipe_set_flags(struct end *end, __wasi_fdflags_t flags) { end->flags = flags & __WASI_FDFLAGS_NONBLOCK; }

/* Whether what was asked for has come about; then the event says so. */
int __pipe_ready(const struct end *end, const __wasi_subscription_t *asked, __wasi_event_t *event) {
    const struct pipe *pipe = end->pipe;
    int writes = asked->u.tag == __WASI_EVENTTYPE_FD_WRITE;
    *event = (__wasi_event_t){.userdata = asked->userdata, .type = asked->u.tag};
    if (writes != end->writes) {
        event->error = __WASI_ERRNO_BADF;
        return 1;
    }
    if (writes) {
        event->error = pipe->reader == NULL ? __WASI_ERRNO_IO : 0;
        event->fd_readwrite.nbytes = pipe->size < ROOM ? ROOM - pipe->size : 0;
        return pipe->reader == NULL || ROOM - (int)pipe->size >= ATOMIC;
    }
    event->fd_readwrite.nbytes = pipe->size;
    event->fd_readwrite.flags = pipe->writer == NULL ? __WASI_EVENTRWFLAGS_FD_READWRITE_HANGUP : 0;
    return pipe->size != 0 || pipe->writer == NULL;
}
