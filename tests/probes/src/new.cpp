#include "probe.h"
#include <cstdint>
#include <cstdlib>
#include <new>
struct alignas(64) Wide { char bytes[64]; };
struct Own {
  static inline int made = 0;
  static void *operator new(std::size_t size) { return ++made, ::operator new(size); }
  static void operator delete(void *p) { --made, ::operator delete(p); }
  Own(bool fails = false) {
    if (fails)
      throw 1;
  }
};
int handled = 0;
void handler() {
  if (++handled == 3)
    std::set_new_handler(nullptr);
}
int main() {
  volatile std::size_t huge = static_cast<std::size_t>(-1) / 2;
  THROWS(std::bad_alloc, ::operator delete(::operator new(huge)));
  SAME(::operator new(huge, std::nothrow) == nullptr, true);
  char *volatile kept = new (std::nothrow) char[huge]; // kept, since compilers may leave out what nobody looks at
  SAME(kept == nullptr, true);
  volatile int negative = -1;
  THROWS(std::bad_alloc, kept = reinterpret_cast<char *>(new int[negative]));
  SAME(std::get_new_handler() == nullptr, true);
  std::set_new_handler(handler);
  THROWS(std::bad_alloc, ::operator delete(::operator new(huge)));
  SAME(handled, 3); // called until it is there no more
  Wide *wide = new Wide;
  SAME(reinterpret_cast<std::uintptr_t>(wide) % 64, std::uintptr_t(0));
  delete wide;
  void *page = ::operator new(100, std::align_val_t(4096));
  SAME(reinterpret_cast<std::uintptr_t>(page) % 4096, std::uintptr_t(0));
  ::operator delete(page, std::align_val_t(4096));
  SAME(::operator new(huge, std::align_val_t(256), std::nothrow) == nullptr, true);
  delete new Own;
  THROWS(int, new Own(true));
  SAME(Own::made, 0); // who throws while it is made gives its memory back
  void *none = ::operator new(0), *other = ::operator new(0);
  SAME(none != nullptr && none != other, true);
  ::operator delete(none);
  ::operator delete(other, std::size_t(0));
  alignas(int) char room[sizeof(int)];
  int *placed = new (room) int(5);
  SAME(std::launder(placed) == placed, true);
  std::printf("%d\n", *placed);
  return probe::end();
}
