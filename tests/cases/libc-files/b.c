#include <stdio.h>
int save(const char *path, const char *text) {
  FILE *file = fopen(path, "w");
  if (!file) return -1;
  fputs(text, file);
  return fclose(file);
}
