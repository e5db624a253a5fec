#include <stdio.h>
#include <string.h>
int next(char *, int);
int main(void) {
  char line[100];
  while (next(line, sizeof line)) printf("%d\n", (int)strlen(line));
  printf("%d\n", feof(stdin) != 0);
  return 0;
}
