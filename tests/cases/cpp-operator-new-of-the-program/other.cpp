#include <string>
std::string *make_string() { return new std::string(100, 'x'); } // libc++ allocates its contents
