#include "shape.h"
int Shape::area() const { return 1; }
int describe(const Shape &shape) { return shape.twice(); }
static Shape the_standard;
Shape &standard() { return the_standard; }
