#include <cstdio>
#include <stdexcept>
#include <unistd.h>
void with(bool throws);
int main() {
  dup2(1, 2); // std::terminate says it on standard error
  std::setvbuf(stdout, nullptr, _IONBF, 0);
  try { with(false); } catch (const std::exception &error) { std::printf("caught: %s\n", error.what()); }
  with(true); // two exceptions at once
}
