#include <errno.h>
#include <stdio.h>
#include <limits.h>
int fail(void);
long parse(const char *);
int main(void) {
  fail();
  printf("%d", errno == ERANGE);
  errno = 0;
  long value = parse("99999999999999999999");
  printf(" %d %d\n", errno == ERANGE, value == LONG_MAX);
  return 0;
}
