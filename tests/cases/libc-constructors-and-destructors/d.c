#include <stdio.h>
void b(void);
__attribute__((constructor)) static void begin(void) { puts("d begins"); }
__attribute__((destructor)) static void end(void) { puts("d ends"); }
void d(void) { b(); }
