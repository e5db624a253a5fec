#include "vars.h"
static thread_local int number_here = 30; // its own, whatever its neighbours have
void change() {
  number += number_here++;
  zero += 2;
  text += 1;
  made += "!";
  shared += "h";
}
