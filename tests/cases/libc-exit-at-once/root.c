#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static void never(void) { write(1, "never\n", 6); }
__attribute__((destructor)) static void neither(void) { write(1, "neither\n", 8); }
int main(void) {
    atexit(never);
    at_quick_exit(never);
    printf("in the buffer");
    write(1, "written\n", 8);
    _Exit(5);
}
