#include <dlfcn.h>
#include <stdio.h>

int main(void) {
    const char *names[] = {"global.so", "large.so", "strange.so"};
    for (int i = 0; i < 3; i++) printf("%p %s\n", dlopen(names[i], RTLD_NOW), dlerror());
    return 0;
}
