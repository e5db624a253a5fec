#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int descending(const void *a, const void *b) { return *(const int *)b - *(const int *)a; }
int main(void) {
    void *handle = dlopen("liborder.so", RTLD_NOW);
    int numbers[] = {3, 1, 4, 1, 5, 9, 2, 6};
    qsort(numbers, 8, sizeof(int), (int (*)(const void *, const void *))dlsym(handle, "ascending"));
    for (int i = 0; i < 8; i++)
        printf("%d ", numbers[i]);
    ((void (*)(int *, int, int (*)(const void *, const void *)))dlsym(handle, "sort"))(numbers, 8, descending);
    for (int i = 0; i < 8; i++)
        printf("%d ", numbers[i]);
    puts("");
    return 0;
}
