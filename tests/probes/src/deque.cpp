#include "probe.h"
#include <algorithm>
#include <deque>
#include <string>
int main() {
  std::deque<int> d;
  for (int i = 0; i < 5000; ++i)
    i % 2 ? d.push_back(i) : d.push_front(i);
  SAME(d.size(), std::size_t(5000));
  SAME(d.front(), 4998);
  SAME(d.back(), 4999);
  SAME(d[2499], 0);
  int &kept = d[2500];
  d.push_front(-1);
  d.push_back(-2);
  SAME(&kept, &d[2501]); // references stay valid
  d.erase(d.begin() + 1, d.end() - 1);
  SAME(d.size(), std::size_t(2));
  d.insert(d.begin() + 1, 3, 7);
  SAME(std::count(d.begin(), d.end(), 7), 3);
  std::sort(d.begin(), d.end());
  SAME(d[0], -2);
  THROWS(std::out_of_range, d.at(5));
  std::deque<std::string> words(3, "w");
  words.emplace_front("front");
  words.resize(2);
  auto moved = std::move(words);
  SAME(moved.size(), std::size_t(2));
  d.pop_front();
  d.pop_back();
  d.shrink_to_fit();
  std::printf("%s %d %d\n", moved[0].c_str(), d.front(), static_cast<int>(d.size()));
  return probe::end();
}
