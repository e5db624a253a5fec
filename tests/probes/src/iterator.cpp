#include "probe.h"
#include <iterator>
#include <list>
#include <memory>
#include <sstream>
#include <string>
#include <vector>
struct Countdown {
  using value_type = int;
  using difference_type = std::ptrdiff_t;
  int left;
  int operator*() const { return left; }
  Countdown &operator++() { return --left, *this; }
  void operator++(int) { --left; }
  bool operator==(std::default_sentinel_t) const { return left == 0; }
};
int main() {
  static_assert(std::input_iterator<Countdown> && std::sentinel_for<std::default_sentinel_t, Countdown>);
  int sum = 0;
  for (Countdown it{4}; it != std::default_sentinel; ++it)
    sum += *it;
  SAME(sum, 10);
  std::list<int> list{1, 2, 3};
  SAME(*std::next(list.begin(), 2), 3);
  SAME(*std::prev(list.end()), 3);
  auto it = list.begin();
  std::advance(it, 1);
  std::fill_n(std::inserter(list, it), 2, 9);
  SAME(list.size(), std::size_t(5));
  std::copy(list.begin(), list.end(), std::front_inserter(list));
  SAME(list.front(), 3);
  std::istringstream in("abc def");
  std::string all(std::istreambuf_iterator<char>(in), {});
  SAME(all, "abc def");
  std::ostringstream out;
  std::copy(list.begin(), std::next(list.begin(), 3), std::ostream_iterator<int>(out, "-"));
  SAME(out.str(), "3-2-9-");
  std::vector<std::unique_ptr<int>> owners(2), moved(std::make_move_iterator(owners.begin()), std::make_move_iterator(owners.end()));
  SAME(moved.size(), std::size_t(2));
  int plain[] = {1, 2, 3};
  SAME(std::size(plain) + std::ssize(plain), std::size_t(6));
  SAME(*std::rbegin(plain), 3);
  SAME(std::reverse_iterator(std::end(plain)).base() == std::end(plain), true);
  std::counted_iterator counted(plain, 2);
  SAME(counted.count(), 2);
  using Common = std::common_iterator<Countdown, std::default_sentinel_t>;
  SAME(*Common(Countdown{3}), 3);
  static_assert(std::contiguous_iterator<std::vector<int>::iterator>);
  static_assert(!std::random_access_iterator<std::list<int>::iterator>);
  std::printf("%td\n", std::distance(list.begin(), list.end()));
  return probe::end();
}
