#define _GNU_SOURCE
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each block is filled with a byte of its own, up to its usable size: overlap destroys another's. */
enum { BLOCKS = 700, STEPS = 200000 };
static struct block {
    unsigned char *memory;
    size_t size; /* that was filled */
    unsigned char byte;
} blocks[BLOCKS];
static uint32_t state = 12345;

static uint32_t random_number(void) {
    state ^= state << 13, state ^= state >> 17, state ^= state << 5;
    return state;
}

/* Mostly small, some around the borders between sizes, a few large. */
static size_t random_size(void) {
    uint32_t r = random_number();
    switch (r % 16) {
    case 0: return (r >> 8) % 200000;
    case 1: case 2: return (r >> 8) % 5000;
    case 3: return (16u << (r >> 8) % 14) - 6 + (r >> 20) % 12;
    case 4: return 0;
    default: return (r >> 8) % 300;
    }
}

static void fail(const char *what, int step, const struct block *b) {
    printf("step %d: %s: block of %zu bytes at %p\n", step, what, b->size, (void *)b->memory);
    exit(1);
}

static void check(const struct block *b, size_t size, int step) {
    for (size_t i = 0; i < size; i++)
        if (b->memory[i] != b->byte)
            fail("not what was written", step, b);
}

static void fill(struct block *b, size_t wanted, size_t alignment, int step) {
    if (b->memory == NULL)
        fail("NULL", step, b);
    if ((uintptr_t)b->memory % 16 != 0 || (uintptr_t)b->memory % alignment != 0)
        fail("not aligned", step, b);
    b->size = malloc_usable_size(b->memory);
    if (b->size < wanted)
        fail("too small", step, b);
    b->byte = random_number();
    memset(b->memory, b->byte, b->size);
}

int main(void) {
    for (int step = 0; step < STEPS; step++) {
        struct block *b = &blocks[random_number() % BLOCKS];
        size_t size = random_size(), alignment = 16;
        if (b->memory != NULL) {
            check(b, b->size, step);
            if (random_number() % 3 != 0) {
                free(b->memory);
                *b = (struct block){0};
                continue;
            }
            size_t old = b->size;
            b->memory = realloc(b->memory, size);
            if (b->memory == NULL)
                fail("NULL", step, b);
            check(b, old < size ? old : size, step);
        } else if (random_number() % 8 == 0) {
            alignment = 8u << random_number() % 12;
            if (random_number() % 2)
                b->memory = aligned_alloc(alignment, size);
            else if (posix_memalign((void **)&b->memory, alignment, size) != 0)
                fail("NULL", step, b);
        } else if (random_number() % 8 == 0) {
            b->memory = calloc(size, 1);
            if (b->memory != NULL)
                check(b, size, step);
        } else {
            b->memory = malloc(size);
        }
        fill(b, size, alignment, step);
    }
    for (int i = 0; i < BLOCKS; i++) {
        if (blocks[i].memory != NULL)
            check(&blocks[i], blocks[i].size, STEPS);
        free(blocks[i].memory);
    }
    /* All is free now: it is one piece again, up to what cannot be joined. */
    size_t pages = __builtin_wasm_memory_size(0);
    free(malloc((pages << 16) * 3 / 4));
    printf("joined again: %d\n", __builtin_wasm_memory_size(0) == pages);
    return 0;
}
