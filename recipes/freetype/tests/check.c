/* What the library does without a file of a font that somebody else made: a font of ours, and outlines. */

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H
#include FT_STROKER_H
#include FT_GLYPH_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(what) ((what) ? (void)0 : (printf("line %d: not so: %s\n", __LINE__, #what), exit(1)))

int main(void) {
    FT_Library library;
    CHECK(FT_Init_FreeType(&library) == 0);

    FT_Face face;
    CHECK(FT_New_Face(library, "font.bdf", 0, &face) == 0);
    CHECK(face->num_glyphs == 3 && face->num_fixed_sizes == 1); /* one stands for what there is not */
    CHECK(FT_Select_Size(face, 0) == 0);
    CHECK(FT_Load_Char(face, 'A', FT_LOAD_RENDER) == 0);
    FT_Bitmap *glyph = &face->glyph->bitmap;
    CHECK(glyph->rows == 3 && glyph->width == 8 && memcmp(glyph->buffer, "\x18\x24\xff", 3) == 0);
    CHECK(FT_Done_Face(face) == 0);
    CHECK(FT_New_Face(library, "check.c", 0, &face) == FT_Err_Unknown_File_Format);

    /* A square of 4 by 4 pixels, one pixel from the edges, and the line around it, which is two pixels wide. */
    FT_Vector points[4] = {{64, 64}, {64, 320}, {320, 320}, {320, 64}};
    unsigned char tags[4] = {1, 1, 1, 1}, pixels[36] = {0};
    unsigned short ends[1] = {3};
    FT_Outline outline = {1, 4, points, tags, ends, 0};
    FT_Bitmap bitmap = {6, 6, 6, pixels, 256, FT_PIXEL_MODE_GRAY, 0, NULL};
    CHECK(FT_Outline_Get_Bitmap(library, &outline, &bitmap) == 0);
    for (int i = 0; i < 36; i++)
        CHECK(pixels[i] == (i / 6 % 5 != 0 && i % 6 % 5 != 0 ? 255 : 0));

    FT_Stroker stroker;
    CHECK(FT_Stroker_New(library, &stroker) == 0);
    FT_Stroker_Set(stroker, 64, FT_STROKER_LINECAP_BUTT, FT_STROKER_LINEJOIN_MITER, 0x40000);
    CHECK(FT_Stroker_ParseOutline(stroker, &outline, 0) == 0);
    FT_UInt count, contours;
    CHECK(FT_Stroker_GetCounts(stroker, &count, &contours) == 0 && contours == 2 && count >= 8);
    FT_Stroker_Done(stroker);

    CHECK(FT_Done_FreeType(library) == 0);
    puts("all checks hold");
    return 0;
}
