int base(void); int top(void) { return base() + 1; }
#include <stdio.h>
__attribute__((constructor)) static void in(void) { puts("top comes"); }
__attribute__((destructor)) static void out(void) { puts("top goes"); }
