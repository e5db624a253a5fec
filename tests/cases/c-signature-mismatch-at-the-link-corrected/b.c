#include "seek.h"
long long seek(int file, long long offset) { return offset; }
