#include <dlfcn.h>
#include <stdio.h>

int main(void) {
    void *library = dlopen("libconvert.so", RTLD_NOW);
    if (!library) return puts(dlerror()), 1;
    int (*saturated)(double) = (int (*)(double))dlsym(library, "saturated");
    int (*truncated)(double) = (int (*)(double))dlsym(library, "truncated");
    printf("%d %d %d\n", saturated(1e12), saturated(-1e12), saturated(-2.75));
    printf("%d\n", truncated(42.9));
    return 0;
}
