#include "b.h"
struct small grow(struct small s, int by) { s.x += by; return s; }
struct large turn(struct large l, struct small s) {
  for (int i = 0; i < 5; i++) l.numbers[i] *= s.x;
  l.weight /= s.x;
  return l;
}
