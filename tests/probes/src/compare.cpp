#include "probe.h"
#include <algorithm>
#include <cmath>
#include <compare>
#include <string>
#include <vector>
struct Version {
  int major, minor;
  std::string tag;
  auto operator<=>(const Version &) const = default;
};
struct Caseless {
  char letter;
  std::weak_ordering operator<=>(const Caseless &other) const { return (letter | 32) <=> (other.letter | 32); }
  bool operator==(const Caseless &other) const { return (*this <=> other) == 0; }
};
int main() {
  SAME((Version{1, 2, "a"} < Version{1, 10, ""}), true);
  SAME((Version{1, 2, "a"} == Version{1, 2, "a"}), true);
  SAME((1 <=> 2) < 0, true);
  SAME((1.0 <=> std::nan("")) == std::partial_ordering::unordered, true);
  SAME((Caseless{'a'} <=> Caseless{'A'}) == std::weak_ordering::equivalent, true);
  SAME(std::strong_order(-0.0, 0.0) < 0, true);
  SAME(std::is_lteq(2 <=> 2), true);
  SAME(std::compare_three_way()(3, 2) > 0, true);
  SAME((std::string("a") <=> std::string("b")) < 0, true);
  SAME((std::vector{1, 2} <=> std::vector{1, 2, 0}) < 0, true);
  SAME((std::pair(1, 'b') <=> std::pair(1, 'a')) > 0, true);
  static_assert(std::three_way_comparable<int, std::strong_ordering>);
  static_assert(std::is_same_v<std::common_comparison_category_t<std::strong_ordering, std::partial_ordering>, std::partial_ordering>);
  std::vector<Version> versions{{2, 0, ""}, {1, 9, "x"}, {1, 9, "b"}};
  std::sort(versions.begin(), versions.end());
  std::printf("%d.%d%s\n", versions[0].major, versions[0].minor, versions[0].tag.c_str());
  return probe::end();
}
