#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    void *handle = dlopen("libcount.so", RTLD_NOW | RTLD_NODELETE);
    int (*count)(void) = (int (*)(void))dlsym(handle, "count");
    printf("%d %d", count(), dlclose(handle));
    handle = dlopen("libcount.so", RTLD_NOW);
    printf(" %d\n", ((int (*)(void))dlsym(handle, "count"))());
    return 0;
}
