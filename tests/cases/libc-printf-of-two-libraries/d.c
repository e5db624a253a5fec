#include <stdio.h>
void d(double x) { fputs("d ", stdout); printf("%.2f %s\n", x, "text"); }
