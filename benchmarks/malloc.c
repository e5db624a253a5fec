/* What benchmarks/malloc.py times. Each load is deterministic; `_start` is not used, each process runs one load once. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static uint32_t state = 2463534242u;

static uint32_t random_number(void) {
    state ^= state << 13, state ^= state >> 17, state ^= state << 5;
    return state;
}

static void *some(size_t size) {
    char *p = malloc(size);
    if (p == NULL)
        __builtin_trap();
    p[0] = p[size - 1] = 1;
    return p;
}

static size_t mixed_size(void) {
    uint32_t r = random_number();
    return 1 + (r % 64 == 0 ? (r >> 8) % 40000 : r % 8 == 0 ? (r >> 8) % 2000 : (r >> 8) % 200);
}

/* One size, taken and given back in turns, a hundred at a time. */
static void fixed(void) {
    void *p[100];
    for (int round = 0; round < 30000; round++) {
        for (int i = 0; i < 100; i++)
            p[i] = some(40);
        for (int i = 0; i < 100; i++)
            free(p[i]);
    }
}

/* Sizes and lifetimes at random. */
static void mixed(void) {
    static void *p[5000];
    for (int i = 0; i < 2000000; i++) {
        void **one = &p[random_number() % 5000];
        free(*one);
        *one = some(mixed_size());
    }
}

/* A hundred buffers that grow by a half, in turns. */
static void growing(void) {
    for (int round = 0; round < 300; round++) {
        char *p[100] = {0};
        for (size_t size = 16; size < 20000; size += size / 2)
            for (int i = 0; i < 100; i++) {
                p[i] = realloc(p[i], size);
                p[i][size - 1] = 1;
            }
        for (int i = 0; i < 100; i++)
            free(p[i]);
    }
}

/* One buffer that grows by a line at a time, as text that is read does. */
static void appending(void) {
    for (int round = 0; round < 20; round++) {
        char *p = NULL;
        for (size_t size = 80; size < 2000000; size += 80) {
            p = realloc(p, size);
            p[size - 1] = 1;
        }
        free(p);
    }
}

/* Half a million small objects at once, freed in another order: a tree or a table. */
static void live(void) {
    static void *p[500000];
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 500000; i++)
            p[i] = some(16 + random_number() % 64);
        for (int i = 0; i < 500000; i++)
            free(p[(i * 7919u) % 500000]);
    }
}

/* Objects of one size, of which every second one stays; then larger ones, again and again. */
static void fragments(void) {
    static void *p[12][40000];
    for (int round = 0; round < 12; round++) {
        for (int i = 0; i < 40000; i++)
            p[round][i] = some(24 + 40 * round);
        for (int i = 0; i < 40000; i++)
            if (i % 2 == 0 || round % 3 == 1) {
                free(p[round][i]);
                p[round][i] = NULL;
            }
    }
}

static void (*const loads[])(void) = {fixed, mixed, growing, appending, live, fragments};

/* Run a load; the memory that the process has then, in pages of 64 KiB: memory never becomes less. */
int run(int load) {
    size_t before = __builtin_wasm_memory_size(0);
    loads[load]();
    return __builtin_wasm_memory_size(0) - before;
}
