#include "probe.h"
#include <algorithm>
#include <string>
int main() {
  std::string small = "short", large(100, 'x');
  SAME(small.capacity(), std::size_t(10)); // what fits inside of the 12 bytes of a string
  SAME(large.size(), std::size_t(100));
  SAME(small + ' ' + "more", "short more");
  SAME(small.substr(1, 3), "hor");
  SAME(small.find("rt"), std::size_t(3));
  SAME(small.find('z'), std::string::npos);
  SAME(std::string("a,b;c").find_first_of(";,", 2), std::size_t(3));
  SAME(std::string("xxabxx").find_last_not_of('x'), std::size_t(3));
  SAME(std::string("abcabc").rfind("abc"), std::size_t(3));
  SAME(std::string("hello").replace(1, 3, "ipp"), "hippo");
  SAME(std::string("held").insert(3, "lo wor"), "hello word");
  SAME(std::string("hello").erase(1, 3), "ho");
  SAME(std::string("abc").compare("abd") < 0, true);
  SAME(std::string("prefix").starts_with("pre"), true);
  SAME(std::string("suffix").ends_with("fix"), true);
  SAME(std::string("contains").contains("tai"), true);
  THROWS(std::out_of_range, small.at(5));
  THROWS(std::out_of_range, small.substr(6));
  THROWS(std::length_error, std::string().resize(std::string::npos));
  SAME(std::stoi("-12abc"), -12);
  SAME(std::stol("ff", nullptr, 16), 255l);
  SAME(std::stoull("18446744073709551615"), 18446744073709551615ull);
  SAME(std::stod("1e-3"), 0.001);
  THROWS(std::invalid_argument, std::stoi("none"));
  THROWS(std::out_of_range, std::stoi("99999999999"));
  SAME(std::to_string(-5) + std::to_string(2.5), "-52.500000");
  std::string nul("a\0b", 3);
  SAME(nul.size(), std::size_t(3));
  SAME(std::hash<std::string>()("x") == std::hash<std::string_view>()("x"), true);
  std::u8string eight = u8"ä";
  SAME(eight.size(), std::size_t(2));
  SAME(std::u16string(u"😀").size(), std::size_t(2));
  std::string moved = std::move(large);
  SAME(large.empty(), true);
  moved.resize_and_overwrite(5, [](char *to, std::size_t n) { return std::fill(to, to + n, 'y'), n - 1; });
  SAME(moved, "yyyy");
  moved.shrink_to_fit();
  using namespace std::string_literals;
  SAME("a\0b"s.size(), std::size_t(3));
  SAME(std::erase_if(moved, [](char c) { return c == 'y'; }), std::size_t(4));
  std::string self = "abc";
  self.append(self).append(self, 0, 2);
  std::puts(self.c_str());
  return probe::end();
}
