#include <csetjmp>
#include <cstdio>
#include <stdexcept>
void jump(std::jmp_buf &to, int value);
void raise_error(const char *text);
static std::jmp_buf place;
static void both(int what) {
  try {
    if (int value = setjmp(place)) { std::printf("jumped with %d\n", value); raise_error("after the jump"); }
    if (what) jump(place, what);
    raise_error("at once");
  } catch (const std::exception &e) { std::printf("caught: %s\n", e.what()); }
}
int main() {
  both(0);
  both(3);
  if (setjmp(place) == 0) { try { jump(place, 1); } catch (...) { std::puts("a jump is no exception"); } }
  std::puts("done");
}
