#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
int save(const char *, const char *);
int main(void) {
  char text[100];
  FILE *file = fopen("data/in.txt", "r");
  if (!file || !fgets(text, sizeof text, file)) return 1;
  fclose(file);
  mkdir("made", 0777);
  printf("%d %d", save("/made/out.txt", text), save("../outside.txt", text));
  printf(" %d\n", fopen("not there", "r") == 0 && errno == ENOENT);
  return 0;
}
