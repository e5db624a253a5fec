#include "probe.h"
#include <functional>
#include <memory>
#include <string>
#include <tuple>
int main() {
  std::tuple<int, std::string, double> t(1, "two", 3.0);
  SAME(std::get<1>(t), "two");
  SAME(std::get<double>(t), 3.0);
  int number;
  std::string text;
  std::tie(number, text, std::ignore) = t;
  SAME(number, 1);
  auto joined = std::tuple_cat(t, std::make_tuple('c'), std::pair(5, 6));
  SAME(std::tuple_size_v<decltype(joined)>, std::size_t(6));
  SAME(std::apply([](auto... each) { return sizeof...(each); }, joined), std::size_t(6));
  SAME((std::tuple(1, 2) < std::tuple(1, 3)), true);
  struct Made { int a; std::string b; };
  Made made = std::make_from_tuple<Made>(std::tuple(4, "b"));
  SAME(made.b, "b");
  auto refers = std::forward_as_tuple(number);
  std::get<0>(refers) = 9;
  SAME(number, 9);
  std::tuple<std::unique_ptr<int>> owner(std::make_unique<int>(2));
  auto taken = std::move(owner);
  SAME(*std::get<0>(taken), 2);
  auto [a, b, c] = t;
  SAME(b, "two");
  static_assert(std::is_same_v<std::tuple_element_t<2, decltype(t)>, double>);
  std::tuple deduced{1, 2.5};
  std::swap(std::get<0>(deduced), number);
  std::printf("%d %.1f\n", std::get<0>(deduced), std::get<1>(deduced));
  return probe::end();
}
