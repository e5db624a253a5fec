#include <cstdio>
#include <dlfcn.h>
#include <exception>
#include <stdexcept>
static void say(const std::exception &error, int depth) {
  std::printf("%*s%s\n", depth, "", error.what());
  try { std::rethrow_if_nested(error); } catch (const std::exception &inner) { say(inner, depth + 2); }
}
int main() {
  std::exception_ptr kept;
  for (int round = 0; round < 3; ++round) {
    void *b = dlopen("libb.so", RTLD_NOW);
    auto fail = reinterpret_cast<void (*)(std::exception_ptr *)>(dlsym(b, "fail"));
    auto plain = reinterpret_cast<void (*)(std::exception_ptr *)>(dlsym(b, "plain"));
    try { fail(&kept); } catch (const std::exception &error) { say(error, 0); } // what nests is of a type of the library's
    plain(&kept);
    dlclose(b);
    try { std::rethrow_exception(kept); } catch (const std::range_error &error) { std::puts(error.what()); }
  }
}
