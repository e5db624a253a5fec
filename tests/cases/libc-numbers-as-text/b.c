#include <stdarg.h>
#include <stdio.h>
int in_library(char *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int n = vsprintf(text, format, arguments);
    va_end(arguments);
    return n;
}
long double read_in_library(const char *text) {
    long double value = -1;
    return sscanf(text, "%Lf", &value) == 1 ? value : -1;
}
