#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    printf("%p %s\n", dlopen("libadd.so", RTLD_NOW | RTLD_NOLOAD), dlerror());
    void *handle = dlopen("libadd.so", RTLD_NOW);
    printf("%d\n", dlopen("libadd.so", RTLD_NOW | RTLD_NOLOAD) == handle);
    printf("%d\n", dlopen("libc.so", RTLD_NOW | RTLD_NOLOAD) != NULL);
    return 0;
}
