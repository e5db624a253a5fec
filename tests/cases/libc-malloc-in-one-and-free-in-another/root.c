#include <stdio.h>
#include <stdlib.h>
char *make(const char *), *extend(char *, const char *);
int main(void) {
  char *text = extend(make("one"), ", two");
  puts(text);
  free(text);
  for (int i = 0; i < 20000; i++) { /* 20 GB in all: only if it is given back */
    char *block = realloc(make("x"), 1000000);
    if (!block) return 1;
    free(block);
  }
  return 0;
}
