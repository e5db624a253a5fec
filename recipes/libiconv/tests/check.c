/* What each byte of the small character sets means, as Python knows it; and for the large ones, that all they have comes
 * back as it was. */
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t convert(iconv_t how, const void *from, size_t from_size, void *to, size_t to_size) {
    const char *in = from;
    char *out = to;

    iconv(how, NULL, NULL, NULL, NULL);
    if (iconv(how, &in, &from_size, &out, &to_size) == (size_t)-1 || iconv(how, NULL, NULL, &out, &to_size) == (size_t)-1)
        return 0;
    return (size_t)(out - (char *)to);
}

static iconv_t from_to(const char *from, const char *to) {
    iconv_t how = iconv_open(to, from);
    if (how == (iconv_t)-1) {
        printf("no conversion from %s to %s\n", from, to);
        exit(1);
    }
    return how;
}

int main(int count, char **names) {
    for (int i = 1; i < count; i++) {
        iconv_t out = from_to(names[i], "UCS-4LE"), in = from_to("UCS-4LE", names[i]);
        unsigned long sum = 0, known = 0, lost = 0;

        for (unsigned long code = 0; code < 0x110000; code++) {
            unsigned char wide[4] = {code & 255, code >> 8 & 255, code >> 16, 0}, narrow[32], back[64];
            size_t size;

            if (code >= 0xd800 && code < 0xe000)
                continue;
            size = convert(in, wide, 4, narrow, sizeof narrow);
            if (size == 0)
                continue;
            known++;
            if (convert(out, narrow, size, back, sizeof back) != 4 || memcmp(back, wide, 4) != 0)
                lost++;
            if (size == 1)
                sum = (sum * 31 + narrow[0] * 65599 + code) % 1000003;
        }
        printf("%s: %lu characters, %lu lost, %lu\n", names[i], known, lost, sum);
        iconv_close(in);
        iconv_close(out);
    }
    return 0;
}
