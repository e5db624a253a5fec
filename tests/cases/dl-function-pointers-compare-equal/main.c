#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int (*function)(int, int);
int main(void) {
    void *add = dlopen("libadd.so", RTLD_NOW | RTLD_GLOBAL), *user = dlopen("libuser.so", RTLD_NOW);
    function from_user = ((function (*)(void))dlsym(user, "its_address"))();
    function from_add = ((function (*)(void))dlsym(add, "own_address"))();
    printf("%d %d %d\n", from_user == from_add, from_add == (function)dlsym(add, "add"), from_user(1, 2));
    return 0;
}
