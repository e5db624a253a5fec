/* strspn and strcspn, of which strpbrk, strsep and strtok are made: which bytes of a block are in a set is two table
 * look-ups, by the low four bits of each byte, for the eight sets of bytes with equal high bits, twice. */
#ifdef __wasm_simd128__

#include <stdint.h>
#include <string.h>
#include <wasm_simd128.h>

struct set {
    v128_t low, high; /* for bytes below 0x80, and above: at a byte's low four bits, a bit for each value of the next three */
};

static struct set set_of(const char *bytes) {
    uint8_t tables[2][16] = {0};
    for (const unsigned char *byte = (const unsigned char *)bytes; *byte != 0; byte++)
        tables[*byte >> 7][*byte & 15] |= (uint8_t)(1 << (*byte >> 4 & 7));
    return (struct set){wasm_v128_load(tables[0]), wasm_v128_load(tables[1])};
}

/* A bit for each byte of the block that is in the set. */
static uint32_t members(struct set set, v128_t block) {
    const v128_t bits = wasm_u8x16_const(1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128);
    v128_t row = wasm_v128_and(block, wasm_i8x16_const_splat(15)), column = wasm_u8x16_shr(block, 4);
    v128_t is_high = wasm_i8x16_shr(block, 7);
    v128_t sets = wasm_v128_bitselect(wasm_i8x16_swizzle(set.high, row), wasm_i8x16_swizzle(set.low, row), is_high);
    return ~wasm_i8x16_bitmask(wasm_i8x16_eq(wasm_v128_and(sets, wasm_i8x16_swizzle(bits, column)), wasm_i8x16_const_splat(0)));
}

/* How many bytes come first that are members where `inside` is ~0, and no members nor the end where it is 0. */
static size_t span(const char *string, struct set set, uint32_t inside) {
    uintptr_t offset = (uintptr_t)string % 16;
    const v128_t *block = (const v128_t *)((uintptr_t)string - offset);
    uint32_t ends = wasm_i8x16_bitmask(wasm_i8x16_eq(*block, wasm_i8x16_const_splat(0)));
    uint32_t stop = (((members(set, *block) ^ inside) | ends) & 0xffff) >> offset;
    if (stop != 0)
        return (size_t)__builtin_ctz(stop);
    do {
        block++;
        ends = wasm_i8x16_bitmask(wasm_i8x16_eq(*block, wasm_i8x16_const_splat(0)));
        stop = ((members(set, *block) ^ inside) | ends) & 0xffff;
    } while (stop == 0);
    return (size_t)((const char *)block - string) + (size_t)__builtin_ctz(stop);
}

size_t strspn(const char *string, const char *accepted) {
    if (accepted[0] == '\0')
        return 0;
    return span(string, set_of(accepted), ~0u);
}

size_t strcspn(const char *string, const char *refused) {
    char *strchrnul(const char *, int);
    if (refused[0] == '\0' || refused[1] == '\0')
        return (size_t)(strchrnul(string, refused[0]) - string);
    return span(string, set_of(refused), 0);
}

#else
#include "../../src/string/strcspn.c"
#undef BITOP
#include "../../src/string/strspn.c"
#endif
