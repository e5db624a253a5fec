#include "shape.h"
#include <cstdio>
#include <stdexcept>
#include <string>
struct Square : Shape {
    int side;
    Square(int side) : side(side) {}
    int area() const override { return side * side; }
};
static std::string name = (std::puts("shape comes"), "square");
std::unique_ptr<Shape> square(int side) {
    if (side < 0) throw std::invalid_argument(name + " of " + std::to_string(side));
    return std::make_unique<Square>(side);
}
