#include <errno.h>
#include <stdlib.h>
int fail(void) { errno = ERANGE; return -1; }
long parse(const char *text) { return strtol(text, 0, 10); }
