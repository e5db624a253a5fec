#include <limits.h>
#include <stdio.h>
#include <unistd.h>
int page(void), by_function(void);
long by_sysconf(void);
static char data[300000];
int main(void) {
    printf("%d %d %ld %ld\n", PAGESIZE, getpagesize(), sysconf(_SC_PAGESIZE), sysconf(_SC_PAGE_SIZE));
    printf("%d %d %ld\n", page(), by_function(), by_sysconf());
    return data[page()];
}
