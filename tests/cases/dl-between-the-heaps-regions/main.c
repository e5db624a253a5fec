#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AREA = 200000, BLOCKS = 400 };
static char *blocks[BLOCKS];
static size_t sizes[BLOCKS];
static int count;

static int same(const char *memory, int byte, size_t size) {
    for (size_t i = 0; i < size; i++)
        if (memory[i] != (char)byte)
            return 0;
    return 1;
}

static void allocate(int n) {
    for (int i = 0; i < n; i++, count++) {
        sizes[count] = count % 3 ? 30000 + count * 7 : 50;
        blocks[count] = memset(malloc(sizes[count]), count, sizes[count]);
    }
}

static int right(void) {
    for (int i = 0; i < count; i++)
        if (!same(blocks[i], i, sizes[i]))
            return 0;
    return 1;
}

static char *open_and_fill(const char *name, int byte, void **handle) {
    *handle = dlopen(name, RTLD_NOW);
    if (*handle == NULL) {
        puts(dlerror());
        exit(1);
    }
    return ((char *(*)(int))dlsym(*handle, "fill"))(byte);
}

int main(void) {
    void *a, *b;
    char *in_a = open_and_fill("liba.so", 'a', &a); /* before the first malloc of this program */
    allocate(150); /* the heap goes from the initial memory to behind the library */
    char *in_b = open_and_fill("libb.so", 'b', &b);
    allocate(150);
    printf("%d %d %d\n", same(in_a, 'a', AREA), same(in_b, 'b', AREA), right());
    printf("the heap is on both sides: %d\n", blocks[0] < in_a && in_a < blocks[149] && blocks[149] < in_b && in_b < blocks[299]);
    dlclose(a);
    for (int i = 0; i < count; i += 2)
        free(blocks[i]), blocks[i] = malloc(sizes[i] * 2), memset(blocks[i], i, sizes[i] *= 2);
    in_a = open_and_fill("liba.so", 'A', &a); /* in its old place */
    for (int i = 1; i < count; i += 2)
        blocks[i] = realloc(blocks[i], sizes[i] + 100000), memset(blocks[i], i, sizes[i] += 100000);
    printf("%d %d %d\n", same(in_a, 'A', AREA), same(in_b, 'b', AREA), right());
    for (int i = 0; i < count; i++)
        free(blocks[i]);
    printf("%d %d\n", same(in_a, 'A', AREA), same(in_b, 'b', AREA));
    return 0;
}
