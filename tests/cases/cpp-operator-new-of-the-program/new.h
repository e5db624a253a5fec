#include <cstdio>
#include <cstdlib>
#include <new>
inline int allocated = 0;
