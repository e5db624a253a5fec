#include <stdexcept>
extern "C" int fail(int n) { if (n) throw std::out_of_range("too far"); return 0; }
