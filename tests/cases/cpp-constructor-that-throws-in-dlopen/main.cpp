#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <exception>
extern "C" int ready;
int ready;
__attribute__((noinline)) static char *here() { volatile char on_the_stack = 0; return const_cast<char *>(&on_the_stack); }
int main() {
  std::set_terminate([] { std::puts("not called: dlopen has caught it"); });
  char *before = here();
  for (int i = 0; i < 2; ++i) {
    void *handle = dlopen("libfussy.so", RTLD_NOW);
    const char *said = dlerror();
    std::printf("%d %.*s\n", handle != nullptr, static_cast<int>(std::strcspn(said, "\n")), said);
    std::printf("%d %d\n", std::current_exception() == nullptr, std::uncaught_exceptions());
  }
  std::printf("the same stack: %d\n", here() == before);
  std::printf("still there: %d\n", dlopen("libfussy.so", RTLD_NOW | RTLD_NOLOAD) != nullptr);
  ready = 1;
  void *handle = dlopen("libfussy.so", RTLD_NOW);
  std::printf("%d\n", reinterpret_cast<int (*)()>(dlsym(handle, "answer"))());
  return dlclose(handle);
}
