/* strcmp, sixteen bytes at a time while neither string is at the end of memory: any byte below that may be read. */
#ifdef __wasm_simd128__

#include <stdint.h>
#include <string.h>
#include <wasm_simd128.h>

int strcmp(const char *one, const char *other) {
    const unsigned char *a = (const unsigned char *)one, *b = (const unsigned char *)other;
    if (*a != *b || *a == 0) /* most strings differ there */
        return *a - *b;
    uintptr_t last = a > b ? (uintptr_t)a : (uintptr_t)b;
    uint64_t room = (uint64_t)__builtin_wasm_memory_size(0) * 65536 - last;
    for (; room >= 16; room -= 16, a += 16, b += 16) {
        v128_t left = wasm_v128_load(a), equal = wasm_i8x16_eq(left, wasm_v128_load(b));
        v128_t ends = wasm_i8x16_eq(left, wasm_i8x16_const_splat(0));
        uint32_t stop = wasm_i8x16_bitmask(wasm_v128_or(wasm_v128_not(equal), ends));
        if (stop != 0) {
            int at = __builtin_ctz(stop);
            return a[at] - b[at];
        }
    }
    for (; *a == *b && *a != 0; a++)
        b++;
    return *a - *b;
}

#else
#include "../../src/string/strcmp.c"
#endif
