#include "probe.h"
#include <cctype>
#include <cerrno>
#include <cinttypes>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
std::string put(const char *format, ...) {
  char text[200];
  std::va_list arguments;
  va_start(arguments, format);
  int size = std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  return std::string(text, size);
}
int main() {
  SAME(put("%d %5.2f %s %c %x %lld %zu", -1, 2.5, "s", 'c', 255, 1ll << 40, sizeof(int)), "-1  2.50 s c ff 1099511627776 4");
  SAME(put("%Lg %" PRId64 " %-4d| %+d %#o %e", 1.5L, std::int64_t(-5), 7, 7, 8, 1.0), "1.5 -5 7   | +7 010 1.000000e+00");
  int number = 0, read = 0;
  char word[8];
  SAME(std::sscanf("42 word rest", "%d %7s%n", &number, word, &read), 2);
  SAME(read, 7);
  std::FILE *file = std::fopen("/c.txt", "w+b");
  SAME(std::fwrite("one\ntwo\n", 1, 8, file), std::size_t(8));
  std::rewind(file);
  char line[16];
  SAME(std::fgets(line, 16, file) == line, true);
  SAME(std::ftell(file), 4l);
  SAME(std::ungetc('X', file), 'X');
  SAME(std::fgetc(file), 'X');
  SAME(std::fseek(file, 0, SEEK_END), 0);
  SAME(std::fgetc(file), EOF);
  SAME(std::feof(file) != 0, true);
  std::fclose(file);
  SAME(std::rename("/c.txt", "/d.txt"), 0);
  SAME(std::remove("/c.txt"), -1);
  SAME(errno, ENOENT);
  SAME(std::strtol("0x1Fz", nullptr, 0), 31l);
  SAME(std::strerror(EDOM), std::string_view("Domain error"));
  SAME(std::memcmp("abc", "abd", 3) < 0, true);
  SAME(std::toupper('q'), 'Q');
  int sorted[] = {3, 1, 2};
  std::qsort(sorted, 3, sizeof(int), [](const void *a, const void *b) { return *static_cast<const int *>(a) - *static_cast<const int *>(b); });
  SAME(sorted[0] * 100 + sorted[1] * 10 + sorted[2], 123);
  SAME(std::abs(-5ll), 5ll); // the overload of C++
  std::atexit([] { std::puts("at the end"); });
  std::puts(put("%.3s|%*d", "abcdef", 4, 5).c_str());
  return probe::end();
}
