#include "probe.h"
#include <flat_map>
#include <flat_set>
#include <string>
#include <vector>
int main() {
  std::flat_map<std::string, int> map{{"b", 2}, {"a", 1}};
  map["c"] = 3;
  SAME(map.size(), std::size_t(3));
  SAME(map.keys()[0], "a");
  SAME(map.values()[2], 3);
  SAME(map.insert({"a", 5}).second, false);
  SAME(map.try_emplace("d", 4).second, true);
  SAME(map.erase("b"), std::size_t(1));
  SAME(map.lower_bound("b")->first, "c");
  THROWS(std::out_of_range, map.at("z"));
  std::vector<int> keys{3, 1, 2}, values{30, 10, 20};
  std::flat_map<int, int> sorted(keys, values);
  SAME(sorted.begin()->second, 10);
  auto parts = std::move(sorted).extract();
  SAME(parts.keys[2], 3);
  std::flat_multimap<int, char> multi{{1, 'a'}, {1, 'b'}};
  SAME(multi.count(1), std::size_t(2));
  std::flat_set<int> set{5, 3, 5};
  SAME(set.size(), std::size_t(2));
  SAME(*set.begin(), 3);
  std::flat_multiset<int> bag{2, 1, 2};
  SAME(bag.count(2), std::size_t(2));
  for (auto [key, value] : map)
    std::printf("%s=%d ", key.c_str(), value);
  std::puts("");
  return probe::end();
}
