#include "shapes.h"

static int area_of_line(int size) {
    (void)size;
    return 0;
}

static int area_of_square(int size) {
    return size * size;
}

const struct shape_kind shape_kinds[] = {{"line", area_of_line}, {"square", area_of_square}};
const int shape_count = sizeof shape_kinds / sizeof *shape_kinds;
