#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    unsigned long first = 0;
    for (int i = 0; i < 10000; i++) {
        void *handle = dlopen("libbig.so", RTLD_NOW);
        if (handle == NULL)
            return puts(dlerror());
        int (*use)(void) = (int (*)(void))dlsym(handle, "use");
        if (use() != 1)
            return puts("its data is not fresh");
        dlclose(handle);
        if (i == 0)
            first = __builtin_wasm_memory_size(0);
    }
    printf("%lu pages more\n", __builtin_wasm_memory_size(0) - first);
    return 0;
}
