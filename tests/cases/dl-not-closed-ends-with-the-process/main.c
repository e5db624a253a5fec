#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    puts(dlopen("libtell.so", RTLD_NOW) ? "opened" : dlerror());
    return 3;
}
