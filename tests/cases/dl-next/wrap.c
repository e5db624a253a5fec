#define _GNU_SOURCE
#include <dlfcn.h>
int add(int a, int b) { return 100 * ((int (*)(int, int))dlsym(RTLD_NEXT, "add"))(a, b); }
