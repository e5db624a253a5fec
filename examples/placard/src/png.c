/* Pictures as PNG, in memory: libpng's simplified API, which compresses with zlib. */

#include "placard.h"

#include <png.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(const png_image *image) {
    fprintf(stderr, "placard: %s\n", image->message);
    return 1;
}

int encode(const picture *of, unsigned char **png, size_t *size) {
    png_image image = {.version = PNG_IMAGE_VERSION, .width = of->width, .height = of->height};
    image.format = PNG_FORMAT_GRAY;
    png_alloc_size_t needed = 0;
    if (!png_image_write_to_memory(&image, NULL, &needed, 0, of->pixels, 0, NULL))
        return fail(&image);
    *png = malloc(needed);
    if (!*png || !png_image_write_to_memory(&image, *png, &needed, 0, of->pixels, 0, NULL))
        return fail(&image);
    *size = needed;
    return 0;
}

int decode(const unsigned char *png, size_t size, picture *decoded) {
    png_image image = {.version = PNG_IMAGE_VERSION};
    if (!png_image_begin_read_from_memory(&image, png, size))
        return fail(&image);
    image.format = PNG_FORMAT_GRAY;
    decoded->width = image.width, decoded->height = image.height;
    decoded->pixels = malloc(PNG_IMAGE_SIZE(image));
    if (!decoded->pixels || !png_image_finish_read(&image, NULL, decoded->pixels, 0, NULL))
        return fail(&image);
    return 0;
}
