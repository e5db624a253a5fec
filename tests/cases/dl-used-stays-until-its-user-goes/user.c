int add(int, int); int use(void) { return add(1, 2); }
#include <stdio.h>
__attribute__((constructor)) static void in(void) { puts("user comes"); }
__attribute__((destructor)) static void out(void) { puts("user goes"); }
