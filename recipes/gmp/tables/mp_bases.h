/* Numbers, as upstream's gen-bases prints them for limbs of 32 bits without nails. For base 10. */
#define MP_BASES_CHARS_PER_LIMB_10 9
#define MP_BASES_BIG_BASE_CTZ_10 9
#define MP_BASES_BIG_BASE_10 0x3b9aca00
#define MP_BASES_BIG_BASE_INVERTED_10 0x12e0be82
#define MP_BASES_BIG_BASE_BINVERTED_10 0x3a2e9c6d
#define MP_BASES_NORMALIZATION_STEPS_10 2
