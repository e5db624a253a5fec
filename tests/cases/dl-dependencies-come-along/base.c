int base_value = 5; int base(void) { return base_value; }
#include <stdio.h>
__attribute__((constructor)) static void in(void) { puts("base comes"); }
__attribute__((destructor)) static void out(void) { puts("base goes"); }
