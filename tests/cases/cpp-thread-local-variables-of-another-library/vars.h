#include <cstdio>
#include <string>
extern thread_local int number;
extern thread_local int zero;
extern thread_local const char *text;
extern thread_local std::string made;
inline thread_local std::string shared = (std::puts("shared is made"), "s");
void change();
