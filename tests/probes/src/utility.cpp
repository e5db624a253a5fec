#include "probe.h"
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <vector>
template <std::size_t... I> std::size_t total(std::index_sequence<I...>) { return (I + ... + 0); }
enum class Colour : short { red = 7 };
int main() {
  std::string a = "a", b = "b";
  std::swap(a, b);
  SAME(a, "b");
  SAME(std::exchange(a, "new"), "b");
  SAME(total(std::make_index_sequence<5>()), std::size_t(10));
  auto pair = std::make_pair(1, std::string("one"));
  auto [number, text] = pair;
  SAME(text, "one");
  SAME((std::pair(1, 2) < std::pair(1, 3)), true);
  std::pair<std::string, std::vector<int>> made(std::piecewise_construct, std::forward_as_tuple(3, 'x'), std::forward_as_tuple(2, 5));
  SAME(made.first, "xxx");
  SAME(made.second.size(), std::size_t(2));
  SAME(std::cmp_less(-1, 1u), true);
  SAME(std::in_range<std::uint8_t>(256), false);
  SAME(std::to_underlying(Colour::red), short(7));
  static_assert(std::is_same_v<decltype(std::as_const(a)), const std::string &>);
  static_assert(noexcept(std::declval<int>()));
  SAME(std::move_if_noexcept(a), "new");
  struct Like { int x = 4; } like;
  SAME(std::forward_like<Like &&>(like.x), 4);
  std::printf("%d %s\n", number, std::get<std::string>(pair).c_str());
  return probe::end();
}
