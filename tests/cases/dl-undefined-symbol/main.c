#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    printf("%s\n", dlopen("libuser.so", RTLD_LAZY) ? "opened" : dlerror());
    printf("%s\n", dlopen("libuser.so", RTLD_NOW) ? "opened" : dlerror());
    return 0;
}
