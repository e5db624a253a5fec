#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    void *handle = dlopen("libself.so", RTLD_NOW);
    printf("%d\n", *(int *)dlsym(handle, "found"));
    return dlclose(handle);
}
