#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    void *handle = dlopen("libva.so", RTLD_NOW);
    int (*sum)(int, ...) = (int (*)(int, ...))dlsym(handle, "sum");
    char text[64];
    ((void (*)(char *, const char *, ...))dlsym(handle, "say"))(text, "%d-%s-%.2f", 7, "seven", 7.25);
    printf("%d %s\n", sum(4, 1, 2, 3, 4), text);
    return 0;
}
