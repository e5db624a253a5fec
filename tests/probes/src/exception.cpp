#include "probe.h"
#include <exception>
#include <stdexcept>
#include <string>
std::string log_;
int throws() { throw 3; }
struct Traced {
  char name;
  ~Traced() { log_ += name, log_ += std::uncaught_exceptions() ? '!' : '.'; }
};
void chain(const std::exception &error) {
  log_ += error.what(), log_ += '<';
  try {
    std::rethrow_if_nested(error);
  } catch (const std::exception &inner) {
    chain(inner);
  }
}
int main() {
  try {
    Traced a{'a'};
    { Traced b{'b'}; }
    Traced c{'c'};
    throw 1;
  } catch (int) {
  }
  SAME(log_, "b.c!a!");
  log_.clear();
  std::exception_ptr kept;
  SAME(kept == nullptr, true);
  try {
    throw std::runtime_error("kept");
  } catch (...) {
    kept = std::current_exception();
  }
  for (int i = 0; i < 2; ++i)
    try {
      std::rethrow_exception(kept);
    } catch (const std::runtime_error &error) {
      log_ += error.what();
    }
  SAME(log_, "keptkept");
  log_.clear();
  try {
    try {
      try {
        throw std::logic_error("inner");
      } catch (...) {
        std::throw_with_nested(std::runtime_error("middle"));
      }
    } catch (...) {
      std::throw_with_nested(std::runtime_error("outer"));
    }
  } catch (const std::exception &error) {
    chain(error);
  }
  SAME(log_, "outer<middle<inner<");
  THROWS(std::out_of_range, try { throw std::out_of_range("x"); } catch (const std::logic_error &) { throw; });
  auto made = std::make_exception_ptr(7);
  THROWS(int, std::rethrow_exception(made));
  try {
    try {
      throw std::string("first");
    } catch (const std::string &) {
      throw std::string("second");
    }
  } catch (const std::string &text) {
    SAME(text, "second");
  }
  SAME(std::uncaught_exceptions(), 0);
  SAME(std::current_exception() == nullptr, true);
  struct Function { int value; Function() try : value(throws()) {} catch (int) {} }; // is thrown again at its end
  THROWS(int, Function());
  std::puts(std::bad_exception().what());
  return probe::end();
}
