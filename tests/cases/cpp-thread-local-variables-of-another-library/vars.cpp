#include "vars.h"
static const char letters[] = "letters";
thread_local int number = 5;
thread_local int zero;
thread_local const char *text = letters + 3;
thread_local std::string made = (std::puts("made is made"), std::to_string(number));
