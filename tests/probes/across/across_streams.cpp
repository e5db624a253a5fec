#include "../probe.h"
#include "parts.h"
#include <iostream>
#include <sstream>
int main() {
  std::ostringstream out;
  out << *parts::make(4) << ' ' << parts::Item(1);
  SAME(out.str(), "<special 4> <item>");
  auto counting = parts::counting(std::cout.rdbuf());
  std::streambuf *before = std::cout.rdbuf(counting.get());
  std::cout << "first\nsecond" << std::endl;
  std::cout.rdbuf(before);
  std::cout << "third" << std::endl;
  return probe::end();
}
