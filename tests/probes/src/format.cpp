#include "probe.h"
#include <format>
#include <iterator>
#include <string>
#include <tuple>
#include <vector>
struct Point { int x, y; };
template <> struct std::formatter<Point> {
  bool polar = false;
  constexpr auto parse(std::format_parse_context &context) {
    auto it = context.begin();
    if (it != context.end() && *it == 'p')
      polar = true, ++it;
    return it;
  }
  auto format(const Point &point, auto &context) const {
    return polar ? std::format_to(context.out(), "<{};{}>", point.x, point.y)
                 : std::format_to(context.out(), "({}, {})", point.x, point.y);
  }
};
int main() {
  SAME(std::format("{} {} {}", 1, 'c', "text"), "1 c text");
  SAME(std::format("{1} {0}", 1, 2), "2 1");
  SAME(std::format("{{}}"), "{}");
  SAME(std::format("{:>5}|{:<5}|{:^5}|{:*^5}", 1, 2, 3, 4), "    1|2    |  3  |**4**");
  SAME(std::format("{:+d} {:#x} {:#b} {:#o} {:05d} {:X}", 5, 255, 5, 8, -42, 255), "+5 0xff 0b101 010 -0042 FF");
  SAME(std::format("{:.3f} {:e} {:g} {:a}", 3.14159, 12345.678, 0.0001, 1.0), "3.142 1.234568e+04 0.0001 1p+0");
  SAME(std::format("{} {}", 0.1, 1e100), "0.1 1e+100");
  SAME(std::format("{:{}.{}f}", 2.5, 8, 2), "    2.50");
  SAME(std::format("{:.3}", "abcdef"), "abc");
  SAME(std::format("{:6}|", "äöü"), "äöü   |");
  SAME(std::format("{:4}|", "語"), "語  |");
  SAME(std::format("{} {:d} {:c}", true, false, 65), "true 0 A");
  SAME(std::format("{:?} {:?}", "a\n\"b", '\t'), "\"a\\n\\\"b\" '\\t'");
  SAME(std::format("{} {:p}", Point{1, 2}, Point{3, 4}), "(1, 2) <3;4>");
  SAME(std::format("{}", std::vector{1, 2, 3}), "[1, 2, 3]");
  SAME(std::format("{::#x}", std::vector{10, 11}), "[0xa, 0xb]");
  SAME(std::format("{}", std::tuple{1, "a", 'b'}), "(1, \"a\", 'b')");
  SAME(std::format("{}", static_cast<void *>(nullptr)), "0x0");
  SAME(std::format(L"{:>4}", 7) == L"   7", true);
  SAME(std::formatted_size("{}", 12345), std::size_t(5));
  char buffer[8] = {};
  auto written = std::format_to_n(buffer, 4, "{}", 123456);
  SAME(written.size, 6);
  SAME(std::string_view(buffer), "1234");
  int value = 3;
  SAME(std::vformat("{:03}", std::make_format_args(value)), "003");
  THROWS(std::format_error, (void)std::vformat("{", std::make_format_args(value)));
  THROWS(std::format_error, (void)std::vformat("{:s}", std::make_format_args(value)));
  THROWS(std::format_error, (void)std::vformat("{1}", std::make_format_args(value)));
  std::string out;
  std::format_to(std::back_inserter(out), "{:%>9.4}", 2.0 / 3);
  std::puts(out.c_str());
  return probe::end();
}
