#include "counter.h"
extern "C" int bump() { return ++counter(); }
