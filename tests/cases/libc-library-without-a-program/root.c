#include <stdio.h>
#include <stdlib.h>
int length(int n) { char *text = malloc(20); int size = snprintf(text, 20, "%d", n); free(text); return size; }
