#include <stdio.h>
int down(int (*)(int), int);
static int step(int n) { volatile char frame[512]; frame[0] = 0; return n == 0 ? 0 : down(step, n) + frame[0]; }
int main(void) { printf("%d\n", step(10000)); return 0; }
