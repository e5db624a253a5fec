#include <stdlib.h>
void call_back(void (*f)(void *), void *p) { f(p); }
void sort_with(int (*compare)(const void *, const void *)) {
  int numbers[] = {3, 1, 2};
  qsort(numbers, 3, sizeof *numbers, compare);
}
