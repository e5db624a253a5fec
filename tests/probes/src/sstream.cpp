#include "probe.h"
#include <iterator>
#include <sstream>
#include <string>
int main() {
  std::istringstream in("12 0x1f 077 1e3 nan true rest of it");
  in.exceptions(std::ios::badbit);
  int decimal, hex, octal;
  double large, none;
  std::string word;
  in >> decimal >> std::hex >> hex >> std::oct >> octal >> std::dec >> large;
  SAME(decimal, 12);
  SAME(hex, 31);
  SAME(octal, 63);
  SAME(large, 1000.0);
  in >> none; // the stream's own grammar for numbers knows no nan
  SAME(in.fail(), true);
  in.clear();
  std::stringstream both;
  both << "a" << 'b' << "c\0d" << std::string("e\0f", 3) << 18446744073709551615u << ' ' << -9223372036854775807 - 1;
  SAME(both.str().size(), std::size_t(3 + 3 + 20 + 1 + 20));
  both.seekg(-4, std::ios::end);
  both >> word;
  SAME(word, "5808");
  both.clear();
  both.seekp(0);
  both << "XY";
  SAME(both.str().substr(0, 3), "XYc");
  SAME(both.tellp(), std::streampos(2));
  std::istringstream lines("one\n\ntwo");
  int count = 0;
  for (std::string line; std::getline(lines, line);)
    ++count;
  SAME(count, 3);
  std::istringstream numbers("1 2 3 x");
  int sum = 0;
  for (std::istream_iterator<int> it(numbers), end; it != end; ++it)
    sum += *it;
  SAME(sum, 6);
  in.exceptions(std::ios::failbit);
  THROWS(std::ios_base::failure, int unread; in.str("x"); in >> unread);
  std::stringstream moved = std::move(both);
  std::ostringstream view;
  view << std::string_view("view");
  SAME(view.view(), "view");
  std::istringstream overflow("99999999999");
  overflow >> decimal;
  SAME(decimal, 2147483647);
  SAME(overflow.fail(), true);
  std::printf("%s\n", moved.str().c_str() + 26);
  return probe::end();
}
