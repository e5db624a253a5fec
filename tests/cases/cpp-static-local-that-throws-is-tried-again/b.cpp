#include "once.h"
int in_library() { try { return once().number; } catch (int n) { return -n; } }
