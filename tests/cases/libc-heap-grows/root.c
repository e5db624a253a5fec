#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void) {
  char *blocks[40];
  for (int i = 0; i < 40; i++) {
    blocks[i] = malloc(1 << 20);
    if (!blocks[i]) return 1;
    memset(blocks[i], i, 1 << 20);
  }
  long sum = 0;
  for (int i = 0; i < 40; i++) { sum += blocks[i][0] + blocks[i][(1 << 20) - 1]; free(blocks[i]); }
  printf("%ld\n", sum);
  return 0;
}
