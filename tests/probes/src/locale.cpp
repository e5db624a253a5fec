#include "probe.h"
#include <locale>
#include <sstream>
struct Comma : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
  std::string do_truename() const override { return "ja"; }
};
struct Own : std::locale::facet {
  static std::locale::id id;
  int value = 5;
};
std::locale::id Own::id;
int main() {
  std::locale classic = std::locale::classic();
  SAME(classic.name(), "C");
  SAME(std::locale() == classic, true);
  SAME(std::locale("de_DE.UTF-8").name(), "de_DE.UTF-8"); // libc takes every name, and means C with UTF-8
  SAME(std::use_facet<std::numpunct<char>>(std::locale("de_DE.UTF-8")).decimal_point(), '.');
  THROWS(std::runtime_error, std::locale(static_cast<const char *>(nullptr)));
  std::locale comma(classic, new Comma);
  std::ostringstream out;
  out.imbue(comma);
  out << 1234567.5 << ' ' << 1000000 << ' ' << std::boolalpha << true;
  SAME(out.str(), "1,23457e+06 1.000.000 ja");
  std::istringstream in("1.234,5 12");
  in.imbue(comma);
  double value = 0;
  in >> value;
  SAME(value, 1234.5);
  std::locale own(comma, new Own);
  SAME(std::has_facet<Own>(classic), false);
  SAME(std::use_facet<Own>(own).value, 5);
  THROWS(std::bad_cast, std::use_facet<Own>(classic));
  SAME(std::toupper('a', classic), 'A');
  SAME(std::isalpha('1', classic), false);
  const auto &type = std::use_facet<std::ctype<char>>(classic);
  char text[] = "mixed Case";
  type.toupper(text, text + 10);
  SAME(text, std::string_view("MIXED CASE"));
  SAME(type.is(std::ctype_base::space, ' '), true);
  const auto &collate = std::use_facet<std::collate<char>>(classic);
  std::string a = "a", b = "b";
  SAME(collate.compare(a.data(), a.data() + 1, b.data(), b.data() + 1), -1);
  SAME(classic(a, b), true);
  std::locale old = std::locale::global(comma);
  SAME(old == classic, true);
  std::ostringstream global;
  global << 12345;
  SAME(global.str(), "12.345");
  std::locale::global(classic);
  const auto &months = std::use_facet<std::time_put<char>>(classic);
  std::ostringstream when;
  std::tm moment{};
  moment.tm_mon = 11;
  months.put(std::ostreambuf_iterator<char>(when), when, ' ', &moment, 'B');
  std::puts(when.str().c_str());
  return probe::end();
}
