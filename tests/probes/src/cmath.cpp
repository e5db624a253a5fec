#include "probe.h"
#include <cfenv>
#include <cmath>
#include <limits>
#include <type_traits>
bool near(double a, double b) { return std::abs(a - b) <= 1e-13 * std::abs(b); }
int main() {
  SAME(near(std::sin(1.0), 0.8414709848078965), true);
  SAME(near(std::tgamma(5.5), 52.34277778455352), true);
  SAME(near(std::lgamma(10.0), 12.801827480081469), true);
  SAME(near(std::erf(0.5), 0.5204998778130465), true);
  SAME(near(std::cbrt(27.0), 3.0), true);
  SAME(std::hypot(3.0, 4.0), 5.0);
  SAME(std::hypot(1.0, 2.0, 2.0), 3.0);
  SAME(std::fma(2.0, 3.0, 4.0), 10.0);
  SAME(std::remainder(7.0, 4.0), -1.0);
  SAME(std::fmod(-7.0, 4.0), -3.0);
  SAME(std::round(2.5) + std::nearbyint(2.5), 5.0);
  SAME(std::trunc(-2.7), -2.0);
  SAME(std::lround(-2.5), -3l);
  SAME(std::isnan(std::sqrt(-1.0)), true);
  SAME(std::signbit(-0.0), true);
  SAME(std::fpclassify(1e-310), FP_SUBNORMAL);
  SAME(std::nextafter(1.0, 2.0) - 1.0, std::numeric_limits<double>::epsilon());
  int exponent;
  SAME(std::frexp(12.0, &exponent) * exponent, 3.0);
  SAME(std::ldexp(0.75, 4), 12.0);
  double whole;
  SAME(std::modf(-3.25, &whole), -0.25);
  SAME(whole, -3.0);
  SAME(std::ilogb(1024.0), 10);
  static_assert(std::is_same_v<decltype(std::sqrt(1.0f)), float> && std::is_same_v<decltype(std::pow(2, 3)), double>);
  static_assert(std::is_same_v<decltype(std::abs(1.0L)), long double>);
  SAME(static_cast<double>(std::sqrt(2.0L) * std::sqrt(2.0L)), 2.0);
  SAME(std::copysign(3.0, -0.0), -3.0);
  SAME(std::isgreater(1.0, std::nan("")), false);
  SAME(near(std::hermite(3, 2.0), 40.0), true);
  std::printf("%.15g\n", std::exp(1.0));
  return probe::end();
}
