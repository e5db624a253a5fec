#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    void *handle = dlopen("libouter.so", RTLD_NOW);
    printf("%s\n", handle ? "opened" : dlerror());
    printf("%d\n", *(int *)dlsym(handle, "result"));
    return 0;
}
