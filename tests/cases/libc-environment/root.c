#include <stdio.h>
#include <stdlib.h>
const char *look(const char *);
extern char **environ;
int main(void) {
  int count = 0;
  while (environ[count]) count++;
  printf("%d [%s] [%s] %d\n", count, look("COLOUR"), look("EMPTY"), look("PATH") != 0);
  setenv("COLOUR", "red", 1);
  printf("[%s]\n", look("COLOUR"));
  return 0;
}
