#include <stdlib.h>
#include <string.h>
char *make(const char *text) { char *copy = malloc(strlen(text) + 1); strcpy(copy, text); return copy; }
