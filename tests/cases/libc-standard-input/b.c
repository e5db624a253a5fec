#include <stdio.h>
int next(char *line, int size) { return fgets(line, size, stdin) != 0; }
