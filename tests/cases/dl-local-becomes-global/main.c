#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    void *handle = dlopen("libadd.so", RTLD_NOW | RTLD_LOCAL);
    printf("%d", dlsym(RTLD_DEFAULT, "add") != NULL);
    printf(" %d", dlopen("libadd.so", RTLD_NOW | RTLD_GLOBAL | RTLD_NOLOAD) == handle);
    printf(" %d\n", dlsym(RTLD_DEFAULT, "add") != NULL);
    return 0;
}
