#include <assert.h>
#include <stdio.h>
int main(int argc, char **argv) { puts("before"); fflush(stdout); fclose(stderr); assert(argc == 7); return 0; }
