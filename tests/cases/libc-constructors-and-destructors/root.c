#include <stdio.h>
void d(void);
__attribute__((constructor)) static void begin(void) { puts("main begins"); }
__attribute__((destructor)) static void end(void) { puts("main ends"); }
int main(void) { d(); puts("main"); return 0; }
