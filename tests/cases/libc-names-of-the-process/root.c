#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <wasi/version.h>

#ifndef __wasip1__
#error "this is WASI preview 1"
#endif

int main(void) {
    char name[64];
    struct utsname all;
    struct ifaddrs *interfaces = (void *)1;
    printf("host %d %s\n", gethostname(name, sizeof name), name);
    printf("uname %d %s %s\n", uname(&all), all.sysname, all.machine);
    printf("login %s %d\n", getlogin(), getlogin_r(name, 2) == ERANGE);
    printf("secure %s\n", secure_getenv("LOGNAME"));
    printf("shell %d %d\n", system(NULL), system("ls") == -1 && errno == ENOSYS);
    printf("interfaces %d %d\n", getifaddrs(&interfaces), interfaces == NULL);
    printf("close %d\n", posix_close(open(".", O_RDONLY | O_DIRECTORY), 0));
    printf("invocation %s %s\n", program_invocation_short_name, program_invocation_name);
    fflush(stdout);
    dup2(1, 2);
    warnx("%d things", 3);
    errno = ENOENT;
    warn("a file");
    errno = EACCES;
    err(4, NULL);
}
