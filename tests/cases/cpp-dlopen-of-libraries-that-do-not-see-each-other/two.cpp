#include "error.h"
static Noisy noisy("two");
extern "C" int handle(void (*f)()) {
  try { f(); } catch (const Error &e) { std::printf("two caught: %s\n", e.what()); return 1; }
  return 0;
}
