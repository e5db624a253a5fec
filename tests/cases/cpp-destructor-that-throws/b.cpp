#include <stdexcept>
struct Tidy { ~Tidy() noexcept(false); };
Tidy::~Tidy() noexcept(false) { throw std::runtime_error("from a destructor"); }
void with(bool throws) { Tidy tidy; if (throws) throw 5; }
