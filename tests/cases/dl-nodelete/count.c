int count(void) { static int n; return ++n; }
#include <stdio.h>
__attribute__((constructor)) static void in(void) { puts("count comes"); }
__attribute__((destructor)) static void out(void) { puts("count goes"); }
