#include "b.h"
static fn functions[] = {taken, untaken};
static fn before[2];
int run_before(void) {
  before[0] = taken;
  before[1] = untaken;
  return (other_taken() == taken) + 2 * (functions[0] == taken) + 4 * (other_untaken() == untaken)
    + 8 * (functions[1] == untaken) + 16 * (taken == untaken) + 32 * !taken;
}
int run_through_a_pointer(void) { return before[1](41); }
int run_after(void) {
  return (before[0] == taken) + 2 * (before[1] == untaken) + 4 * (own_taken() == before[0])
    + 8 * (other_taken() == before[0]) + 16 * (before[0](5) == 5) + 32 * (functions[0] == before[0]);
}
