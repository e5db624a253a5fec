#include "probe.h"
#include <algorithm>
#include <array>
#include <string>
#include <tuple>
int main() {
  std::array<int, 4> a{4, 2, 3, 1};
  std::sort(a.begin(), a.end());
  SAME((a == std::array{1, 2, 3, 4}), true);
  SAME(a.at(3), 4);
  THROWS(std::out_of_range, (void)a.at(4));
  SAME(std::get<2>(a), 3);
  SAME(std::tuple_size_v<decltype(a)>, std::size_t(4));
  auto [w, x, y, z] = a;
  SAME(w + x + y + z, 10);
  a.fill(7);
  SAME(std::count(a.begin(), a.end(), 7), 4);
  std::array<int, 0> none;
  SAME(none.empty(), true);
  SAME(none.begin() == none.end(), true);
  constexpr auto squares = [] {
    std::array<int, 5> made{};
    for (int i = 0; i < 5; ++i)
      made[i] = i * i;
    return made;
  }();
  static_assert(squares[4] == 16);
  auto made = std::to_array("text");
  SAME(made.size(), std::size_t(5));
  std::array<std::string, 2> words{"one", "two"}, others{"three", "four"};
  words.swap(others);
  SAME((std::array{1, 2} < std::array{1, 3}), true);
  std::puts((words[0] + others[1]).c_str());
  return probe::end();
}
