#include <dlfcn.h>
#include <stdio.h>

static void once(void) {
    void *a = dlopen("liba.so", RTLD_NOW);
    if (!a) {
        puts(dlerror());
        return;
    }
    int (*next)(void) = (int (*)(void))dlsym(a, "a_next");
    printf("%d %d\n", next(), next());
    printf("closed: %d\n", dlclose(a));
    printf("b is there: %d\n", dlopen("libb.so", RTLD_NOW | RTLD_NOLOAD) != NULL);
}

int main(void) {
    once();
    once();
    return 0;
}
