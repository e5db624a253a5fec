#include "probe.h"
#include <cstdlib>
#include <memory>
#include <vector>
struct Base { static inline int alive = 0; Base() { ++alive; } virtual ~Base() { --alive; } virtual int id() { return 1; } };
struct Derived : Base { int id() override { return 2; } };
int closed = 0;
struct Closer { void operator()(int *p) const { ++closed; delete p; } };
int main() {
  {
    std::unique_ptr<Base> p = std::make_unique<Derived>();
    SAME(p->id(), 2);
    auto q = std::move(p);
    SAME(p == nullptr, true);
    std::vector<std::unique_ptr<Base>> many;
    many.push_back(std::move(q));
    many.push_back(std::make_unique<Base>());
    SAME(Base::alive, 2);
    many[0].reset();
    SAME(Base::alive, 1);
  }
  SAME(Base::alive, 0);
  {
    std::unique_ptr<int, Closer> own(new int(3));
    own.reset(new int(4));
    SAME(closed, 1);
    int *released = own.release();
    delete released;
  }
  SAME(closed, 1);
  auto array = std::make_unique<int[]>(5);
  SAME(array[4], 0);
  std::unique_ptr<char, decltype(&std::free)> c(static_cast<char *>(std::malloc(10)), std::free);
  SAME(c != nullptr, true);
  SAME(sizeof(std::unique_ptr<int, Closer>), sizeof(int *));
  std::unique_ptr<const Base> constant = std::make_unique<Derived>();
  auto fill = [](int **out) { *out = new int(8); };
  std::unique_ptr<int> filled;
  fill(std::out_ptr(filled));
  SAME(*filled, 8);
  std::printf("%d\n", Base::alive);
  return probe::end();
}
