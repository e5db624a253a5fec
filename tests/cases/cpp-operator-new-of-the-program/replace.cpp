#include "new.h"
void *operator new(std::size_t size) { ++allocated; return std::malloc(size); }
void operator delete(void *memory) noexcept { std::free(memory); }
