#include <stdlib.h>
#include <string.h>

char *copy(const char *text) { return strcpy(malloc(strlen(text) + 1), text); }
