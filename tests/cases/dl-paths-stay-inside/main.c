#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    const char *paths[] = {"/etc/passwd", "../libadd.so", "./text.so", "/../../text.so", "sub/../../libadd.so", "/"};
    for (int i = 0; i < 6; i++)
        printf("%s\n", dlopen(paths[i], RTLD_NOW) ? "opened" : dlerror());
    return 0;
}
