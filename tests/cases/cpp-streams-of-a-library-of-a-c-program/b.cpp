#include <iomanip>
#include <iostream>
#include <sstream>
extern "C" void greet(const char *name, int times) {
  std::ostringstream text;
  text << "hello, " << std::setw(6) << std::setfill('.') << name << ' ' << std::hex << times;
  std::cout << text.str() << std::endl;
}
