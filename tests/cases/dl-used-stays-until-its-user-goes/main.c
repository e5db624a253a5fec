#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    void *add = dlopen("libadd.so", RTLD_NOW | RTLD_GLOBAL), *user = dlopen("libuser.so", RTLD_NOW);
    dlclose(add);
    puts("add closed");
    printf("%d\n", ((int (*)(void))dlsym(user, "use"))());
    dlclose(user);
    puts("user closed");
    return 0;
}
