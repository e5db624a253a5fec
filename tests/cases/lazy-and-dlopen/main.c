#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
int one(void), two(void), three(void);
typedef int (*fn)(void);
int main(void) {
    fn before = one;
    printf("%d %s\n", dlopen("libone.so", RTLD_NOW | RTLD_NOLOAD) != NULL, dlerror());
    void *handle = dlopen("libone.so", RTLD_NOW);
    printf("opened %d\n", dlopen("libone.so", RTLD_NOW | RTLD_NOLOAD) == handle);
    printf("%d %d\n", dlsym(handle, "one") == (void *)before, before());
    printf("%d %d %d\n", dlclose(handle), dlclose(handle), one());
    int *data = dlsym(RTLD_DEFAULT, "two_data");
    printf("%d %d\n", *data, ((fn)dlsym(RTLD_DEFAULT, "unused_two"))());
    void *plug = dlopen("libplug.so", RTLD_NOW);
    printf("%d\n", ((fn)dlsym(plug, "plug"))());
    printf("%d\n", three());
    return 0;
}
