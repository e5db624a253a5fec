#include <csetjmp>
#include <cstdio>
#include <exception>
void jump_over(std::jmp_buf &to);
struct Noted { const char *name; ~Noted() { std::printf("gone: %s\n", name); } };
static std::jmp_buf place;
static void middle() { Noted noted{"in the middle"}; jump_over(place); }
int main() {
  for (int i = 0; i < 2; ++i)
    if (setjmp(place) == 0) middle(); else std::puts("jumped");
  try { throw 1; } catch (int) { std::printf("and then: %d\n", std::uncaught_exceptions()); }
}
