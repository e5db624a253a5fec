#include <dlfcn.h>
#include <stdio.h>
static void *b;
static void last(void) { puts("a's last words"); }
static void (*volatile words)(void) = last; // called through the table, where a library that has left is null
__attribute__((constructor)) static void open_b(void) { b = dlopen("libb.so", RTLD_NOW); }
__attribute__((destructor)) static void close_b(void) {
    printf("closing b: %d\n", dlclose(b));
    words();
}
