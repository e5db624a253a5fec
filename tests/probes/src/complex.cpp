#include "probe.h"
#include <cmath>
#include <complex>
#include <limits>
#include <sstream>
using namespace std::complex_literals;
bool near(std::complex<double> a, std::complex<double> b) { return std::abs(a - b) < 1e-12; }
int main() {
  std::complex<double> z(3, 4);
  SAME(std::abs(z), 5.0);
  SAME(std::norm(z), 25.0);
  SAME(z * std::conj(z) == 25.0, true);
  SAME(near(z / (1.0 + 2i), {2.2, -0.4}), true);
  SAME(near(std::sqrt(z), {2, 1}), true);
  SAME(near(std::exp(1i * std::acos(-1.0)), -1), true);
  SAME(near(std::pow(z, 2), {-7, 24}), true);
  SAME(near(std::log(1i), {0, std::acos(-1.0) / 2}), true);
  SAME(near(std::polar(2.0, std::acos(-1.0) / 2), 2i), true);
  SAME(near(std::sin(z), {3.853738037919377, -27.016813258003932}), true);
  SAME(near(std::atanh(0.5i), 1i * std::atan(0.5)), true);
  std::complex<double> infinite(std::numeric_limits<double>::infinity(), std::nan(""));
  SAME(std::isinf(std::abs(infinite)), true);
  SAME(std::isinf(std::abs(infinite * z)), true); // Annex G: infinity stays infinity
  SAME(std::proj(infinite).real(), std::numeric_limits<double>::infinity());
  std::istringstream in("(1.5,-2) 7");
  std::complex<float> a, b;
  in >> a >> b;
  SAME(a.imag(), -2.0f);
  SAME(b == 7.0f, true);
  std::ostringstream out;
  out << z + 1.0;
  std::puts(out.str().c_str());
  return probe::end();
}
