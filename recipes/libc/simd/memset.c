/* memset: up to 64 bytes by stores, more by the engine's own instruction. */
#ifdef __wasm_simd128__

#include <stdint.h>
#include <string.h>
#include <wasm_simd128.h>

#define ENDS(type, value)                                                                                              \
    do {                                                                                                               \
        type block = (value);                                                                                          \
        __builtin_memcpy_inline(to, &block, sizeof block);                                                             \
        __builtin_memcpy_inline(to + count - sizeof block, &block, sizeof block);                                      \
    } while (0)

void *memset(void *memory, int byte, size_t count) {
    char *to = memory;
    uint64_t eight = (uint64_t)(unsigned char)byte * 0x0101010101010101u;
    if (count >= 16) {
        v128_t sixteen = wasm_i8x16_splat((int8_t)byte);
        if (count > 64)
            return __builtin_memset(memory, byte, count); /* memory.fill */
        wasm_v128_store(to, sixteen);
        wasm_v128_store(to + count - 16, sixteen);
        if (count > 32) {
            wasm_v128_store(to + 16, sixteen);
            wasm_v128_store(to + count - 32, sixteen);
        }
    } else if (count >= 8)
        ENDS(uint64_t, eight);
    else if (count >= 4)
        ENDS(uint32_t, (uint32_t)eight);
    else if (count >= 2)
        ENDS(uint16_t, (uint16_t)eight);
    else if (count != 0)
        *to = (char)byte;
    return memory;
}

#else
#include "../../src/string/memset.c"
#endif
