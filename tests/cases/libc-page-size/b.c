#include <limits.h>
#include <unistd.h>
char room[200000];
int page(void) { return PAGESIZE; }
int by_function(void) { return getpagesize(); }
long by_sysconf(void) { return sysconf(_SC_PAGESIZE); }
