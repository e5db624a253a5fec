#include "error.h"
#include <dlfcn.h>
int main() {
  for (int round = 0; round < 2; ++round) {
    void *one = dlopen("libone.so", RTLD_NOW | RTLD_LOCAL), *two = dlopen("libtwo.so", RTLD_NOW | RTLD_LOCAL);
    if (!one || !two) { std::puts(dlerror()); return 1; }
    auto raise_error = reinterpret_cast<void (*)()>(dlsym(one, "raise_error"));
    auto handle = reinterpret_cast<int (*)(void (*)())>(dlsym(two, "handle"));
    std::printf("handled: %d\n", handle(raise_error));
    try { raise_error(); } catch (const Error &e) { std::printf("main caught: %s\n", e.what()); }
    std::printf("closed: %d\n", dlclose(one));
    std::printf("closed: %d\n", dlclose(two));
  }
}
