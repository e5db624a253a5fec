#include "counter.h"
extern "C" int bump();
extern "C" int run() { bump(); counter() += 10; return bump() == counter() ? counter() : -1; }
