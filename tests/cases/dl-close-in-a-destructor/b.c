#include <stdio.h>
__attribute__((destructor)) static void gone(void) { puts("b is gone"); }
int b(void) { return 1; }
