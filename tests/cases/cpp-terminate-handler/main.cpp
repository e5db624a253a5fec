#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
int main() {
  std::set_terminate([] {
    try { throw; } catch (const std::exception &e) { std::printf("handled: %s\n", e.what()); }
    std::exit(3);
  });
  throw std::logic_error("late");
}
