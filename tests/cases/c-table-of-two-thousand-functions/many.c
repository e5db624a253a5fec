#include "thousand.h"
#define ONE(n) static int f##n(int x) { return x + n; }
THOUSAND
#undef ONE
#define ONE(n) f##n,
int (*many[])(int) = {THOUSAND};
#undef ONE
#define ONE(n) int far##n(void) { return 3 * n; }
THOUSAND
