#include <dlfcn.h>
#include <stdio.h>

typedef double (*wide_function)(
    int, long long, float, double, int, int, int, int, int, int, int, long long, double);

int main(void) {
    void *library = dlopen("libwide.so", RTLD_NOW);
    if (!library) return puts(dlerror()), 1;
    wide_function wide = (wide_function)dlsym(library, "wide");
    printf("%.2f\n", wide(1, 2, 3.5f, 4.25, 5, 6, 7, 8, 9, 10, 11, 4294967296LL, 13));
    return 0;
}
