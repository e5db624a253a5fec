#include "probe.h"
#include <functional>
#include <memory>
#include <string>
#include <vector>
int add(int a, int b) { return a + b; }
struct Has {
  int value = 3;
  int times(int n) const { return value * n; }
};
int main() {
  std::function<int(int, int)> f = add;
  SAME(f(2, 3), 5);
  SAME(*f.target<int (*)(int, int)>() == add, true);
  f = [big = std::vector<int>(100, 1)](int a, int) { return a + static_cast<int>(big.size()); };
  SAME(f(1, 0), 101);
  auto copy = f;
  f = nullptr;
  SAME(bool(f), false);
  THROWS(std::bad_function_call, f(1, 2));
  SAME(copy(2, 0), 102);
  using namespace std::placeholders;
  SAME(std::bind(add, _2, 10)(1, 5), 15);
  SAME(std::bind_front(add, 1)(2), 3);
  SAME(std::mem_fn(&Has::times)(Has{}, 4), 12);
  Has has;
  SAME(std::invoke(&Has::value, has), 3);
  SAME(std::invoke(&Has::times, &has, 2), 6);
  int counter = 0;
  auto increase = [](int &n) { ++n; };
  std::bind(increase, std::ref(counter))();
  SAME(counter, 1);
  SAME(std::not_fn(std::less<>())(1, 2), false);
  SAME(std::plus<>()(std::string("a"), "b"), "ab");
  std::string text = "find the needle in the hay";
  std::string needle = "needle";
  auto found = std::search(text.begin(), text.end(), std::boyer_moore_searcher(needle.begin(), needle.end()));
  SAME(found - text.begin(), 9);
  SAME(std::identity()(7), 7);
  std::function<std::function<int(int)>(int)> curried = [](int a) { return [a](int b) { return a * b; }; };
  SAME(curried(6)(7), 42);
  std::function<int(int)> factorial = [&](int n) { return n < 2 ? 1 : n * factorial(n - 1); };
  std::printf("%d\n", factorial(10));
  return probe::end();
}
