#include "shapes.h"
#include <cstdio>
#include <typeindex>
namespace {
struct Hidden { int value = 1; };
} // namespace
int main() {
  Shape *shapes[] = {make(0), make(1), make(2), make(3), make(4)};
  for (Shape *shape : shapes) {
    std::printf("%d sides:%s%s%s%s\n", shape->sides(), dynamic_cast<Square *>(shape) ? " Square" : "",
                dynamic_cast<Round *>(shape) ? " Round" : "", dynamic_cast<Right *>(shape) ? " Right" : "",
                dynamic_cast<Box<int> *>(shape) ? " Box<int>" : "");
  }
  std::printf("across: %d\n", dynamic_cast<Left *>(dynamic_cast<Right *>(shapes[2])) != nullptr);
  std::printf("equal: %d %d %d\n", typeid(*shapes[0]) == typeid(Square), type_in_b(1) == typeid(Round),
              std::type_index(type_in_b(2)) == std::type_index(typeid(Box<int>)));
  std::printf("hash: %d\n", type_in_b(0).hash_code() == typeid(Square).hash_code());
  std::printf("any: %d\n", std::any_cast<int>(any_in_b()));
  std::printf("hidden types are equal: %d\n", type_in_b(3) == typeid(Hidden));
  std::printf("caught by its own: %d\n", catches_hidden(throw_hidden));
  std::printf("caught by the other: %d\n", catches_hidden([] { throw Hidden(); }));
  try { (void)dynamic_cast<Square &>(*shapes[1]); } catch (const std::bad_cast &e) { std::puts(e.what()); }
}
