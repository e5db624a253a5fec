#include "vars.h"
static thread_local int *address = &number;
int main() {
  std::puts("main");
  change();
  std::printf("%d %d %s %s %s\n", number, zero, text, made.c_str(), shared.c_str());
  number = 100;
  made = "again";
  change();
  std::printf("%d %d %s %s %s %d\n", number, zero, text, made.c_str(), shared.c_str(), *address);
}
