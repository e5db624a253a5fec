#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
extern "C" int walk(int depth, void (*call)(int));
extern "C" int inside;
void walk_noted(int depth, void (*call)(int));
__attribute__((noinline)) static char *here() { volatile char on_the_stack = 0; return const_cast<char *>(&on_the_stack); }
int main() {
  char *before = here();
  try { walk(10, [](int) { throw std::runtime_error("through ten"); }); } catch (const std::exception &e) { std::puts(e.what()); }
  try { walk_noted(3, [](int) { walk_noted(2, [](int) { throw 5; }); }); } catch (int n) { std::printf("%d\n", n); }
  int numbers[] = {3, 1, 2};
  try {
    std::qsort(numbers, 3, sizeof(int), [](const void *, const void *) -> int { throw "through libc's qsort"; });
  } catch (const char *text) { std::puts(text); }
  std::printf("left inside: %d, the same stack: %d\n", inside, here() == before);
}
