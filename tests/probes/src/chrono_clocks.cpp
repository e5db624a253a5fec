#include "probe.h"
#include <chrono>
#include <ratio>
using namespace std::chrono;
int main() {
  SAME(duration_cast<minutes>(hours(2) + seconds(90)).count(), 121);
  SAME(floor<seconds>(milliseconds(-1500)).count(), -2);
  SAME(ceil<seconds>(milliseconds(1500)).count(), 2);
  SAME(round<seconds>(milliseconds(2500)).count(), 2);
  SAME(abs(seconds(-3)).count(), 3);
  SAME(duration<double>(milliseconds(250)).count(), 0.25);
  SAME(duration<int, std::ratio<1, 30>>(60) == seconds(2), true);
  SAME((seconds(7) % seconds(4)).count(), 3);
  SAME(hours(1) > minutes(59), true);
  static_assert(std::is_same_v<std::common_type_t<minutes, milliseconds>, milliseconds>);
  auto start = steady_clock::now();
  while (steady_clock::now() == start) {
  }
  SAME(steady_clock::now() > start, true);
  SAME(steady_clock::is_steady, true);
  auto now = system_clock::now();
  SAME(now.time_since_epoch() > hours(24 * 365 * 50), true);
  SAME(system_clock::from_time_t(system_clock::to_time_t(now)) <= now, true);
  time_point<system_clock, seconds> whole = time_point_cast<seconds>(now);
  SAME(now - whole < seconds(1), true);
  SAME(high_resolution_clock::now().time_since_epoch().count() != 0, true);
  std::printf("%lld\n", static_cast<long long>(nanoseconds(hours(24)).count()));
  return probe::end();
}
