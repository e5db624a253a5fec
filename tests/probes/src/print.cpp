#include "probe.h"
#include <cstdio>
#include <print>
#include <sstream>
#include <ostream>
int main() {
  std::println("{} + {} = {}", 1, 2, 1 + 2);
  std::print("no end, ");
  std::println();
  std::println(stdout, "{:>8}", "right");
  std::print("{}\n", "ünïcödé €");
  std::ostringstream out;
  std::println(out, "{:#06x}", 255);
  std::print(out, "{}", 'c');
  SAME(out.str(), "0x00ff\nc");
  std::FILE *file = std::fopen("/p.txt", "w+");
  std::println(file, "in a file {}", 5);
  std::rewind(file);
  char line[32] = {};
  SAME(std::fgets(line, 32, file) == line, true);
  SAME(line, std::string_view("in a file 5\n"));
  std::fclose(file);
  return probe::end();
}
