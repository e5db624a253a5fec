/* placard add DATABASE FONT TEXT | list DATABASE | show DATABASE NUMBER | save DATABASE NUMBER FILE | version */

#include "placard.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include <png.h>
#include <zlib.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int add(const char *database, const char *font, const char *text) {
    picture drawn;
    unsigned char *png;
    size_t size;
    if (draw(font, text, &drawn) || encode(&drawn, &png, &size) || keep(database, text, png, size))
        return 1;
    printf("%s: %ux%u, %zu bytes, crc32 %08lx\n", text, drawn.width, drawn.height, size, crc32(0, png, (uInt)size));
    return 0;
}

static void print(int number, const char *text, size_t size) { printf("%d %s %zu\n", number, text, size); }

static int show(const char *database, int number) {
    picture found;
    unsigned char *png;
    size_t size;
    if (find(database, number, &png, &size) || decode(png, size, &found))
        return 1;
    for (unsigned y = 0; y < found.height; y++) {
        for (unsigned x = 0; x < found.width; x++)
            putchar(found.pixels[y * found.width + x] ? '.' : '#');
        putchar('\n');
    }
    return 0;
}

static int save(const char *database, int number, const char *path) {
    unsigned char *png;
    size_t size;
    if (find(database, number, &png, &size))
        return 1;
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(png, 1, size, file) != size || fclose(file)) {
        perror(path);
        return 1;
    }
    printf("%s: %zu bytes\n", path, size);
    return 0;
}

static int version(void) {
    FT_Library library;
    FT_Int major = 0, minor = 0, patch = 0;
    if (FT_Init_FreeType(&library) == 0)
        FT_Library_Version(library, &major, &minor, &patch);
    printf("freetype %d.%d.%d, libpng %s, ", major, minor, patch, png_get_libpng_ver(NULL));
    printf("sqlite %s, zlib %s\n", sqlite3_libversion(), zlibVersion());
    return 0;
}

int main(int count, char **words) {
    const char *what = count > 1 ? words[1] : "";
    if (!strcmp(what, "add") && count == 5)
        return add(words[2], words[3], words[4]);
    if (!strcmp(what, "list") && count == 3)
        return each(words[2], print);
    if (!strcmp(what, "show") && count == 4)
        return show(words[2], atoi(words[3]));
    if (!strcmp(what, "save") && count == 5)
        return save(words[2], atoi(words[3]), words[4]);
    if (!strcmp(what, "version") && count == 2)
        return version();
    fputs("usage: placard add DATABASE FONT TEXT | list DATABASE | show DATABASE NUMBER |\n"
          "       save DATABASE NUMBER FILE | version\n", stderr);
    return 64;
}
