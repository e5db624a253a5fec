#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    printf("%d\n", dlopen("libadd.so", RTLD_NOW | RTLD_GLOBAL) != NULL);
    void *user = dlopen("libuser.so", RTLD_NOW);
    printf("%s\n", user ? "opened" : dlerror());
    printf("%d %d\n", ((int (*)(void))dlsym(user, "use"))(), dlsym(RTLD_DEFAULT, "add") != NULL);
    return 0;
}
