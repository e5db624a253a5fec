#include "shape.h"
static Shape global(7);
extern "C" int sides() { return global.sides; }
extern "C" int made() {
  {
    Shape one(3);
    Shape two(one);
    if (two.sides != 3) return -1;
  }
  return Shape::made;
}
