#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    printf("%s\n", dlopen("libtop.so", RTLD_NOW) ? "opened" : dlerror());
    printf("%s\n", dlopen("libnone.so", RTLD_NOW) ? "opened" : dlerror());
    printf("%s\n", dlopen("libadd.so", RTLD_NOW) ? "opened" : dlerror());
    return 0;
}
