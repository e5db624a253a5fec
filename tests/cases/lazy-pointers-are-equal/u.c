#include "b.h"
static fn functions[] = {taken, untaken};
fn other_taken(void) { return functions[0]; }
fn other_untaken(void) { return functions[1]; }
