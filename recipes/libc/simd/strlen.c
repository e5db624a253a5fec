/* strlen, sixteen bytes at a time. Aligned blocks never reach beyond the end of memory, which is whole pages. */
#ifdef __wasm_simd128__

#include <stdint.h>
#include <string.h>
#include <wasm_simd128.h>

size_t strlen(const char *string) {
    uintptr_t offset = (uintptr_t)string % 16;
    const v128_t *block = (const v128_t *)((uintptr_t)string - offset);
    uint32_t ends = wasm_i8x16_bitmask(wasm_i8x16_eq(*block, wasm_i8x16_const_splat(0))) >> offset;
    if (ends != 0)
        return (size_t)__builtin_ctz(ends);
    do
        block++;
    while (wasm_i8x16_all_true(*block));
    ends = wasm_i8x16_bitmask(wasm_i8x16_eq(*block, wasm_i8x16_const_splat(0)));
    return (size_t)((const char *)block - string) + (size_t)__builtin_ctz(ends);
}

#else
#include "../../src/string/strlen.c"
#endif
