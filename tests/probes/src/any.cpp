#include "probe.h"
#include <any>
#include <string>
#include <vector>
struct Large { char bytes[100]; int value; };
int main() {
  std::any a = 5;
  SAME(std::any_cast<int>(a), 5);
  THROWS(std::bad_any_cast, std::any_cast<long>(a));
  SAME(std::any_cast<long>(&a) == nullptr, true);
  a = std::string("text");
  std::any_cast<std::string &>(a) += "!";
  SAME(std::any_cast<const std::string &>(a), "text!");
  SAME(a.type() == typeid(std::string), true);
  auto copy = a;
  a.reset();
  SAME(a.has_value(), false);
  SAME(a.type() == typeid(void), true);
  SAME(std::any_cast<std::string>(copy), "text!");
  a.emplace<Large>().value = 3;
  SAME(std::any_cast<Large>(&a)->value, 3);
  auto vector = std::make_any<std::vector<int>>({1, 2, 3});
  SAME(std::any_cast<std::vector<int> &>(vector).size(), std::size_t(3));
  std::any moved = std::move(vector);
  SAME(vector.has_value(), false);
  swap(moved, copy);
  std::puts(std::any_cast<std::string>(std::move(moved)).c_str());
  return probe::end();
}
