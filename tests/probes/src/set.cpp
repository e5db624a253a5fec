#include "probe.h"
#include <set>
#include <string>
#include <vector>
int main() {
  std::set<int> set{3, 1, 2, 3};
  SAME(set.size(), std::size_t(3));
  SAME(*set.begin(), 1);
  auto [where, added] = set.insert(2);
  SAME(added, false);
  SAME(*where, 2);
  SAME(*set.emplace_hint(set.end(), 9), 9);
  SAME(*set.upper_bound(3), 9);
  SAME(set.count(7), std::size_t(0));
  set.erase(set.find(2), set.end());
  SAME(set.size(), std::size_t(1));
  std::set<std::string, std::greater<>> words{"a", "c", "b"};
  SAME(*words.begin(), "c");
  SAME(words.contains(std::string_view("b")), true);
  std::multiset<int> multi{1, 2, 2, 3, 2};
  SAME(multi.count(2), std::size_t(3));
  multi.erase(multi.find(2));
  SAME(multi.count(2), std::size_t(2));
  SAME(multi.erase(2), std::size_t(2));
  auto node = multi.extract(3);
  node.value() = 0;
  multi.insert(std::move(node));
  SAME(*multi.begin(), 0);
  auto by_size = [](const std::vector<int> &a, const std::vector<int> &b) { return a.size() < b.size(); };
  std::set<std::vector<int>, decltype(by_size)> sized;
  sized.insert({1, 2});
  sized.insert({3, 4});
  sized.insert({5});
  SAME(sized.size(), std::size_t(2));
  SAME((std::set{1, 2} == std::set{2, 1}), true);
  std::printf("%d %s\n", *multi.rbegin(), words.rbegin()->c_str());
  return probe::end();
}
