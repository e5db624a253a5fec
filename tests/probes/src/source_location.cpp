#include "probe.h"
#include <source_location>
#include <string_view>
unsigned line(std::source_location at = std::source_location::current()) { return at.line(); }
std::string_view function(std::source_location at = std::source_location::current()) { return at.function_name(); }
struct Made { unsigned line; Made(std::source_location at = std::source_location::current()) : line(at.line()) {} };
int main() {
  SAME(line(), 8u);
  SAME(Made().line, 9u);
  SAME(function(), "int main()");
  std::string_view file = std::source_location::current().file_name();
  SAME(file.ends_with("source_location.cpp"), true);
  SAME(std::source_location::current().column() > 0, true);
  auto lambda = [] { return line(); };
  std::printf("%u\n", lambda());
  return probe::end();
}
