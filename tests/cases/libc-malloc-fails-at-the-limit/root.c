#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
void *volatile last; /* else the compiler leaves malloc out */
int main(void) {
  int n = 0;
  while ((last = malloc(1 << 18))) n++;
  printf("%d %d\n", n > 0 && n < 16, errno == ENOMEM);
  return 0;
}
