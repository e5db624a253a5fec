#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void tell(const char *what, const void *address) {
    Dl_info info;
    if (dladdr(address, &info))
        printf("%s: %s %s\n", what, strrchr(info.dli_fname, '/') + 1, info.dli_sname ? info.dli_sname : "-");
    else
        printf("%s: nobody\n", what);
}
int main(void) {
    void *handle = dlopen("libdata.so", RTLD_NOW);
    tell("function", dlsym(handle, "function"));
    tell("data", dlsym(handle, "array"));
    tell("inside", (char *)dlsym(handle, "array") + 10);
    tell("libc", (void *)malloc);
    tell("heap", malloc(10));
    tell("null", NULL);
    return 0;
}
