#include "probe.h"
#include <charconv>
#include <limits>
#include <string>
#include <system_error>
template <class... T> std::string put(T... values) {
  char buffer[400];
  auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, values...);
  return error == std::errc() ? std::string(buffer, end) : "failed";
}
template <class T, class... How> std::pair<T, int> get(std::string_view text, How... how) {
  T value{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, how...);
  return {value, error == std::errc() ? static_cast<int>(end - text.data()) : -static_cast<int>(error)};
}
int main() {
  SAME(put(-123), "-123");
  SAME(put(255, 16), "ff");
  SAME(put(35, 36), "z");
  SAME(put(std::numeric_limits<long long>::min()), "-9223372036854775808");
  SAME(put(0.1), "0.1");
  SAME(put(0.1f), "0.1");
  SAME(put(1e23), "1e+23");
  SAME(put(5e-324), "5e-324");
  SAME(put(1.0 / 3), "0.3333333333333333");
  SAME(put(1234.5, std::chars_format::scientific), "1.2345e+03");
  SAME(put(1234.5, std::chars_format::fixed, 3), "1234.500");
  SAME(put(0.1, std::chars_format::fixed, 20), "0.10000000000000000555");
  SAME(put(255.5, std::chars_format::hex), "1.ffp+7");
  SAME(put(std::numeric_limits<double>::infinity()), "inf");
  SAME(put(-0.0), "-0");
  SAME(put(1.7976931348623157e308, std::chars_format::fixed).size(), std::size_t(309));
  SAME(get<int>("42rest") == std::pair(42, 2), true);
  SAME(get<int>("-7f", 16) == std::pair(-127, 3), true);
  SAME(get<int>("+1").second, -static_cast<int>(std::errc::invalid_argument));
  SAME(get<int>(" 1").second, -static_cast<int>(std::errc::invalid_argument));
  SAME(get<unsigned char>("256").second, -static_cast<int>(std::errc::result_out_of_range));
  SAME(get<double>("2.5e3x") == std::pair(2500.0, 5), true);
  SAME(get<double>("1e400").second, -static_cast<int>(std::errc::result_out_of_range));
  SAME(get<double>("inf").first, std::numeric_limits<double>::infinity());
  SAME(get<double>("1.8p1", std::chars_format::hex).first, 3.0);
  SAME(get<double>("9007199254740993").first, 9007199254740992.0);
  SAME(get<float>("16777217").first, 16777216.0f);
  SAME(get<double>("2.2250738585072011e-308").first, 2.2250738585072011e-308);
  char small[2];
  SAME(std::to_chars(small, small + 2, 123).ec == std::errc::value_too_large, true);
  std::puts(put(3.141592653589793).c_str());
  return probe::end();
}
