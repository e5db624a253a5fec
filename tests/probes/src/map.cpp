#include "probe.h"
#include <map>
#include <memory>
#include <string>
int main() {
  std::map<std::string, int> map{{"b", 2}, {"a", 1}, {"c", 3}};
  SAME(map.begin()->first, "a");
  SAME(map["d"], 0);
  SAME(map.at("b"), 2);
  THROWS(std::out_of_range, map.at("z"));
  SAME(map.insert({"a", 9}).second, false);
  SAME(map.insert_or_assign("a", 9).second, false);
  SAME(map.at("a"), 9);
  SAME(map.try_emplace("e", 5).second, true);
  SAME(map.lower_bound("bb")->first, "c");
  SAME(map.erase("d"), std::size_t(1));
  SAME(map.contains("d"), false);
  auto node = map.extract("c");
  node.key() = "z";
  map.insert(std::move(node));
  SAME(map.rbegin()->first, "z");
  std::map<std::string, int> more{{"z", 0}, {"y", 25}};
  map.merge(more);
  SAME(more.size(), std::size_t(1));
  SAME(map.size(), std::size_t(5));
  std::map<std::string, int, std::less<>> transparent{{"key", 1}};
  SAME(transparent.find(std::string_view("key"))->second, 1);
  std::multimap<int, char> multi{{1, 'a'}, {2, 'b'}, {1, 'c'}};
  auto [first, last] = multi.equal_range(1);
  std::string found;
  for (; first != last; ++first)
    found += first->second;
  SAME(found, "ac");
  std::map<int, std::unique_ptr<int>> owners;
  owners.emplace(1, std::make_unique<int>(7));
  SAME(*owners[1], 7);
  std::map<int, int> large;
  for (int i = 0; i < 10000; ++i)
    large[i * 7919 % 10007] = i;
  int before = -1, disorder = 0;
  for (auto &[key, value] : large)
    disorder += key <= before, before = key;
  SAME(disorder, 0);
  SAME(std::erase_if(large, [](auto &item) { return item.first % 2; }) + large.size(), std::size_t(10000));
  for (auto &[key, value] : map)
    std::printf("%s=%d ", key.c_str(), value);
  std::puts("");
  return probe::end();
}
