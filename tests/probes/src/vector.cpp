#include "probe.h"
#include <algorithm>
#include <numeric>
#include <memory>
#include <string>
#include <vector>
struct Counted {
  static inline int alive = 0, copies = 0, moves = 0;
  int value;
  Counted(int value = 0) : value(value) { ++alive; }
  Counted(const Counted &other) : value(other.value) { ++alive, ++copies; }
  Counted(Counted &&other) noexcept : value(other.value) { ++alive, ++moves; }
  Counted &operator=(const Counted &) = default;
  ~Counted() { --alive; }
};
struct Throws {
  static inline int left = 0, alive = 0;
  Throws() { ++alive; }
  Throws(const Throws &) {
    if (left-- == 0)
      throw 1;
    ++alive;
  }
  ~Throws() { --alive; }
};
int main() {
  std::vector<int> v(5);
  std::iota(v.begin(), v.end(), 1);
  v.insert(v.begin() + 2, {10, 20});
  SAME(v == std::vector<int>({1, 2, 10, 20, 3, 4, 5}), true);
  v.erase(v.begin(), v.begin() + 2);
  SAME(v.front(), 10);
  v.insert(v.end(), v[0]);
  SAME(v.back(), 10);
  THROWS(std::out_of_range, v.at(6));
  THROWS(std::length_error, v.reserve(v.max_size() + 1));
  {
    std::vector<Counted> counted;
    for (int i = 0; i < 100; ++i)
      counted.emplace_back(i);
    SAME(Counted::copies, 0);
    SAME(Counted::moves > 0, true);
    auto copy = counted;
    SAME(Counted::copies, 100);
    SAME(Counted::alive, 200);
  }
  SAME(Counted::alive, 0);
  {
    std::vector<Throws> throwing(4);
    throwing.shrink_to_fit();
    Throws::left = 2;
    THROWS(int, throwing.push_back(throwing[0])); // the strong guarantee: nothing has changed
    SAME(throwing.size(), std::size_t(4));
    SAME(Throws::alive, 4);
  }
  std::vector<bool> bits(70);
  bits[69] = true;
  bits.flip();
  SAME(std::count(bits.begin(), bits.end(), true), 69);
  std::vector<std::unique_ptr<int>> owners;
  owners.push_back(std::make_unique<int>(3));
  owners.resize(3);
  SAME(owners[1] == nullptr, true);
  std::vector<std::string> words{"b", "a"};
  words.assign(3, "z");
  SAME(words[2], "z");
  SAME(std::erase(v, 10), std::size_t(2));
  SAME((std::vector{1, 2} < std::vector{1, 3}), true);
  v.clear();
  v.shrink_to_fit();
  std::printf("%zu %zu %zu\n", v.capacity(), words.size(), bits.size());
  return probe::end();
}
