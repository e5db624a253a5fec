#include <exception>
#include <stdexcept>
#include <string>
static int opened = 0;
extern "C" void fail(std::exception_ptr *before) {
  try {
    if (*before) std::rethrow_exception(*before);
    throw std::out_of_range("thrown by the first");
  } catch (...) {
    std::throw_with_nested(std::runtime_error("around it, " + std::to_string(++opened)));
  }
}
extern "C" void plain(std::exception_ptr *to) {
  try { throw std::range_error("kept from a library that is gone"); } catch (...) { *to = std::current_exception(); }
}
