#include <stdio.h>
#include <stdlib.h>
static void first(void) { puts("first registered"); }
static void second(void) { puts("second registered"); }
__attribute__((constructor)) static void in(void) { atexit(first); }
void more(void) { atexit(second); }
__attribute__((destructor)) static void out(void) { puts("destructor"); }
