#include <cstdio>
#include <dlfcn.h>
static void *opened(const char *name) {
  void *handle = dlopen(name, RTLD_NOW | RTLD_GLOBAL);
  if (!handle) std::puts(dlerror());
  std::printf("%s: %d\n", name, reinterpret_cast<int (*)()>(dlsym(handle, "use"))());
  return handle;
}
static int there(const char *name) { return dlopen(name, RTLD_NOW | RTLD_NOLOAD) != nullptr; }
int main() {
  for (int round = 0; round < 2; ++round) {
    void *one = opened("libone.so"), *two = opened("libtwo.so");
    void *first = round ? two : one, *second = round ? one : two;
    std::printf("closed: %d\n", dlclose(first));
    std::printf("closed: %d\n", dlclose(second));
    std::printf("there: %d %d\n", there("libone.so"), there("libtwo.so"));
  }
}
