#include "b.h"
static fn functions[] = {taken, untaken};
int run(void) {
  return (own_taken() == taken) + 2 * (other_taken() == taken) + 4 * (functions[0] == taken)
    + 8 * (other_untaken() == untaken) + 16 * (functions[1] == untaken) + 32 * (taken == untaken);
}
