#include "shapes.h"
namespace {
struct Hidden { int value = 2; };
} // namespace
Shape *make(int kind) {
  switch (kind) {
  case 0: return new Square;
  case 1: return new Round;
  case 2: return new Both;
  case 3: return new Box<int>;
  }
  return new Shape;
}
const std::type_info &type_in_b(int kind) {
  return kind == 0 ? typeid(Square) : kind == 1 ? typeid(Round) : kind == 2 ? typeid(Box<int>) : typeid(Hidden);
}
std::any any_in_b() { return 5; }
void throw_hidden() { throw Hidden(); }
bool catches_hidden(void (*thrower)()) {
  try { thrower(); } catch (const Hidden &) { return true; } catch (...) {}
  return false;
}
