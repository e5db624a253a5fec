#include "new.h"
#include <string>
std::string *make_string();
int main() {
  int before = allocated;
  delete new int;
  std::printf("main: %d\n", allocated - before);
  before = allocated;
  delete make_string();
  std::printf("the library, and libc++: %d\n", allocated - before);
}
