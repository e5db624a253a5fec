#include "shape.h"
int Shape::made = 0;
Shape::Shape(int n) : sides(n) { made++; }
Shape::Shape(const Shape &other) : sides(other.sides) { made += 10; }
Shape::~Shape() { made += 100; }
