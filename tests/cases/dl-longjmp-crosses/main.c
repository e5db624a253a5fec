#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
static jmp_buf back;
static void jump(int value) { longjmp(back, value); }
int main(void) {
    void *handle = dlopen("libjump.so", RTLD_NOW);
    int came = setjmp(back);
    printf("%d\n", came);
    if (came == 0)
        ((void (*)(jmp_buf, int))dlsym(handle, "leave"))(back, 5);
    printf("%d\n", ((int (*)(void (*)(int), jmp_buf *))dlsym(handle, "guard"))(jump, &back));
    return 0;
}
