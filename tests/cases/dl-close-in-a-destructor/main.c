#include <dlfcn.h>
#include <stdio.h>

int main(void) {
    for (int i = 0; i < 2; i++) {
        void *a = dlopen("liba.so", RTLD_NOW);
        if (!a) {
            puts(dlerror());
            return 1;
        }
        printf("closed a: %d\n", dlclose(a));
        printf("there: %d %d\n", dlopen("liba.so", RTLD_NOW | RTLD_NOLOAD) != NULL,
               dlopen("libb.so", RTLD_NOW | RTLD_NOLOAD) != NULL);
    }
    return 0;
}
