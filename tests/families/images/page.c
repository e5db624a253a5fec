/* A page with shapes and text is written in each format, read again, and compared pixel by pixel. */
#include <cairo-ft.h>
#include <cairo.h>
#include <ft2build.h>
#include <gif_lib.h>
#include <png.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>
#include <webp/decode.h>
#include <webp/encode.h>

#include <jpeglib.h>
#include FT_FREETYPE_H

enum { WIDTH = 120, HEIGHT = 80, BYTES = WIDTH * HEIGHT * 3 };

static uint8_t page[BYTES], again[BYTES];

static void must(int holds, const char *what) {
    if (holds) return;
    printf("failed: %s\n", what);
    exit(1);
}

static void draw(void) {
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
    cairo_t *cr = cairo_create(surface);
    FT_Library library;
    FT_Face face;

    must(FT_Init_FreeType(&library) == 0 && FT_New_Face(library, "font.bdf", 0, &face) == 0, "the font");
    /* few colours, so that GIF has them all */
    cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_set_source_rgb(cr, 0.8, 0.1, 0.1);
    cairo_rectangle(cr, 10, 10, 40, 30);
    cairo_fill(cr);
    cairo_set_source_rgba(cr, 0.1, 0.2, 0.9, 0.5);
    cairo_arc(cr, 55, 40, 22, 0, 6.283185307179586);
    cairo_fill(cr);
    cairo_font_face_t *font = cairo_ft_font_face_create_for_ft_face(face, 0);
    cairo_set_font_face(cr, font);
    cairo_set_font_size(cr, face->available_sizes[0].height);
    cairo_set_source_rgb(cr, 0, 0.4, 0);
    cairo_move_to(cr, 20, 70);
    cairo_show_text(cr, "AA");
    must(cairo_status(cr) == CAIRO_STATUS_SUCCESS, cairo_status_to_string(cairo_status(cr)));
    cairo_surface_flush(surface);
    int stride = cairo_image_surface_get_stride(surface), glyphs = 0;
    const uint8_t *data = cairo_image_surface_get_data(surface);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        uint32_t pixel;
        memcpy(&pixel, data + i / WIDTH * stride + i % WIDTH * 4, 4);
        for (int c = 0; c < 3; c++) page[3 * i + c] = (uint8_t)(pixel >> (16 - 8 * c));
        glyphs += page[3 * i + 1] > page[3 * i] + 50 && page[3 * i + 1] > page[3 * i + 2] + 50;
    }
    must(glyphs > 0, "no text on the page");
    cairo_font_face_destroy(font);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
}

static void png(void) {
    png_image image = {.version = PNG_IMAGE_VERSION, .width = WIDTH, .height = HEIGHT, .format = PNG_FORMAT_RGB};
    must(png_image_write_to_file(&image, "page.png", 0, page, 0, NULL), "png is written");
    png_image read = {.version = PNG_IMAGE_VERSION};
    must(png_image_begin_read_from_file(&read, "page.png"), "png is opened");
    read.format = PNG_FORMAT_RGB;
    must(png_image_finish_read(&read, NULL, again, 0, NULL), "png is read");
}

static void webp(void) {
    uint8_t *bytes;
    int width, height;
    size_t size = WebPEncodeLosslessRGB(page, WIDTH, HEIGHT, 3 * WIDTH, &bytes);
    FILE *file = fopen("page.webp", "wb");
    must(size > 0 && file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0, "webp is written");
    uint8_t *read = WebPDecodeRGB(bytes, size, &width, &height);
    must(read && width == WIDTH && height == HEIGHT, "webp is read");
    memcpy(again, read, BYTES);
    WebPFree(read);
    WebPFree(bytes);
}

static void tiff(void) {
    TIFF *file = TIFFOpen("page.tiff", "w");
    must(file != NULL, "tiff is opened");
    TIFFSetField(file, TIFFTAG_IMAGEWIDTH, WIDTH);
    TIFFSetField(file, TIFFTAG_IMAGELENGTH, HEIGHT);
    TIFFSetField(file, TIFFTAG_SAMPLESPERPIXEL, 3);
    TIFFSetField(file, TIFFTAG_BITSPERSAMPLE, 8);
    TIFFSetField(file, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
    TIFFSetField(file, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(file, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
    TIFFSetField(file, TIFFTAG_ROWSPERSTRIP, 16);
    for (int y = 0; y < HEIGHT; y++) must(TIFFWriteScanline(file, page + 3 * WIDTH * y, y, 0) == 1, "tiff is written");
    TIFFClose(file);
    must((file = TIFFOpen("page.tiff", "r")) != NULL, "tiff is opened again");
    for (int y = 0; y < HEIGHT; y++) must(TIFFReadScanline(file, again + 3 * WIDTH * y, y, 0) == 1, "tiff is read");
    TIFFClose(file);
}

static void gif(void) {
    static GifByteType indexes[WIDTH * HEIGHT];
    GifColorType colors[256] = {{0, 0, 0}};
    int used = 0, error;

    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        int index = 0;
        while (index < used && memcmp(&colors[index], page + 3 * i, 3) != 0) index++;
        must(index < 256, "more colours than GIF has");
        if (index == used) memcpy(&colors[used++], page + 3 * i, 3);
        indexes[i] = (GifByteType)index;
    }
    GifFileType *file = EGifOpenFileName("page.gif", false, &error);
    must(file != NULL, "gif is opened");
    ColorMapObject *map = GifMakeMapObject(256, colors);
    must(EGifPutScreenDesc(file, WIDTH, HEIGHT, 8, 0, map) && EGifPutImageDesc(file, 0, 0, WIDTH, HEIGHT, false, NULL) &&
             EGifPutLine(file, indexes, WIDTH * HEIGHT) && EGifCloseFile(file, &error),
         "gif is written");
    GifFreeMapObject(map);
    must((file = DGifOpenFileName("page.gif", &error)) != NULL && DGifSlurp(file) && file->ImageCount == 1, "gif is read");
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        memcpy(again + 3 * i, &file->SColorMap->Colors[file->SavedImages[0].RasterBits[i]], 3);
    DGifCloseFile(file, &error);
}

static void jpeg(void) {
    struct jpeg_error_mgr errors;
    struct jpeg_compress_struct out = {.err = jpeg_std_error(&errors)};
    FILE *file = fopen("page.jpeg", "wb+");

    jpeg_create_compress(&out);
    jpeg_stdio_dest(&out, file);
    out.image_width = WIDTH;
    out.image_height = HEIGHT;
    out.input_components = 3;
    out.in_color_space = JCS_RGB;
    jpeg_set_defaults(&out);
    jpeg_set_quality(&out, 95, TRUE);
    jpeg_start_compress(&out, TRUE);
    while (out.next_scanline < HEIGHT) {
        JSAMPROW row = page + 3 * WIDTH * out.next_scanline;
        jpeg_write_scanlines(&out, &row, 1);
    }
    jpeg_finish_compress(&out);
    jpeg_destroy_compress(&out);
    rewind(file);
    struct jpeg_decompress_struct in = {.err = jpeg_std_error(&errors)};
    jpeg_create_decompress(&in);
    jpeg_stdio_src(&in, file);
    jpeg_read_header(&in, TRUE);
    jpeg_start_decompress(&in);
    while (in.output_scanline < HEIGHT) {
        JSAMPROW row = again + 3 * WIDTH * in.output_scanline;
        jpeg_read_scanlines(&in, &row, 1);
    }
    jpeg_finish_decompress(&in);
    jpeg_destroy_decompress(&in);
    fclose(file);
}

int main(void) {
    static const struct {
        const char *name;
        void (*through)(void);
        double most;
    } formats[] = {{"png", png, 0}, {"webp", webp, 0}, {"tiff", tiff, 0}, {"gif", gif, 0}, {"jpeg", jpeg, 4}};

    draw();
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        double difference = 0;
        memset(again, 0x55, BYTES);
        formats[i].through();
        for (int b = 0; b < BYTES; b++) difference += abs(page[b] - again[b]);
        difference /= BYTES;
        const char *how = difference == 0 ? "the same" : difference <= formats[i].most ? "nearly the same" : "another page";
        printf("%s: %s\n", formats[i].name, how);
    }
}
