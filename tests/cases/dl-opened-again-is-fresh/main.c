#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    for (int i = 0; i < 3; i++) {
        void *handle = dlopen("libstate.so", RTLD_NOW);
        int (*next)(void) = (int (*)(void))dlsym(handle, "next");
        next();
        printf("%d %s\n", next(), *(const char **)dlsym(handle, "text"));
        dlclose(handle);
    }
    return 0;
}
