#include <stdio.h>
void b(int n) { printf("b %d\n", n); }
