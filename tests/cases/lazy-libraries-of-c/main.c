#include <stdio.h>
#include <stdlib.h>
const char *one(int), *two(int), *three(int);
static void at_the_end(void) { puts(two(2)); }
int main(void) {
    atexit(at_the_end);
    puts("main");
    puts(one(1));
    puts(one(3));
    return 0;
}
