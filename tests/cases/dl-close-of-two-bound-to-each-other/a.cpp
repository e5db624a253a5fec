#include <stdio.h>
inline int shared = 1; // one in the process: the definition here is the first, so the other library is bound to it
extern "C" int b_next(void);
extern "C" int a_next(void) { return 10 * b_next() + ++shared; }
__attribute__((destructor)) static void gone(void) { puts("a is gone"); }
