#include "probe.h"
#include <memory>
#include <optional>
#include <string>
std::optional<int> half(int n) { return n % 2 ? std::nullopt : std::optional(n / 2); }
int main() {
  std::optional<std::string> none, some = "some";
  SAME(none.has_value(), false);
  SAME(some.value(), "some");
  SAME(none.value_or("other"), "other");
  THROWS(std::bad_optional_access, none.value());
  SAME(half(8).and_then(half).and_then(half).value(), 1);
  SAME(half(6).and_then(half).and_then(half).has_value(), false);
  SAME(half(4).transform([](int n) { return std::to_string(n); }).value(), "2");
  SAME(half(3).or_else([] { return std::optional(7); }).value(), 7);
  none.emplace(3, 'z');
  SAME(none->size(), std::size_t(3));
  some.reset();
  SAME(some < none, true);
  SAME(some == std::nullopt, true);
  std::optional<std::unique_ptr<int>> owner = std::make_unique<int>(1);
  auto taken = std::move(*owner);
  SAME(owner.has_value(), true);
  SAME(*owner == nullptr, true);
  std::optional<std::optional<int>> nested(std::in_place, std::nullopt);
  SAME(nested.has_value() && !nested->has_value(), true);
  SAME(std::make_optional(5) == 5, true);
  swap(none, some);
  std::puts(some->c_str());
  return probe::end();
}
