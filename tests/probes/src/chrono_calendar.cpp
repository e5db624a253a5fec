#include "probe.h"
#include <chrono>
#include <format>
using namespace std::chrono;
using namespace std::chrono_literals;
int main() {
  SAME((2024y / February / last).day() == day(29), true);
  SAME((2023y / 2 / 29).ok(), false);
  SAME(year(2000).is_leap() && !year(1900).is_leap(), true);
  sys_days date = 2024y / 2 / 29;
  SAME(date.time_since_epoch().count(), 19782);
  SAME(weekday(date) == Thursday, true);
  SAME(year_month_day(date + days(1)) == 2024y / March / 1, true);
  SAME(sys_days(2024y / March / Monday[2]) == sys_days(2024y / 3 / 11), true);
  SAME(sys_days(2024y / May / Friday[last]) == sys_days(2024y / 5 / 31), true);
  SAME((2024y / 1 / 31 + months(1)).ok(), false);
  SAME((Sunday - Monday).count(), 6);
  hh_mm_ss time(3723s + 45ms);
  SAME(time.hours().count() * 10000 + time.minutes().count() * 100 + time.seconds().count(), 10203);
  SAME(time.subseconds().count(), 45);
  SAME(make12(13h).count(), 1);
  SAME(is_pm(13h), true);
  SAME(std::format("{:%F %T}", date + 3723s), "2024-02-29 01:02:03");
  SAME(std::format("{:%A, %d %B %Y}", date), "Thursday, 29 February 2024");
  SAME(std::format("{:%j %U %u}", date), "060 08 4");
  SAME(std::format("{}", 90min), "90min");
  SAME(std::format("{:%H:%M}", 90min), "01:30");
  SAME(std::format("{:%Q %q}", 5ms), "5 ms");
  SAME(std::format("{}", 2024y / February), "2024/Feb");
  SAME(std::format("{}", Wednesday), "Wed");
  SAME(std::format("{:%T}", 1234567us), "00:00:01.234567");
  local_days local = local_days(2024y / 12 / 24);
  SAME(local.time_since_epoch() == sys_days(2024y / 12 / 24).time_since_epoch(), true);
  std::puts(std::format("{:%D}", 1999y / December / 31).c_str());
  return probe::end();
}
