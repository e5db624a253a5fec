#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    void *top = dlopen("libtop.so", RTLD_NOW);
    printf("%s\n", top ? "opened" : dlerror());
    printf("%d\n", ((int (*)(void))dlsym(top, "top"))());
    printf("%d\n", *(int *)dlsym(top, "base_value"));
    void *base = dlopen("libbase.so", RTLD_NOW | RTLD_NOLOAD);
    printf("%d\n", base != NULL);
    dlclose(top);
    puts("top closed");
    dlclose(base);
    puts("base closed");
    return 0;
}
