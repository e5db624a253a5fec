#include <stdio.h>
#include <stdlib.h>
void leave(int);
static void last(void) { printf("last\n"); }
int main(void) {
  atexit(last);
  printf("no line's end, ");
  leave(7);
  printf("not reached\n");
  return 0;
}
