#include "b.h"
void log(int);
__attribute__((constructor)) static void comes(void) { log(0); }
int taken(int x) { return x; }
int untaken(int x) { return x + 1; }
static fn volatile kept = taken;
fn own_taken(void) { return kept; }
