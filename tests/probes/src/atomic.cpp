#include "probe.h"
#include <atomic>
#include <memory>
struct Pair { int a, b; bool operator==(const Pair &) const = default; };
int main() {
  std::atomic<int> number = 5;
  SAME(number.fetch_add(3), 5);
  int expected = 8;
  SAME(number.compare_exchange_strong(expected, 10), true);
  SAME(number.compare_exchange_strong(expected, 0), false);
  SAME(expected, 10);
  SAME(number.exchange(1), 10);
  std::atomic<long long> wide = 1ll << 40;
  wide |= 1;
  SAME(wide.load(), (1ll << 40) + 1);
  std::atomic<Pair> pair(Pair{1, 2});
  SAME(pair.load() == Pair({1, 2}), true);
  std::atomic_flag flag;
  SAME(flag.test_and_set(), false);
  SAME(flag.test(), true);
  SAME(std::atomic<int>::is_always_lock_free, true);
  int plain = 4;
  std::atomic_ref<int>(plain)--;
  SAME(plain, 3);
  std::atomic<double> real = 1.5;
  real.fetch_add(1.0);
  SAME(real.load(), 2.5);
  std::atomic<int *> pointer = &plain;
  SAME(pointer++ == &plain, true);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  std::printf("%d\n", number.load(std::memory_order_relaxed));
  return probe::end();
}
