#include "probe.h"
#include <map>
#include <ranges>
#include <sstream>
#include <string>
#include <vector>
namespace views = std::views;
template <class R> std::string put(R &&range) {
  std::string text;
  for (auto &&each : range)
    text += std::to_string(each) + ' ';
  return text;
}
int main() {
  std::vector numbers{1, 2, 3, 4, 5, 6};
  SAME(put(numbers | views::filter([](int n) { return n % 2; })), "1 3 5 ");
  SAME(put(numbers | views::transform([](int n) { return n * n; }) | views::drop(4)), "25 36 ");
  SAME(put(numbers | views::reverse | views::take(2)), "6 5 ");
  SAME(put(views::iota(3) | views::take_while([](int n) { return n < 6; })), "3 4 5 ");
  SAME(put(numbers | views::drop_while([](int n) { return n < 5; })), "5 6 ");
  std::vector<std::vector<int>> nested{{1}, {}, {2, 3}};
  SAME(put(nested | views::join), "1 2 3 ");
  SAME(put(nested | views::join_with(0)), "1 0 0 2 3 ");
  std::string words;
  for (auto word : std::string_view("a,bc,,d") | views::split(','))
    words += std::string(word.begin(), word.end()) + '|';
  SAME(words, "a|bc||d|");
  std::map<int, int> map{{1, 10}, {2, 20}};
  SAME(put(map | views::keys), "1 2 ");
  SAME(put(map | views::values), "10 20 ");
  int sum = 0;
  for (auto [a, b] : views::zip(numbers, numbers | views::drop(1)))
    sum += a * b;
  SAME(sum, 2 + 6 + 12 + 20 + 30);
  for (auto pair : views::zip_transform(std::plus(), numbers, numbers))
    sum += pair;
  SAME(sum, 70 + 42);
  std::istringstream in("7 8 9");
  SAME(put(views::istream<int>(in)), "7 8 9 ");
  SAME(put(views::single(5)), "5 ");
  SAME((views::empty<int>.size()), std::size_t(0));
  SAME(put(views::counted(numbers.begin(), 2)), "1 2 ");
  SAME(put(numbers | views::common), "1 2 3 4 5 6 ");
  SAME(put(views::repeat(4, 3)), "4 4 4 ");
  SAME(put(numbers | views::chunk_by([](int a, int b) { return b % 3 != 1 || a == 0; }) | views::transform([](auto run) { return *run.begin(); })), "1 4 ");
  auto odd = [](int n) { return n % 2 == 1; };
  auto pipeline = views::filter(odd) | views::transform([](int n) { return n + 1; });
  SAME(put(numbers | pipeline), "2 4 6 ");
  auto made = numbers | views::as_rvalue | std::ranges::to<std::vector<long>>();
  SAME(made.size(), std::size_t(6));
  std::puts((views::iota('a', 'f') | std::ranges::to<std::string>()).c_str());
  return probe::end();
}
