#include <dlfcn.h>
#include <stdio.h>
struct Object {
  Object() { puts("the program's object is made"); }
  ~Object() { puts("the program's object is ended"); }
};
static Object object;
int main() {
  puts("main begins");
  void *library = dlopen("libobject.so", RTLD_NOW);
  puts(library ? "opened" : dlerror());
  if (library) dlclose(library);
  puts("main ends");
}
