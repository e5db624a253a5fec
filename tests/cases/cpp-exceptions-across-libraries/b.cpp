#include "errors.h"
#include <cstdio>
Keyed::~Keyed() {}
int Keyed::value() const { return 61; }
Guard::~Guard() { std::printf("  unwound: %s\n", name); }
void throw_in_b(int kind) {
  Guard guard{"throw_in_b"};
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
int catch_in_b(void (*thrower)(int), int kind) {
  try {
    thrower(kind);
  } catch (int value) { std::printf("int %d\n", value); return value;
  } catch (const char *text) { std::printf("text %s\n", text); return 1;
  } catch (const Final &e) { std::printf("Final %s\n", e.what()); return 2;
  } catch (const Error &e) { std::printf("Error %s %d\n", e.what(), e.code); return 3;
  } catch (const Error *e) { std::printf("Error* %s\n", e->what()); delete e; return 4;
  } catch (const Keyed &k) { std::printf("Keyed %d\n", k.value()); return 5;
  } catch (const std::logic_error &e) { std::printf("logic_error %s\n", e.what()); return 6;
  } catch (...) { std::puts("something else"); return -1; }
  return 0;
}
void rethrow_in_b(void (*thrower)(int), int kind) {
  try {
    thrower(kind);
  } catch (const std::exception &e) {
    std::printf("passing on: %s\n", e.what());
    throw;
  }
}
