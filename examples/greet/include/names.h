#pragma once

#include <stddef.h>

typedef int (*names_order)(const char *a, const char *b);

/* The lines of a file (`-`: standard input) in the given order. Returns how many, or -1 with errno set. */
int names_read(const char *path, char ***names, names_order order);
void names_free(char **names, int count);
