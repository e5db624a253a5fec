#include "seek.h"
int run(void) { return seek(1, 2); }
