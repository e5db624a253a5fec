#include <stdlib.h>
int (*volatile pointer)(int) = abs;
int distance(int a, int b) { return pointer(a - b); }
