#include <csetjmp>
#include <cstdio>
struct Noted { const char *name; ~Noted() { std::printf("gone: %s\n", name); } };
void jump_over(std::jmp_buf &to) {
  Noted noted{"in the library"};
  try { Noted inner{"within try"}; std::longjmp(to, 1); } catch (...) { std::puts("a jump is no exception"); }
}
