#include "probe.h"
#include <cctype>
#include <istream>
#include <ostream>
#include <streambuf>
#include <string>
struct Upper : std::streambuf {
  std::string out;
  int_type overflow(int_type c) override {
    if (c != traits_type::eof())
      out += static_cast<char>(std::toupper(c));
    return traits_type::not_eof(c);
  }
};
struct Digits : std::streambuf {
  char buffer[4];
  int next = 0;
  int_type underflow() override {
    if (next == 8)
      return traits_type::eof();
    for (char &each : buffer)
      each = static_cast<char>('0' + next++);
    setg(buffer, buffer, buffer + 4);
    return traits_type::to_int_type(*gptr());
  }
};
struct Broken : std::streambuf {
  int_type overflow(int_type) override { throw 5; }
};
int main() {
  Upper upper;
  std::ostream out(&upper);
  out << "text " << 12 << std::flush;
  SAME(upper.out, "TEXT 12");
  Digits digits;
  std::istream in(&digits);
  long number = 0;
  in >> number;
  SAME(number, 1234567l);
  SAME(in.eof(), true);
  Broken broken;
  std::ostream fails(&broken);
  fails << 1; // what a buffer throws becomes badbit
  SAME(fails.bad(), true);
  fails.clear();
  fails.exceptions(std::ios::badbit);
  THROWS(int, fails << 1);
  int index = std::ios_base::xalloc();
  out.iword(index) = 7;
  std::ostream other(nullptr);
  other.copyfmt(out);
  SAME(other.iword(index), 7l);
  SAME(other.bad(), true);
  out.register_callback([](std::ios_base::event, std::ios_base &base, int which) { ++base.iword(which); }, index);
  out.imbue(std::locale::classic());
  std::printf("%ld\n", out.iword(index));
  return probe::end();
}
