/* WASI's libc has no mkstemp, with which googletest captures output. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

static inline int mkstemp(char *path) {
    for (int number = 0; number < 1000000; number++) {
        snprintf(path + strlen(path) - 6, 7, "%06d", number);
        int fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
        if (fd >= 0 || errno != EEXIST) return fd;
    }
    return -1;
}
