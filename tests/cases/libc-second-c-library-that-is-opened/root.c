#include <dlfcn.h>
#include <stdio.h>
int main(void) {
    puts(dlopen("libc2.so", RTLD_NOW) != NULL ? "opened" : dlerror());
    puts(dlopen("libc.so", RTLD_NOW) != NULL ? "its own is opened" : dlerror());
    return 0;
}
