#include <cstdio>
#include <dlfcn.h>
#include <stdexcept>
int main() {
  std::puts(dlopen("libown.so", RTLD_NOW) ? "opened" : dlerror());
  try {
    throw std::runtime_error("still here");
  } catch (const std::exception &error) {
    std::puts(error.what());
  }
}
