/* What there cannot be here, for programs that ask before they use it. */

#define _GNU_SOURCE
#include <errno.h>
#include <ifaddrs.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

/* There is no other program to run, and no shell, as system(NULL) is asked to say. */
int system(const char *command) {
    if (command == NULL)
        return 0;
    errno = ENOSYS;
    return -1;
}

/* Nothing runs with more rights than who started it. */
char *secure_getenv(const char *name) { return getenv(name); }

/* Every time is UTC, whatever TZ says. */
void tzset(void) {}

/* No network interface can be seen from here. */
int getifaddrs(struct ifaddrs **all) {
    *all = NULL;
    return 0;
}

void freeifaddrs(struct ifaddrs *all) {}

/* Advice, and there is nothing to be done about it. */
int posix_madvise(void *start, size_t size, int advice) { return 0; }
