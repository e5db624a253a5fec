#include "probe.h"
#include <ratio>
int main() {
  using Third = std::ratio<4, 12>;
  SAME(Third::num * 10 + Third::den, 13);
  using Sum = std::ratio_add<Third, std::ratio<1, 6>>;
  static_assert(std::ratio_equal_v<Sum, std::ratio<1, 2>>);
  using Product = std::ratio_multiply<std::ratio<-2, 3>, std::ratio<3, 4>>;
  SAME(Product::num, -1);
  static_assert(std::ratio_less_v<std::milli, std::centi>);
  using Quotient = std::ratio_divide<std::kilo, std::milli>;
  SAME(Quotient::num, 1000000);
  SAME(std::ratio_subtract<std::ratio<1>, Third>::num, 2);
  SAME(std::nano::den, 1000000000);
  static_assert(std::ratio<1, -2>::num == -1);
  std::printf("%lld\n", static_cast<long long>(std::exa::num));
  return probe::end();
}
