/* memrchr, of which strrchr is made, sixteen bytes at a time from the end. */
#ifdef __wasm_simd128__

#include <stdint.h>
#include <string.h>
#include <wasm_simd128.h>

void *__memrchr(const void *memory, int byte, size_t count) {
    v128_t wanted = wasm_i8x16_splat((int8_t)byte);
    const char *bytes = memory;
    for (; count >= 16; count -= 16) {
        uint32_t found = wasm_i8x16_bitmask(wasm_i8x16_eq(wasm_v128_load(bytes + count - 16), wanted));
        if (found != 0)
            return (char *)bytes + count - 16 + (31 - __builtin_clz(found));
    }
    while (count-- != 0)
        if (bytes[count] == (char)byte)
            return (char *)bytes + count;
    return NULL;
}

void *memrchr(const void *, int, size_t) __attribute__((__weak__, __alias__("__memrchr")));

#else
#include "../../src/string/memrchr.c"
#endif
