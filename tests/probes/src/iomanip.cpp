#include "probe.h"
#include <iomanip>
#include <sstream>
template <class... T> std::string put(const T &...values) {
  std::ostringstream out;
  ((out << values), ...);
  return out.str();
}
int main() {
  SAME(put(std::setw(6), std::setfill('*'), -12), "***-12");
  SAME(put(std::internal, std::setw(6), std::setfill('0'), -12), "-00012");
  SAME(put(std::left, std::setw(5), "ab", '|'), "ab   |");
  SAME(put(std::hex, std::showbase, std::uppercase, 48879), "0XBEEF");
  SAME(put(std::oct, std::showbase, 8), "010");
  SAME(put(std::setbase(16), 255), "ff");
  SAME(put(std::fixed, std::setprecision(3), 2.0 / 3), "0.667");
  SAME(put(std::scientific, std::setprecision(2), 12345.678), "1.23e+04");
  SAME(put(std::hexfloat, 1.0), "0x1p+0");
  SAME(put(std::defaultfloat, std::showpoint, 1.0), "1.00000");
  SAME(put(std::showpos, 5, ' ', 0.5), "+5 +0.5");
  SAME(put(std::boolalpha, true, ' ', std::noboolalpha, false), "true 0");
  SAME(put(1e300 * 1e10, ' ', -1e300 * 1e10), "inf -inf");
  SAME(put(std::quoted("say \"hi\" \\ now")), "\"say \\\"hi\\\" \\\\ now\"");
  std::istringstream in("\"a \\\"b\\\" c\" rest");
  std::string quoted;
  in >> std::quoted(quoted);
  SAME(quoted, "a \"b\" c");
  std::tm moment{};
  std::istringstream date("2024-02-29 23:59:58");
  date >> std::get_time(&moment, "%Y-%m-%d %H:%M:%S");
  SAME(bool(date), true);
  SAME(moment.tm_year, 124);
  SAME(moment.tm_mon, 1);
  SAME(moment.tm_sec, 58);
  moment.tm_wday = 4;
  SAME(put(std::put_time(&moment, "%a %d %b %Y")), "Thu 29 Feb 2024");
  long double money = 0;
  std::istringstream cents("1234");
  cents >> std::get_money(money);
  SAME(static_cast<double>(money), 1234.0);
  std::puts(put(std::setw(8), std::right, std::setprecision(10), 0.1).c_str());
  return probe::end();
}
