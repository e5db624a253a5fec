#include "probe.h"
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
struct Throws {
  static inline int made = 0, alive = 0;
  Throws() { ++alive; }
  Throws(const Throws &) {
    if (++made == 3)
      throw std::string("third");
    ++alive;
  }
  ~Throws() { --alive; }
};
template <class T> struct Counting {
  using value_type = T;
  static inline std::size_t bytes = 0;
  T *allocate(std::size_t n) { return bytes += n * sizeof(T), std::allocator<T>().allocate(n); }
  void deallocate(T *p, std::size_t n) { bytes -= n * sizeof(T), std::allocator<T>().deallocate(p, n); }
  bool operator==(const Counting &) const = default;
};
int main() {
  alignas(Throws) unsigned char room[5];
  {
    Throws from[4];
    THROWS(std::string, std::uninitialized_copy(from, from + 4, reinterpret_cast<Throws *>(room)));
    SAME(Throws::alive, 4); // those that were made are gone again
  }
  alignas(std::string) unsigned char words[2 * sizeof(std::string)];
  auto *strings = reinterpret_cast<std::string *>(words);
  std::uninitialized_fill_n(strings, 2, std::string(40, 'x'));
  SAME(strings[1].size(), std::size_t(40));
  std::destroy_n(strings, 2);
  std::string *one = std::construct_at(strings, "one");
  SAME(*one, "one");
  std::destroy_at(one);
  alignas(16) char buffer[64];
  void *place = buffer + 1;
  std::size_t space = 63;
  SAME(std::align(16, 8, place, space) == buffer + 16, true);
  SAME(space, std::size_t(48));
  SAME(std::align(16, 60, place, space) == nullptr, true);
  std::allocator<int> allocator;
  int *numbers = allocator.allocate(10);
  std::uninitialized_value_construct_n(numbers, 10);
  SAME(numbers[9], 0);
  allocator.deallocate(numbers, 10);
  THROWS(std::bad_array_new_length, allocator.allocate(static_cast<std::size_t>(-1)));
  {
    std::basic_string<char, std::char_traits<char>, Counting<char>> counted(100, 'c');
    SAME(Counting<char>::bytes > 100, true);
  }
  SAME(Counting<char>::bytes, std::size_t(0));
  SAME(std::to_address(std::make_unique<int>(3)) != nullptr, true);
  SAME(std::pointer_traits<int *>::pointer_to(*numbers) == numbers, true);
  std::printf("%zu\n", std::allocator_traits<Counting<int>>::max_size(Counting<int>()) / sizeof(int));
  return probe::end();
}
