#include <stdarg.h>
double vsum(const char *kinds, va_list list) {
  double sum = 0;
  for (; *kinds; kinds++)
    switch (*kinds) {
    case 'i': sum += va_arg(list, int); break;
    case 'l': sum += va_arg(list, long long); break;
    case 'd': sum += va_arg(list, double); break;
    case 'p': sum += *va_arg(list, int *); break;
    }
  return sum;
}
double sum(const char *kinds, ...) {
  va_list list;
  va_start(list, kinds);
  double result = vsum(kinds, list);
  va_end(list);
  return result;
}
