#include "shape.h"
#include <cstdio>
static int comes = std::puts("shape comes");
Shape::~Shape() {}
int Shape::area() const { return ++count; }
