#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
int found;
int own(void) { return 1; }
__attribute__((constructor)) static void in(void) { found = dlsym(RTLD_DEFAULT, "own") != NULL && dlopen("libself.so", RTLD_NOW | RTLD_NOLOAD) != NULL; }
__attribute__((destructor)) static void out(void) { }
