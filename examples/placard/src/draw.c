/* Words as pictures: FreeType renders one letter after the other. */

#include "placard.h"

#include <ft2build.h>
#include FT_FREETYPE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(const char *what, FT_Error error) {
    fprintf(stderr, "placard: %s (FreeType's error %d)\n", what, error);
    return 1;
}

static void copy(const FT_GlyphSlot glyph, picture *to, unsigned left, unsigned baseline) {
    for (unsigned y = 0; y < glyph->bitmap.rows; y++) {
        unsigned row = baseline - glyph->bitmap_top + y;
        for (unsigned x = 0; x < glyph->bitmap.width && row < to->height; x++) {
            const unsigned char *line = glyph->bitmap.buffer + (ptrdiff_t)y * glyph->bitmap.pitch;
            int is_ink = line[x >> 3] >> (7 - (x & 7)) & 1;
            unsigned column = left + glyph->bitmap_left + x;
            if (is_ink && column < to->width)
                to->pixels[row * to->width + column] = 0;
        }
    }
}

static int draw_with(FT_Face face, const char *text, picture *drawn) {
    FT_Error error = FT_Set_Pixel_Sizes(face, 0, face->available_sizes[0].height);
    if (error)
        return fail("the font has no such size", error);
    unsigned advance = face->available_sizes[0].width, height = face->available_sizes[0].height;
    drawn->width = advance * strlen(text), drawn->height = height;
    drawn->pixels = malloc((size_t)drawn->width * height);
    if (!drawn->pixels)
        return fail("out of memory", 0);
    memset(drawn->pixels, 255, (size_t)drawn->width * height);
    for (unsigned i = 0; text[i]; i++) {
        FT_UInt letter = FT_Get_Char_Index(face, (unsigned char)text[i]);
        if (!letter) {
            fprintf(stderr, "placard: the font has no `%c`\n", text[i]);
            return 1;
        }
        error = FT_Load_Glyph(face, letter, FT_LOAD_RENDER | FT_LOAD_MONOCHROME);
        if (error)
            return fail("a letter cannot be drawn", error);
        copy(face->glyph, drawn, i * advance, height);
    }
    return 0;
}

int draw(const char *font, const char *text, picture *drawn) {
    FT_Library library;
    FT_Face face;
    FT_Error error = FT_Init_FreeType(&library);
    if (error)
        return fail("FreeType does not start", error);
    error = FT_New_Face(library, font, 0, &face);
    int status = error ? fail("the font cannot be read", error) : draw_with(face, text, drawn);
    FT_Done_FreeType(library);
    return status;
}
