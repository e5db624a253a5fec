/* Closing a descriptor; in the toolchain's copy of wasi-libc this is not C. */

#include <errno.h>
#include <unistd.h>
#include <wasi/api.h>
#include <wasi/libc.h>

int close(int descriptor) {
    /* Which directories are there from the start must be known before one of their numbers is given to another file. */
    __wasilibc_populate_preopens();
    __wasi_errno_t error = __wasi_fd_close(descriptor);
    if (error == 0)
        return 0;
    errno = error;
    return -1;
}
