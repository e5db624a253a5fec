#include "noted.h"
#include <dlfcn.h>
extern "C" void use_stays();
static thread_local Noted of_main("main");
int main() {
  void *leaves = dlopen("libleaves.so", RTLD_NOW);
  std::puts("opened");
  reinterpret_cast<void (*)()>(dlsym(leaves, "use_leaves"))();
  use_stays();
  std::puts(of_main.name);
  std::printf("closed: %d\n", dlclose(leaves));
}
