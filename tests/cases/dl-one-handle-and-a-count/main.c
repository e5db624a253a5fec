#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    void *first = dlopen("libtell.so", RTLD_NOW), *second = dlopen("libtell.so", RTLD_LAZY);
    printf("%d\n", first == second);
    printf("%d\n", dlclose(first));
    puts("closed once");
    printf("%d\n", dlclose(second));
    puts("closed twice");
    printf("%d %s\n", dlclose(second), dlerror());
    return 0;
}
