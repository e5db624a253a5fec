#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    void *handle = dlopen("libadd.so", RTLD_NOW | RTLD_LOCAL);
    printf("%d %d\n", dlsym(handle, "add") != NULL, dlsym(RTLD_DEFAULT, "add") != NULL);
    puts(dlerror());
    printf("%s\n", dlopen("libuser.so", RTLD_NOW) ? "opened" : dlerror());
    return 0;
}
