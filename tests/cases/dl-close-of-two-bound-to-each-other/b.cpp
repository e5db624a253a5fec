#include <stdio.h>
inline int shared = 1;
extern "C" int b_next(void) { return ++shared; }
__attribute__((destructor)) static void gone(void) { puts("b is gone"); }
