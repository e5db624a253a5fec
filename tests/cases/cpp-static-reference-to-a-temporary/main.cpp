#include "kept.h"
static const Kept &reference = Kept(1);
static Kept value(2);
static const Kept &function_local() {
  static const Kept &local = Kept(3);
  return local;
}
int main() { std::printf("%d %d\n", reference.number + value.number + function_local().number, of_library()); }
