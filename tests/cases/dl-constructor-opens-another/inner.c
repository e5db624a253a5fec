int inner(void) { return 42; }
#include <stdio.h>
__attribute__((constructor)) static void in(void) { puts("inner comes"); }
__attribute__((destructor)) static void out(void) { puts("inner goes"); }
