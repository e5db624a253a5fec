#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int ready;
int main(void) {
    void *handle = dlopen("libfussy.so", RTLD_NOW);
    printf("%d\n%s\n", handle != NULL, strtok(dlerror(), "\n")); /* then come frames, with the engine's offsets */
    printf("%d %s\n", dlopen("libfussy.so", RTLD_NOW | RTLD_NOLOAD) != NULL, dlerror());
    ready = 1;
    handle = dlopen("libfussy.so", RTLD_NOW);
    printf("%s %d\n", handle ? "opened" : dlerror(), *(int *)dlsym(handle, "runs"));
    return dlclose(handle);
}
