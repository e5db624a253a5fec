#include "../probe.h"
#include "flow.h"
#include "parts.h"
#include <stdexcept>
int main() {
  auto kept = parts::kept();
  THROWS(std::out_of_range, std::rethrow_exception(kept));
  THROWS(std::logic_error, parts::rethrow(kept));
  THROWS(parts::Special, parts::rethrow(std::make_exception_ptr(parts::Special(3))));
  THROWS(parts::Item, parts::rethrow(std::make_exception_ptr(parts::Special(3))));
  SAME(parts::Item::alive, 0);
  std::string said;
  try {
    parts::nest();
  } catch (const std::runtime_error &outer) {
    said = outer.what();
    try {
      std::rethrow_if_nested(outer);
    } catch (const std::invalid_argument &inner) {
      said += std::string(" over ") + inner.what();
    }
  }
  SAME(said, "outer over inner");
  struct Local { int value; };
  THROWS(Local, flow::through([] { throw Local{1}; }));
  THROWS(std::runtime_error, flow::through([] { flow::through(parts::nest); }));
  SAME(flow::Closing::alive, 0);
  std::puts(flow::name_of(9).c_str());
  return probe::end();
}
