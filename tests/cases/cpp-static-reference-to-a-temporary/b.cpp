#include "kept.h"
static const Kept &far = Kept(10);
int of_library() {
  static const Kept &inner = Kept(11);
  return far.number + inner.number;
}
