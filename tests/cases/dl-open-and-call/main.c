#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    void *handle = dlopen("libadd.so", RTLD_NOW);
    int (*add)(int, int) = (int (*)(int, int))dlsym(handle, "add");
    printf("%d\n", add(40, 2));
    return dlclose(handle);
}
