#include "probe.h"
#include <bit>
#include <clocale>
#include <csetjmp>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <string>
std::jmp_buf place;
int caught = 0;
int main() {
  std::time_t moment = 1709251199; // 2024-02-29 23:59:59
  std::tm *utc = std::gmtime(&moment);
  SAME(utc->tm_mday * 100 + utc->tm_mon, 2901);
  char text[40];
  SAME(std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", utc), std::size_t(19));
  SAME(text, std::string_view("2024-02-29T23:59:59"));
  SAME(std::mktime(utc), moment);
  SAME(std::difftime(moment, moment - 60), 60.0);
  SAME(std::time(nullptr) > moment, true);
  SAME(std::clock() != static_cast<std::clock_t>(-1), true);
  int status = setjmp(place);
  if (status < 3)
    std::longjmp(place, status + 1);
  SAME(status, 3);
  std::signal(SIGUSR1, [](int number) { caught = number; });
  std::raise(SIGUSR1);
  SAME(caught, SIGUSR1);
  SAME(std::setlocale(LC_ALL, nullptr), std::string_view("C"));
  SAME(std::getenv("NONE") == nullptr, true);
  SAME(std::localeconv()->decimal_point, std::string_view("."));
  std::timespec now;
  SAME(std::timespec_get(&now, TIME_UTC), TIME_UTC);
  std::puts(text);
  return probe::end();
}
