#include <stdlib.h>
#include <string.h>
char *extend(char *text, const char *more) { text = realloc(text, strlen(text) + strlen(more) + 1); return strcat(text, more); }
