/* Draws a page and looks at its pixels; writes it as PNG and reads that again; writes it in each format that there is. */
#include <cairo.h>
#if CAIRO_HAS_PDF_SURFACE
#include <cairo-pdf.h>
#include <cairo-script.h>
#endif
#if CAIRO_HAS_SVG_SURFACE
#include <cairo-svg.h>
#endif
#if CAIRO_HAS_FT_FONT
#include <cairo-ft.h>
#endif
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE = 100 };

static void check(int holds, const char *what) {
    if (!holds) {
        printf("wrong: %s\n", what);
        exit(1);
    }
}

static void draw(cairo_t *cr) {
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_set_source_rgb(cr, 1, 0, 0);
    cairo_rectangle(cr, 10, 10, 30, 30);
    cairo_fill(cr);
    cairo_set_source_rgba(cr, 0, 0, 1, 0.5);
    cairo_arc(cr, 40, 40, 20, 0, 6.283185307179586);
    cairo_fill(cr);
    cairo_pattern_t *gradient = cairo_pattern_create_linear(0, 0, SIZE, 0);
    cairo_pattern_add_color_stop_rgb(gradient, 0, 0, 0, 0);
    cairo_pattern_add_color_stop_rgb(gradient, 1, 1, 1, 1);
    cairo_set_source(cr, gradient);
    cairo_rectangle(cr, 0, 70, SIZE, 10);
    cairo_fill(cr);
    cairo_pattern_destroy(gradient);
    cairo_set_source_rgb(cr, 0, 0, 0);
    cairo_select_font_face(cr, "@cairo:", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(cr, 20);
    cairo_move_to(cr, 60, 30);
    cairo_show_text(cr, "Wm");
}

static uint32_t pixel(cairo_surface_t *surface, int x, int y) {
    const unsigned char *data = cairo_image_surface_get_data(surface);
    uint32_t value;

    memcpy(&value, data + y * cairo_image_surface_get_stride(surface) + 4 * x, sizeof value);
    return value & 0xffffff;
}

static long starts_with(const char *name, const char *start) {
    char begin[8] = "";
    FILE *file = fopen(name, "rb");
    check(file != NULL, name);
    check(fread(begin, 1, strlen(start), file) == strlen(start) && memcmp(begin, start, strlen(start)) == 0, name);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    fclose(file);
    return size;
}

/* Draws on a surface that writes to a file: how large that becomes. */
static long write(cairo_surface_t *surface, const char *name, const char *start) {
    cairo_t *cr = cairo_create(surface);
    draw(cr);
    cairo_destroy(cr);
    cairo_surface_finish(surface);
    check(cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS, "writing a file");
    cairo_surface_destroy(surface);
    return starts_with(name, start);
}

int main(void) {
    cairo_surface_t *page = cairo_image_surface_create(CAIRO_FORMAT_RGB24, SIZE, SIZE);
    cairo_t *cr = cairo_create(page);
    draw(cr);
    check(cairo_status(cr) == CAIRO_STATUS_SUCCESS, cairo_status_to_string(cairo_status(cr)));
    cairo_destroy(cr);
    cairo_surface_flush(page);

    check(pixel(page, 5, 5) == 0xffffff, "paper");
    check(pixel(page, 15, 15) == 0xff0000, "a rectangle");
    check(pixel(page, 35, 35) == 0x7f0080 || pixel(page, 35, 35) == 0x800080 || pixel(page, 35, 35) == 0x7f007f,
          "blue half over red");
    check(pixel(page, 99, 75) > pixel(page, 50, 75) && pixel(page, 50, 75) > pixel(page, 0, 75), "a gradient");
    int ink = 0;
    for (int y = 10; y < 32; y++)
        for (int x = 60; x < SIZE; x++)
            ink += pixel(page, x, y) < 0x404040;
    check(ink > 20, "text");

#if CAIRO_HAS_PNG_FUNCTIONS
    check(cairo_surface_write_to_png(page, "page.png") == CAIRO_STATUS_SUCCESS, "writing a PNG");
    cairo_surface_t *again = cairo_image_surface_create_from_png("page.png");
    check(cairo_surface_status(again) == CAIRO_STATUS_SUCCESS, "reading it");
    for (int y = 0; y < SIZE; y++)
        for (int x = 0; x < SIZE; x++)
            check(pixel(page, x, y) == pixel(again, x, y), "the same pixels again");
    cairo_surface_destroy(again);
#endif

#if CAIRO_HAS_SVG_SURFACE
    check(write(cairo_svg_surface_create("page.svg", SIZE, SIZE), "page.svg", "<?xml") > 500, "an SVG with something in it");
#endif
#if CAIRO_HAS_PDF_SURFACE
    check(write(cairo_pdf_surface_create("page.pdf", SIZE, SIZE), "page.pdf", "%PDF-") > 1000, "a PDF with something in it");
    cairo_device_t *script = cairo_script_create("page.script");
    cairo_surface_t *written = cairo_script_surface_create(script, CAIRO_CONTENT_COLOR, SIZE, SIZE);
    cairo_device_destroy(script);
    check(write(written, "page.script", "%!Cairo") > 300, "a script with something in it");
#endif
#if CAIRO_HAS_FT_FONT
    cr = cairo_create(page);
    cairo_select_font_face(cr, "@cairo:", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
    check(cairo_ft_scaled_font_lock_face(cairo_get_scaled_font(cr)) == NULL, "cairo's own font is none of FreeType's");
    cairo_destroy(cr);
#endif
    cairo_surface_destroy(page);
    puts("all checks hold");
    return 0;
}
