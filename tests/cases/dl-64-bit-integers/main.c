#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    void *handle = dlopen("libi.so", RTLD_NOW);
    long long (*mix)(long long, int, unsigned long long) = (long long (*)(long long, int, unsigned long long))dlsym(handle, "mix");
    printf("%lld\n", mix(-5000000000LL, 3, 18000000000000000000ULL));
    printf("%lld\n", *(long long *)dlsym(handle, "large"));
    return 0;
}
