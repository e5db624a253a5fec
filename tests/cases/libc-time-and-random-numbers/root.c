#include <stdio.h>
#include <stdlib.h>
#include <time.h>
int getentropy(void *, size_t);
int main(void) {
  unsigned char bytes[32] = {0};
  int sum = 0, failed = getentropy(bytes, sizeof bytes);
  for (int i = 0; i < 32; i++) sum += bytes[i];
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  printf("%d %d %d\n", failed, sum > 0, time(0) > 1600000000);
  return 0;
}
