#include "b.h"
int taken(int x) { return x; }
int untaken(int x) { return x; }
fn own_taken(void) { return taken; }
