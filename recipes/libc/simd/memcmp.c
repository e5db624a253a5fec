/* memcmp, sixteen bytes at a time; the last block overlaps the one before it. */
#ifdef __wasm_simd128__

#include <stdint.h>
#include <string.h>
#include <wasm_simd128.h>

static int differ_at(const unsigned char *one, const unsigned char *other, size_t at) {
    v128_t equal = wasm_i8x16_eq(wasm_v128_load(one + at), wasm_v128_load(other + at));
    if (wasm_i8x16_all_true(equal))
        return 0;
    at += (size_t)__builtin_ctz(~wasm_i8x16_bitmask(equal));
    return one[at] - other[at];
}

int memcmp(const void *one, const void *other, size_t count) {
    const unsigned char *a = one, *b = other;
    if (count < 16) {
        for (; count != 0 && *a == *b; count--)
            a++, b++;
        return count != 0 ? *a - *b : 0;
    }
    for (size_t at = 0; at < count - 16; at += 16) {
        int difference = differ_at(a, b, at);
        if (difference != 0)
            return difference;
    }
    return differ_at(a, b, count - 16);
}

#else
#include "../../src/string/memcmp.c"
#endif
