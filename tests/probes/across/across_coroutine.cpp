#include "../probe.h"
#include "flow.h"
#include <stdexcept>
int main() {
  std::string all;
  {
    auto lines = flow::lines("one\ntwo\nthree, which is a long line of its own\n");
    while (const std::string *line = lines.next())
      all += *line + '|';
    auto abandoned = flow::lines("x\ny\n");
    abandoned.next();
    SAME(flow::Closing::alive, 1); // the first has ended, and its frame is still there
  }
  SAME(flow::Closing::alive, 0);
  SAME(all, "one|two|three, which is a long line of its own|");
  auto throwing = flow::lines("a\n\n");
  SAME(*throwing.next(), "a");
  THROWS(std::length_error, throwing.next());
  SAME(flow::Closing::alive, 0);
  auto ours = []() -> flow::Sequence<std::string> {
    auto inner = flow::lines("inner\n");
    while (const std::string *line = inner.next())
      co_yield *line + " and ours";
  }();
  std::puts(ours.next()->c_str());
  return probe::end();
}
