#include <stdexcept>
static int made() { throw std::runtime_error("no value"); }
static int value = made();
int bad() { return value; }
