#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    char here;
    void *handle = dlopen("libstack.so", RTLD_NOW);
    char *(*where)(int) = (char *(*)(int))dlsym(handle, "where");
    printf("%d %d\n", where(1) < &here, where(100) < where(1));
    return 0;
}
