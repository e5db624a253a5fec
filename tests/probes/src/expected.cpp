#include "probe.h"
#include <expected>
#include <memory>
#include <string>
std::expected<int, std::string> half(int n) {
  if (n % 2)
    return std::unexpected("odd " + std::to_string(n));
  return n / 2;
}
int main() {
  SAME(half(8).and_then(half).and_then(half).value(), 1);
  SAME(half(6).and_then(half).error(), "odd 3");
  SAME(half(4).transform([](int n) { return n * 1.5; }).value(), 3.0);
  SAME(half(3).or_else([](const std::string &) { return half(10); }).value(), 5);
  SAME(half(3).transform_error([](const std::string &s) { return s.size(); }).error(), std::size_t(5));
  SAME(half(3).value_or(-1), -1);
  SAME(half(3).error_or("none"), "odd 3");
  SAME(half(4).has_value(), true);
  THROWS(std::bad_expected_access<std::string>, half(5).value());
  try {
    half(7).value();
  } catch (const std::bad_expected_access<void> &error) {
    SAME(std::string_view(error.what()).empty(), false);
  }
  std::expected<void, int> nothing;
  SAME(bool(nothing), true);
  nothing = std::unexpected(3);
  SAME(nothing.error(), 3);
  std::expected<std::unique_ptr<int>, int> moved = std::make_unique<int>(4);
  auto taken = std::move(moved).value();
  SAME(*taken, 4);
  SAME(half(2) == 1, true);
  SAME(half(1) == std::unexpected(std::string("odd 1")), true);
  auto a = half(2), b = half(1);
  swap(a, b);
  SAME(a.has_value(), false);
  a.emplace(9);
  std::printf("%d %s\n", *a, half(11).error().c_str());
  return probe::end();
}
