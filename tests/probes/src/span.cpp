#include "probe.h"
#include <array>
#include <numeric>
#include <span>
#include <vector>
int sum(std::span<const int> numbers) { return std::accumulate(numbers.begin(), numbers.end(), 0); }
int main() {
  int plain[] = {1, 2, 3, 4};
  std::array<int, 2> array{5, 6};
  std::vector<int> vector{7, 8, 9};
  SAME(sum(plain), 10);
  SAME(sum(array), 11);
  SAME(sum(vector), 24);
  std::span all(plain);
  static_assert(decltype(all)::extent == 4);
  SAME(all.first<2>().size(), std::size_t(2));
  SAME(all.last(3).front(), 2);
  SAME(sum(all.subspan(1, 2)), 5);
  SAME(all.size_bytes(), std::size_t(16));
  auto bytes = std::as_writable_bytes(all);
  bytes[0] = std::byte(42);
  SAME(plain[0], 42);
  SAME(std::as_bytes(std::span(vector)).size(), std::size_t(12));
  SAME(std::span<int>().empty(), true);
  SAME(*all.rbegin(), 4);
  SAME(sizeof(std::span<int, 4>), sizeof(int *));
  std::printf("%d\n", all.back());
  return probe::end();
}
