#include <stdio.h>
__attribute__((constructor)) static void begin(void) { puts("b begins"); }
__attribute__((destructor)) static void end(void) { puts("b ends"); }
void b(void) {}
