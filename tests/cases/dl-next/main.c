#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int add(int, int);
int main(void) {
    printf("%d\n", add(1, 2));
    return 0;
}
