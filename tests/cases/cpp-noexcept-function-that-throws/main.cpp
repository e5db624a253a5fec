#include <cstdio>
#include <unistd.h>
void fail();
struct Noted { const char *name; ~Noted() { std::printf("%s is gone\n", name); } };
void quiet() noexcept { Noted noted{"what is inside"}; fail(); }
int main() {
  dup2(1, 2);
  std::setvbuf(stdout, nullptr, _IONBF, 0);
  Noted noted{"what is outside"};
  try { quiet(); } catch (...) { std::puts("wrong"); }
}
