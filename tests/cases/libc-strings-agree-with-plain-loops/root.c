/* Every function that works on blocks, against the loop that says what it means: at every offset in a block, of every
 * length around one, with what is looked for at every place, and at the very end of memory. */

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned state = 1;
static unsigned random_byte(void) { return (state = state * 1103515245u + 12345u) >> 16 & 0xff; }

static int failures;

static void check(int holds, const char *what, size_t offset, size_t length) {
    if (!holds && failures++ < 10)
        printf("%s: offset %zu, length %zu\n", what, offset, length);
}

static int sign(int value) { return (value > 0) - (value < 0); }

static int plain_compare(const unsigned char *a, const unsigned char *b, size_t count, int is_text) {
    for (size_t i = 0; i < count; i++) {
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
        if (is_text && a[i] == 0)
            return 0;
    }
    return 0;
}

static size_t plain_span(const char *text, const char *set, int inside) {
    size_t count = 0;
    for (; text[count] != 0; count++) {
        int found = 0;
        for (const char *byte = set; *byte != 0; byte++)
            found |= *byte == text[count];
        if (found != inside)
            break;
    }
    return count;
}

static void one(char *place, char *other, size_t offset, size_t length) {
    for (size_t i = 0; i < length; i++)
        place[i] = (char)(random_byte() | 1);
    place[length] = 0;
    check(strlen(place) == length, "strlen", offset, length);
    check(strnlen(place, length / 2) == length / 2, "strnlen", offset, length);
    memcpy(other, place, length + 1);
    check(plain_compare((unsigned char *)place, (unsigned char *)other, length + 1, 0) == 0, "memcpy", offset, length);
    check(strcmp(place, other) == 0 && memcmp(place, other, length + 1) == 0, "equal", offset, length);
    for (size_t at = 0; at < length; at++) {
        char kept = place[at];
        for (int byte = 2; byte < 256; byte += 126) { /* 2, 128, 254: even, so nowhere else */
            place[at] = (char)byte;
            check(strchr(place, byte) == place + at, "strchr", offset, length);
            check(strchrnul(place, byte) == place + at, "strchrnul", offset, length);
            check(strrchr(place, byte) == place + at, "strrchr", offset, length);
            check(memchr(place, byte, length) == place + at, "memchr", offset, length);
            check(memchr(place, byte, (size_t)-1) == place + at, "memchr without an end", offset, length);
            check(memchr(place, byte, at) == NULL, "memchr before it", offset, length);
            check(memrchr(place, byte, length) == place + at, "memrchr", offset, length);
            check(strcspn(place, (char[]){(char)byte, 4, 0}) == at, "strcspn", offset, length);
            check(strcspn(place, (char[]){(char)byte, 0}) == at, "strcspn of one", offset, length);
            check(sign(strcmp(place, other)) == plain_compare((unsigned char *)place, (unsigned char *)other, length + 1, 1),
                  "strcmp", offset, length);
            check(sign(memcmp(place, other, length)) == plain_compare((unsigned char *)place, (unsigned char *)other, length, 0),
                  "memcmp", offset, length);
        }
        place[at] = kept;
    }
    check(strchr(place, 2) == NULL && strrchr(place, 2) == NULL, "strchr of none", offset, length);
    check(strchr(place, 0) == place + length && strrchr(place, 0) == place + length, "strchr of the end", offset, length);
    char set[20];
    for (int i = 0; i < 19; i++)
        set[i] = (char)(random_byte() | 1);
    set[19] = 0;
    for (size_t i = 0; i < length; i++)
        if (random_byte() < 230)
            place[i] = set[random_byte() % 19];
    check(strspn(place, set) == plain_span(place, set, 1), "strspn", offset, length);
    check(strcspn(place, set) == plain_span(place, set, 0), "strcspn of many", offset, length);
    check(strspn(place, "") == 0 && strcspn(place, "") == length, "spans of nothing", offset, length);
}

static void moves(char *buffer, size_t offset, size_t length) {
    static char expected[512];
    for (size_t to = 0; to < 40; to += 3) {
        for (size_t i = 0; i < 400; i++)
            expected[i] = buffer[i] = (char)random_byte();
        for (size_t i = 0; i < length; i++)
            expected[to + i] = buffer[offset + i];
        check(memmove(buffer + to, buffer + offset, length) == buffer + to, "memmove's result", offset, length);
        check(plain_compare((unsigned char *)buffer, (unsigned char *)expected, 400, 0) == 0, "memmove", offset, length);
    }
    for (size_t i = 0; i < length; i++)
        expected[offset + i] = 0x5a;
    for (size_t i = 0; i < 400; i++)
        if (i < offset || i >= offset + length)
            expected[i] = buffer[i];
    memset(buffer + offset, 0x5a, length);
    check(plain_compare((unsigned char *)buffer, (unsigned char *)expected, 400, 0) == 0, "memset", offset, length);
}

int main(void) {
    static char buffer[1024], other[1024];
    for (size_t offset = 0; offset < 17; offset++)
        for (size_t length = 0; length < 70; length += length < 36 ? 1 : 7)
            one(buffer + offset, other + random_byte() % 16, offset, length);
    for (size_t offset = 0; offset < 20; offset++)
        for (size_t length = 0; length < 140; length += length < 70 ? 1 : 9)
            moves(buffer, offset, length);
    char *end = (char *)(__builtin_wasm_memory_size(0) * 65536);
    if (malloc((size_t)end) == NULL) /* so that the last pages are the heap's */
        return 2;
    end = (char *)(__builtin_wasm_memory_size(0) * 65536);
    for (size_t length = 0; length < 40; length++) {
        one(end - 1 - length, other, 0, length);
        one(end - 1 - length, end - 200, 0, length);
    }
    printf("%d differences\n", failures);
    return 0;
}
