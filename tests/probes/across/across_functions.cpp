#include "../probe.h"
#include "parts.h"
#include <stdexcept>
int main() {
  auto add = parts::adder(10);
  SAME(add(1), 11);
  auto copy = add;
  add = [offset = std::string(50, 'x')](int n) { return n + static_cast<int>(offset.size()); };
  SAME(parts::apply(add, 1), 51);
  SAME(parts::apply(copy, 2), 12);
  THROWS(std::bad_function_call, parts::apply(nullptr, 1));
  THROWS(std::out_of_range, parts::apply([](int) -> int { throw std::out_of_range("ours"); }, 1));
  SAME(parts::apply(parts::apply(parts::adder(1), 1) == 2 ? copy : add, 3), 13);
  SAME(copy.target_type() == typeid(void), false);
  std::printf("%d\n", parts::apply(std::bind(std::plus<>(), std::placeholders::_1, 4), 5));
  return probe::end();
}
