#include <stdio.h>
char buffer[32];
const char *const format = "%d/%d/%d";
int parse(const char *text, int *out) { sprintf(buffer, "<%s>", text); return sscanf(text, format, out, out + 1, out + 2); }
