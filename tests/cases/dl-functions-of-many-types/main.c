#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    void *handle = dlopen("libtypes.so", RTLD_NOW);
    printf("%g\n", ((double (*)(double, float))dlsym(handle, "scale"))(1.5, 2.0f));
    printf("%g\n", (double)((float (*)(void))dlsym(handle, "third"))());
    ((void (*)(int *))dlsym(handle, "set"))(&(int){0});
    struct pair { int a; double b; };
    struct pair swapped = ((struct pair (*)(struct pair))dlsym(handle, "twice"))((struct pair){2, 2.5});
    printf("%d %g\n", swapped.a, swapped.b);
    return 0;
}
