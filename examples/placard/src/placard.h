#ifndef PLACARD_H
#define PLACARD_H

#include <sqlite3.h>
#include <stddef.h>

/* A picture in shades of grey, from the top, 0 is black. */
typedef struct {
    unsigned width, height;
    unsigned char *pixels;
} picture;

/* Each returns 0, or prints what is wrong and returns 1. */
int draw(const char *font, const char *text, picture *drawn);
int encode(const picture *of, unsigned char **png, size_t *size);
int decode(const unsigned char *png, size_t size, picture *decoded);

int keep(const char *database, const char *text, const unsigned char *png, size_t size);
int each(const char *database, void (*see)(int number, const char *text, size_t size));
int find(const char *database, int number, unsigned char **png, size_t *size);

#endif
