#include <stdio.h>
struct Object {
  Object() { puts("the library's object is made"); }
  ~Object() { puts("the library's object is ended"); }
};
static Object object;
