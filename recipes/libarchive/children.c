/* No process can be started, so an external program is no filter. */
#include "archive_platform.h"
#include "archive.h"
#include "filter_fork.h"

int __archive_create_child(const char *command, int *its_stdin, int *its_stdout, pid_t *child) {
    (void)command, (void)its_stdin, (void)its_stdout, (void)child;
    return ARCHIVE_FAILED;
}

void __archive_check_child(int in, int out) {
    (void)in, (void)out;
}

/* WASI has no permissions: a file is what its directory lets it be. */
int chmod(const char *path, mode_t mode) {
    (void)path, (void)mode;
    return 0;
}

int fchmod(int file, mode_t mode) {
    (void)file, (void)mode;
    return 0;
}
