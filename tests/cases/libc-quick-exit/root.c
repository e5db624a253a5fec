#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static void first(void) { write(1, "first\n", 6); }
static void second(void) { write(1, "second\n", 7); }
static void never(void) { write(1, "never\n", 6); }
int main(void) {
    at_quick_exit(first);
    at_quick_exit(second);
    atexit(never);
    printf("in the buffer");
    quick_exit(3);
}
