#include "probe.h"
#include <functional>
#include <list>
#include <string>
template <class L> std::string put(const L &list) {
  std::string text;
  for (auto each : list)
    text += std::to_string(each);
  return text;
}
int main() {
  std::list<int> a{3, 1, 2}, b{6, 5, 4};
  a.sort();
  b.sort(std::greater<int>());
  b.reverse();
  auto kept = b.begin();
  a.merge(b);
  SAME(put(a), "123456");
  SAME(b.empty(), true);
  SAME(*kept, 4);
  b.splice(b.end(), a, a.begin(), kept);
  SAME(put(b) + "|" + put(a), "123|456");
  b.insert(b.begin(), {3, 3});
  b.push_back(3);
  b.unique();
  SAME(put(b), "3123");
  SAME(b.remove(3), std::size_t(2));
  SAME(b.remove_if([](int n) { return n == 1; }), std::size_t(1));
  a.splice(std::next(a.begin()), b);
  SAME(put(a), "4256");
  a.resize(6, 9);
  SAME(a.size(), std::size_t(6));
  a.emplace(a.begin(), 0);
  a.pop_back();
  SAME(put(std::list<int>(a.rbegin(), a.rend())), "965240");
  SAME((std::list{1, 2} <=> std::list{1, 3}) < 0, true);
  std::puts(put(a).c_str());
  return probe::end();
}
