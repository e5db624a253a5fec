#include <stdio.h>
#include <stdlib.h>
static char *text;
__attribute__((constructor)) static void comes(void) { puts("two comes"); text = malloc(16); }
__attribute__((destructor)) static void goes(void) { printf("two goes with %s\n", text); }
const char *two(int number) { snprintf(text, 16, "two %d", number); return text; }
