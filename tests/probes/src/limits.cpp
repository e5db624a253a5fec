#include "probe.h"
#include <cfloat>
#include <climits>
#include <cmath>
#include <limits>
int main() {
  SAME(std::numeric_limits<int>::max(), 2147483647);
  SAME(std::numeric_limits<long>::max(), 2147483647l);
  SAME(std::numeric_limits<long long>::digits10, 18);
  SAME(std::numeric_limits<unsigned char>::max(), static_cast<unsigned char>(255));
  SAME(std::numeric_limits<char>::is_signed, true);
  SAME(std::numeric_limits<double>::epsilon(), DBL_EPSILON);
  SAME(std::numeric_limits<double>::max_digits10, 17);
  SAME(std::numeric_limits<float>::min(), FLT_MIN);
  SAME(std::numeric_limits<double>::denorm_min(), 5e-324);
  SAME(std::numeric_limits<double>::is_iec559, true);
  SAME(std::isnan(std::numeric_limits<float>::quiet_NaN()), true);
  SAME(-std::numeric_limits<double>::infinity() < std::numeric_limits<double>::lowest(), true);
  SAME(std::numeric_limits<long double>::digits, 113);
  SAME(std::numeric_limits<wchar_t>::digits, 31);
  SAME(std::numeric_limits<bool>::digits, 1);
  SAME(std::numeric_limits<__int128>::digits, 127);
  struct Other {};
  SAME(std::numeric_limits<Other>::is_specialized, false);
  std::printf("%d\n", CHAR_BIT);
  return probe::end();
}
