#include <stdio.h>
#include <stdlib.h>
static char *text;
__attribute__((constructor)) static void comes(void) { puts("three comes"); text = malloc(16); }
__attribute__((destructor)) static void goes(void) { printf("three goes with %s\n", text); }
const char *three(int number) { snprintf(text, 16, "three %d", number); return text; }
