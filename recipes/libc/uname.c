/* What there is to say of a machine that nobody can ask. */

#define _GNU_SOURCE
#include <string.h>
#include <sys/utsname.h>

int uname(struct utsname *name) {
    memset(name, 0, sizeof *name);
    strcpy(name->sysname, "wasi");
    strcpy(name->nodename, "(none)");
    strcpy(name->release, "0.0.0");
    strcpy(name->version, "0.0.0");
    strcpy(name->machine, "wasm32");
    strcpy(name->domainname, "(none)");
    return 0;
}
