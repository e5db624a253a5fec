#include <stdarg.h>
#include <stdio.h>
int sum(int count, ...) { va_list list; va_start(list, count); int total = 0; while (count--) total += va_arg(list, int); va_end(list); return total; }
void say(char *text, const char *format, ...) { va_list list; va_start(list, format); vsprintf(text, format, list); va_end(list); }
