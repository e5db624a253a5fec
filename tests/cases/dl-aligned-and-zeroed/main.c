#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    for (int i = 0; i < 3; i++) {
        void *dirty = dlopen("libdirty.so", RTLD_NOW);
        dlclose(dirty);
        void *handle = dlopen("libaligned.so", RTLD_NOW);
        char *zeros = dlsym(handle, "zeros");
        int sum = 0;
        for (int k = 0; k < 5000; k++)
            sum += zeros[k];
        printf("%d %d\n", (int)((unsigned long)dlsym(handle, "aligned") % 1024), sum);
        dlclose(handle);
    }
    return 0;
}
