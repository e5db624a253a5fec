/* memcpy and memmove: up to 64 bytes by loads and stores, which may overlap as all is loaded before anything is stored;
 * more by the engine's own instruction, whose call costs more than that. */
#ifdef __wasm_simd128__

#include <stdint.h>
#include <string.h>
#include <wasm_simd128.h>

/* Two blocks, from the start and to the end, which cover all. */
#define ENDS(type)                                                                                                     \
    do {                                                                                                               \
        type first, last;                                                                                              \
        __builtin_memcpy_inline(&first, from, sizeof first);                                                           \
        __builtin_memcpy_inline(&last, from + count - sizeof last, sizeof last);                                       \
        __builtin_memcpy_inline(to, &first, sizeof first);                                                             \
        __builtin_memcpy_inline(to + count - sizeof last, &last, sizeof last);                                         \
    } while (0)

static inline void move(char *to, const char *from, size_t count) {
    if (count >= 16) {
        if (count > 32) {
            if (count > 64) {
                __builtin_memmove(to, from, count); /* memory.copy */
                return;
            }
            v128_t a = wasm_v128_load(from), b = wasm_v128_load(from + 16);
            v128_t c = wasm_v128_load(from + count - 32), d = wasm_v128_load(from + count - 16);
            wasm_v128_store(to, a);
            wasm_v128_store(to + 16, b);
            wasm_v128_store(to + count - 32, c);
            wasm_v128_store(to + count - 16, d);
            return;
        }
        ENDS(v128_t);
    } else if (count >= 8)
        ENDS(uint64_t);
    else if (count >= 4)
        ENDS(uint32_t);
    else if (count >= 2)
        ENDS(uint16_t);
    else if (count != 0)
        *to = *from;
}

void *memcpy(void *restrict to, const void *restrict from, size_t count) {
    move(to, from, count);
    return to;
}

void *memmove(void *to, const void *from, size_t count) {
    move(to, from, count);
    return to;
}

#else
#include "../../src/string/memcpy.c"
#include "../../src/string/memmove.c"
#endif
