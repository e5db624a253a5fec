#include <cstdio>
#include <dlfcn.h>
extern "C" void note(int n) { std::printf("%s %s\n", n == 6 || n == -6 ? "first" : "second", n > 0 ? "is made" : "is gone"); }
int main() {
  for (int round = 0; round < 2; ++round) {
    void *first = dlopen("libfirst.so", RTLD_NOW), *second = dlopen("libsecond.so", RTLD_NOW);
    if (!first || !second) std::puts(dlerror());
    std::printf("closed: %d\n", dlclose(round ? second : first));
    std::printf("closed: %d\n", dlclose(round ? first : second));
  }
}
