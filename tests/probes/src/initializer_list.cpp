#include "probe.h"
#include <initializer_list>
#include <string>
#include <vector>
struct Which {
  std::string how;
  Which(std::initializer_list<int> list) : how("list of " + std::to_string(list.size())) {}
  Which(int, int) : how("two") {}
};
int sum(std::initializer_list<int> list) {
  int all = 0;
  for (int each : list)
    all += each;
  return all;
}
int main() {
  SAME((Which{1, 2}.how), "list of 2");
  SAME(Which(1, 2).how, "two");
  SAME(sum({1, 2, 3}), 6);
  SAME(sum({}), 0);
  auto deduced = {1.5, 2.5};
  SAME(*(deduced.end() - 1), 2.5);
  std::vector<std::vector<std::string>> nested{{"a"}, {"b", "c"}};
  SAME(nested[1][1], "c");
  SAME((std::vector<int>(3, 1).size()), std::size_t(3));
  SAME((std::vector<int>{3, 1}.size()), std::size_t(2));
  for (const char *each : {"one", "two"})
    std::printf("%s ", each);
  std::puts("");
  return probe::end();
}
