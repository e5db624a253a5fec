#include "../probe.h"
#include "parts.h"
int main() {
  SAME(std::any_cast<int>(parts::boxed(0)), 5);
  SAME(std::any_cast<std::string>(parts::boxed(1)), "in a box");
  SAME(std::any_cast<parts::Special>(parts::boxed(2)).value, 6);
  THROWS(std::bad_any_cast, (void)std::any_cast<parts::Item>(parts::boxed(2)));
  SAME(parts::boxed(2).type() == typeid(parts::Special), true);
  SAME(parts::boxed(3).has_value(), false);
  SAME(std::get<std::string>(parts::one_of(1)), "text");
  THROWS(std::bad_variant_access, (void)std::get<int>(parts::one_of(2)));
  SAME(parts::maybe(true).value(), "there");
  THROWS(std::bad_optional_access, (void)parts::maybe(false).value());
  SAME(parts::Item::alive, 0);
  std::puts(std::get<parts::Special>(parts::one_of(2)).name().c_str());
  return probe::end();
}
