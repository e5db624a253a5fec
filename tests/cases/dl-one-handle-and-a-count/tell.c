int x;
#include <stdio.h>
__attribute__((constructor)) static void in(void) { puts("it comes"); }
__attribute__((destructor)) static void out(void) { puts("it goes"); }
