/* For upstream's tests: a temporary file in the current directory, which WASI's libc has no other place for. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline FILE *tmpfile(void) {
    char name[] = "tmp-XXXXXX";
    int descriptor = mkstemp(name);
    return descriptor < 0 || unlink(name) ? NULL : fdopen(descriptor, "w+b");
}
