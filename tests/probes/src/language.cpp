// What the compiler asks of libc++abi: guards, pure virtual functions, arrays, casts between bases, thread_local.
#include "probe.h"
#include <new>
#include <string>
std::string log_;
struct Noted { char name; Noted(char name) : name(name) { log_ += name; } ~Noted() { log_ += name; } };
int attempts = 0;
int &once() {
  static int value = [] {
    if (++attempts < 3)
      throw attempts;
    return 10 * attempts;
  }();
  return value;
}
struct A { virtual ~A() = default; int a = 1; };
struct B : virtual A { int b = 2; };
struct C : virtual A { virtual int id() { return 3; } };
struct D : B, C { int id() override { return 4; } };
struct Fails { static inline int made = 0, gone = 0; Fails() { if (made == 3) throw 'f'; ++made; } ~Fails() { ++gone; } };
thread_local Noted late('t');
int main() {
  THROWS(int, once());
  THROWS(int, once());
  SAME(once(), 30);
  SAME(++once(), 31);
  SAME(attempts, 3);
  D d;
  A *a = &d;
  SAME(dynamic_cast<C *>(a)->id(), 4);
  SAME(dynamic_cast<B *>(dynamic_cast<C *>(a))->b, 2);
  SAME(dynamic_cast<D *>(a) == &d, true);
  int (C::*method)() = &C::id;
  SAME((d.*method)(), 4);
  THROWS(char, delete[] new Fails[5]);
  SAME(Fails::gone, 3);
  Noted *noted = new Noted[2]{'x', 'y'};
  delete[] noted;
  SAME(log_.substr(log_.size() - 4), "xyyx");
  SAME(late.name, 't');
  auto counter = [n = 0]() mutable { return ++n; };
  counter();
  std::printf("%d\n", counter());
  return probe::end();
}
