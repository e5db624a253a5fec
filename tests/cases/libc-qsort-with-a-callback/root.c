#include <stdio.h>
#include <stdlib.h>
int descending(const void *, const void *);
static int ascending(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
int main(void) {
  int numbers[] = {3, 1, 2, 5, 4};
  qsort(numbers, 5, sizeof *numbers, descending);
  for (int i = 0; i < 5; i++) printf("%d ", numbers[i]);
  qsort(numbers, 5, sizeof *numbers, ascending);
  for (int i = 0; i < 5; i++) printf("%d ", numbers[i]);
  putchar('\n');
  return 0;
}
