/* memchr, sixteen bytes at a time, with a length that may reach beyond the end of memory, as that of `memchr(s, c, -1)`. */
#ifdef __wasm_simd128__

#include <stdint.h>
#include <string.h>
#include <wasm_simd128.h>

void *memchr(const void *memory, int byte, size_t count) {
    v128_t wanted = wasm_i8x16_splat((int8_t)byte);
    uintptr_t offset = (uintptr_t)memory % 16;
    const v128_t *block = (const v128_t *)((uintptr_t)memory - offset);
    if (count == 0)
        return NULL;
    uint32_t found = wasm_i8x16_bitmask(wasm_i8x16_eq(*block, wanted)) >> offset;
    if (found != 0) {
        size_t at = (size_t)__builtin_ctz(found);
        return at < count ? (char *)memory + at : NULL;
    }
    for (size_t seen = 16 - offset; seen < count; seen += 16) {
        found = wasm_i8x16_bitmask(wasm_i8x16_eq(*++block, wanted));
        if (found != 0) {
            size_t at = seen + (size_t)__builtin_ctz(found);
            return at < count ? (char *)memory + at : NULL;
        }
    }
    return NULL;
}

#else
#include "../../src/string/memchr.c"
#endif
