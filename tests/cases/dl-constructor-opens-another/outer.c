#include <dlfcn.h>
int result;
static void *handle;
__attribute__((constructor)) static void in(void) { handle = dlopen("libinner.so", RTLD_NOW); result = ((int (*)(void))dlsym(handle, "inner"))(); }
__attribute__((destructor)) static void out(void) { dlclose(handle); }
