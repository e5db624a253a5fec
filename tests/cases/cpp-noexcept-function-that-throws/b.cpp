#include <stdexcept>
namespace shop { struct Closed : std::runtime_error { using std::runtime_error::runtime_error; }; }
void fail() { throw shop::Closed("until Monday"); }
