#include <stdlib.h>
int ascending(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
void sort(int *numbers, int count, int (*order)(const void *, const void *)) { qsort(numbers, count, sizeof(int), order); }
