#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>

typedef int (*function)(void);
typedef int *(*place_function)(void);

static int call(void *handle, const char *name) { return ((function)dlsym(handle, name))(); }

int main(void) {
    void *left = dlopen("libleft.so", RTLD_NOW | RTLD_LOCAL);
    void *right = dlopen("libright.so", RTLD_NOW | RTLD_LOCAL);
    if (!left || !right) return puts(dlerror()), 1;
    printf("names %c %c\n", call(left, "own"), call(right, "own"));
    int first = call(left, "step");
    int second = call(right, "step");
    printf("steps %d %d\n", first, second);
    int *from_left = ((place_function)dlsym(left, "place"))();
    int *from_right = ((place_function)dlsym(right, "place"))();
    printf("one count: %d\n", from_left == from_right);
    printf("seen by all: name %d, next %d\n", dlsym(RTLD_DEFAULT, "name") != NULL, dlsym(RTLD_DEFAULT, "next") != NULL);
    dlclose(left);
    printf("after the left one is closed: %d\n", call(right, "step"));
    return 0;
}
