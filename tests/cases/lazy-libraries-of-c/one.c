#include <stdio.h>
#include <stdlib.h>
static char *text;
__attribute__((constructor)) static void comes(void) { puts("one comes"); text = malloc(16); }
__attribute__((destructor)) static void goes(void) { printf("one goes with %s\n", text); }
const char *one(int number) { snprintf(text, 16, "one %d", number); return text; }
