#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int value = 77;
int main(void) {
    void *self = dlopen(NULL, RTLD_LAZY);
    printf("%d %d\n", *(int *)dlsym(self, "value"), dlsym(self, "malloc") != NULL);
    printf("%d %s\n", dlsym(self, "no_such_symbol") != NULL, dlerror());
    return dlclose(self);
}
