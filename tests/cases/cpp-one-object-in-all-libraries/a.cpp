#include "objects.h"
Seen a_sees() { return see(); }
