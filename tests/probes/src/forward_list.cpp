#include "probe.h"
#include <forward_list>
#include <string>
std::string put(const std::forward_list<int> &list) {
  std::string text;
  for (int each : list)
    text += std::to_string(each);
  return text;
}
int main() {
  std::forward_list<int> list{3, 1, 2};
  list.push_front(5);
  list.insert_after(list.before_begin(), {8, 9});
  SAME(put(list), "895312");
  list.erase_after(list.begin());
  SAME(put(list), "85312");
  list.sort();
  list.reverse();
  SAME(put(list), "85321");
  std::forward_list<int> other{1, 4};
  list.reverse();
  list.merge(other);
  SAME(put(list), "1123458");
  list.unique();
  list.remove_if([](int n) { return n > 4; });
  SAME(put(list), "1234");
  other.assign(2, 7);
  list.splice_after(list.begin(), other);
  SAME(put(list), "177234");
  list.resize(3);
  SAME(std::distance(list.begin(), list.end()), 3);
  SAME(list.max_size() > 1000, true);
  list.emplace_after(list.begin(), 6);
  std::puts(put(list).c_str());
  return probe::end();
}
