int add(int a, int b) { return a + b; }
#include <stdio.h>
__attribute__((constructor)) static void in(void) { puts("add comes"); }
__attribute__((destructor)) static void out(void) { puts("add goes"); }
