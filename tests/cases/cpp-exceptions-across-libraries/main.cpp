#include "errors.h"
#include <cstdio>
#include <exception>
static void throw_in_main(int kind) {
  Guard guard{"throw_in_main"};
  switch (kind) {
  case 0: throw 42;
  case 1: throw "text";
  case 2: throw std::out_of_range("range");
  case 3: throw Error("error");
  case 4: throw Final("final");
  case 5: throw Mixed("mixed");
  case 6: throw Keyed();
  case 7: (void)std::string("x").at(5); break; // thrown in libc++
  case 8: throw new Error("pointer");
  case 9: call_back([](void *) { Guard inner{"in C"}; throw Error("through C", 9); }, nullptr); break;
  case 10: sort_with([](const void *, const void *) -> int { throw Error("through qsort", 10); }); break;
  }
}
int main() {
  for (int kind = 0; kind <= 10; ++kind) {
    std::printf("%d:\n", kind);
    int sum = catch_in_a(throw_in_b, kind) + catch_in_b(throw_in_a, kind);
    std::printf("= %d\n", sum + catch_in_b(throw_in_main, kind));
  }
  try { nest_in_a(); } catch (const std::exception &e) {
    std::printf("%s, nested: ", e.what());
    try { std::rethrow_if_nested(e); } catch (const Error &inner) { std::puts(inner.what()); }
  }
  std::exception_ptr kept;
  try { throw_in_b(4); } catch (...) { kept = std::current_exception(); }
  try { std::rethrow_exception(kept); } catch (const Error &e) { std::printf("kept: %s\n", e.what()); }
  try { throw_in_a(5); } catch (const std::logic_error &e) { std::printf("by the second base: %s\n", e.what()); }
  std::printf("uncaught: %d\n", std::uncaught_exceptions());
}
