#include <stdio.h>
int part(int);
int main(int argc, char **argv) { printf("%s %d\n", argv[1], part(4)); return 3; }
