#include "probe.h"
#include <algorithm>
#include <iterator>
#include <string>
#include <vector>
int main() {
  std::vector<int> v{5, 3, 8, 1, 9, 2, 7};
  std::sort(v.begin(), v.end(), std::greater<int>());
  SAME(v.front(), 9);
  std::vector<int> large(20000);
  unsigned state = 1;
  for (int &each : large)
    each = static_cast<int>((state = state * 1664525u + 1013904223u) >> 8);
  auto copy = large;
  std::sort(large.begin(), large.end());
  SAME(std::is_sorted(large.begin(), large.end()), true);
  std::make_heap(copy.begin(), copy.end());
  std::sort_heap(copy.begin(), copy.end());
  SAME(copy == large, true);
  std::partial_sort(v.begin(), v.begin() + 3, v.end());
  SAME(v[0] * 100 + v[1] * 10 + v[2], 123);
  std::vector<std::pair<int, int>> pairs{{1, 0}, {0, 1}, {1, 2}, {0, 3}};
  std::stable_sort(pairs.begin(), pairs.end(), [](auto a, auto b) { return a.first < b.first; });
  SAME(pairs[1].second, 3);
  auto middle = std::stable_partition(v.begin(), v.end(), [](int n) { return n % 2; });
  SAME(middle - v.begin(), 5);
  std::string text = "aabbbc";
  text.erase(std::unique(text.begin(), text.end()), text.end());
  SAME(text, "abc");
  std::string letters = "abc";
  int permutations = 0;
  do
    ++permutations;
  while (std::next_permutation(letters.begin(), letters.end()));
  SAME(permutations, 6);
  std::vector<int> a{1, 2, 3, 4}, b{2, 4, 6}, out;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
  std::set_symmetric_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
  SAME(out == std::vector({2, 4, 1, 3, 6}), true);
  SAME(std::includes(a.begin(), a.end(), out.begin(), out.begin() + 2), true);
  std::inplace_merge(out.begin(), out.begin() + 2, out.end());
  SAME(std::is_sorted(out.begin(), out.end()), true);
  SAME(std::clamp(15, 0, 10), 10);
  SAME(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin(), 0);
  SAME(std::adjacent_find(out.begin(), out.end()) == out.end(), true);
  std::rotate(a.begin(), a.begin() + 1, a.end());
  std::replace_if(a.begin(), a.end(), [](int n) { return n > 3; }, 0);
  SAME(a == std::vector({2, 3, 0, 1}), true);
  std::transform(a.begin(), a.end(), a.begin(), [](int n) { return n * n; });
  SAME(std::minmax_element(a.begin(), a.end()).second - a.begin(), 1);
  SAME(std::search_n(text.begin(), text.end(), 1, 'b') - text.begin(), 1);
  std::nth_element(large.begin(), large.begin() + 5, large.end(), std::greater<int>());
  SAME(large[5], copy[copy.size() - 6]);
  std::shift_left(a.begin(), a.end(), 1);
  std::for_each(a.begin(), a.end() - 1, [](int n) { std::printf("%d ", n); });
  std::puts("");
  return probe::end();
}
