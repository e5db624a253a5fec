/* gnulib's name for what our libc has, which no header of it says. */
#include <stdio.h>

void __fseterr(FILE *file);

void fseterr(FILE *file) {
    __fseterr(file);
}
