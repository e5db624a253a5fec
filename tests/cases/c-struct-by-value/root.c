#include "b.h"
double run(void) {
  struct large before = {{1, 2, 3, 4, 5}, 1.5};
  struct large after = turn(before, grow((struct small){2}, 1));
  return after.numbers[4] * 100 + before.numbers[4] * 10 + after.weight;
}
