#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    printf("%d\n", dlerror() == NULL);
    dlopen("libnone.so", RTLD_NOW);
    dlsym(RTLD_DEFAULT, "malloc");
    printf("%s\n", dlerror());
    printf("%d\n", dlerror() == NULL);
    return 0;
}
