#include <stdio.h>
extern char buffer[];
int parse(const char *, int *);
int main(void) {
  int date[3];
  printf("%d", parse("2024/02/29", date));
  printf(" %d %d %d %s\n", date[0], date[1], date[2], buffer);
  return 0;
}
