#include <stdio.h>
void b(int), d(double);
int main(void) {
  printf("main without a line's end, ");
  b(1);
  d(0.5);
  puts("main");
  b(2);
  return 0;
}
