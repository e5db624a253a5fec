#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    void *handles[2];
    handles[0] = dlopen("libone.so", RTLD_NOW);
    handles[1] = dlopen("libtwo.so", RTLD_NOW);
    for (int round = 0; round < 3; round++)
        for (int i = 0; i < 2; i++)
            printf("%s:%d ", *(const char **)dlsym(handles[i], "name"), ((int (*)(void))dlsym(handles[i], "count"))());
    printf("%d\n", dlsym(handles[0], "count") != dlsym(handles[1], "count"));
    return 0;
}
