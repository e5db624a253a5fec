#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char huge[1 << 20];
int main(void) {
    memset(huge, 'x', sizeof huge - 1);
    void *closed = dlopen("libadd.so", RTLD_NOW);
    dlclose(closed);
    printf("%p %s\n", dlsym(closed, "add"), dlerror());
    printf("%d %s\n", dlclose(closed), dlerror());
    printf("%d %s\n", dlclose(NULL), dlerror());
    printf("%d %s\n", dlclose((void *)0x7fffffff), dlerror());
    printf("%p %s\n", dlopen(huge, RTLD_NOW), dlerror());
    printf("%p %s\n", dlsym(RTLD_DEFAULT, huge), dlerror());
    printf("%p %s\n", dlsym(RTLD_DEFAULT, NULL), dlerror());
    printf("%p %s\n", dlopen((const char *)0xfffffff0, RTLD_NOW), dlerror());
    printf("%p %s\n", dlopen("\xff\xfe", RTLD_NOW), dlerror());
    printf("%p %s\n", dlopen("libadd.so", 0), dlerror());
    printf("%p %s\n", dlopen("libadd.so", 0x10000002), dlerror());
    printf("%p %s\n", dlopen("main.c", RTLD_NOW), dlerror());
    puts("still here");
    return 0;
}
