/* The directory in which a program starts. WASI has none; a host that lets a program see the directory that it says in
 * PWD, as shells say where they are, has it start there. Without PWD it is `/`. */

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

__attribute__((constructor)) static void start_where_the_host_is(void) {
    const char *directory = getenv("PWD");
    if (directory && directory[0] == '/' && directory[1]) {
        int before = errno;
        chdir(directory);
        errno = before;
    }
}
