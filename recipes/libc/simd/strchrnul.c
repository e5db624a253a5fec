/* strchrnul, of which strchr is made, sixteen bytes at a time: never a byte of a block that begins behind the end. */
#ifdef __wasm_simd128__

#include <stdint.h>
#include <string.h>
#include <wasm_simd128.h>

static uint32_t found_in(v128_t block, v128_t wanted) {
    v128_t zero = wasm_i8x16_eq(block, wasm_i8x16_const_splat(0));
    return wasm_i8x16_bitmask(wasm_v128_or(wasm_i8x16_eq(block, wanted), zero));
}

char *__strchrnul(const char *string, int byte) {
    v128_t wanted = wasm_i8x16_splat((int8_t)byte);
    uintptr_t offset = (uintptr_t)string % 16;
    const v128_t *block = (const v128_t *)((uintptr_t)string - offset);
    uint32_t found = found_in(*block, wanted) >> offset;
    if (found != 0)
        return (char *)string + __builtin_ctz(found);
    do
        found = found_in(*++block, wanted);
    while (found == 0);
    return (char *)block + __builtin_ctz(found);
}

char *strchrnul(const char *, int) __attribute__((__weak__, __alias__("__strchrnul")));

#else
#include "../../src/string/strchrnul.c"
#endif
