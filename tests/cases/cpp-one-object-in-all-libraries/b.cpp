#include "objects.h"
Seen b_sees() { return see(); }
