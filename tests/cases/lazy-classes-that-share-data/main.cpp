#include "shape.h"
#include <cstdio>
struct Square : Shape {};
int main() {
    std::puts("main");
    Shape *shape = new Square;
    std::printf("%d %d\n", shape->area(), count);
    delete shape;
}
