#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void mine(void) { puts("the program ends"); }
int main(void) {
    atexit(mine);
    void *handle = dlopen("libends.so", RTLD_NOW);
    ((void (*)(void))dlsym(handle, "more"))();
    dlclose(handle);
    puts("closed");
    return 0;
}
