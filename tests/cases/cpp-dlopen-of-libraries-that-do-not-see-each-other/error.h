#include <cstdio>
#include <stdexcept>
struct Error : std::runtime_error { using std::runtime_error::runtime_error; };
struct Noisy { const char *name; Noisy(const char *n) : name(n) { std::printf("%s is made\n", n); } ~Noisy() { std::printf("%s is ended\n", name); } };
