#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    void *a = dlopen("liba.so", RTLD_NOW);
    void *where_a = dlsym(a, "room");
    dlclose(a);
    void *b = dlopen("libb.so", RTLD_NOW);
    printf("%d %d\n", dlsym(b, "room") == where_a, ((char *)dlsym(b, "room"))[70000]);
    return 0;
}
