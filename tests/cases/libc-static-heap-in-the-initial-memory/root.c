#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fill(size_t size) {
    void *last = NULL;
    int n = 0;
    for (void **p; (p = malloc(size)) != NULL; n++) {
        memset(p, 0x55, size);
        *p = last;
        last = p;
    }
    printf("%zu: at least 14 MiB: %d, ENOMEM: %d\n", size, n * (size + 4) >= (14u << 20), errno == ENOMEM);
    errno = 0;
    while (last != NULL) {
        void *next = *(void **)last;
        free(last);
        last = next;
    }
    return n;
}

int main(void) {
    int first = fill(100000);
    fill(1 << 20);
    fill(1000);
    fill(60);
    printf("again as much: %d\n", fill(100000) >= first);
    char *volatile all = malloc(14 << 20); /* else the compiler leaves malloc out */
    printf("in one piece: %d\n", all != NULL);
    printf("memory is as large as at the start: %d\n", __builtin_wasm_memory_size(0) == 256);
    return 0;
}
