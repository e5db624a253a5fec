#include "cxx.h"
Failure::~Failure() = default;
void thrown_there(int code) { throw Failure(code); }
