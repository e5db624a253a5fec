#include <cstdio>
struct Noted {
  const char *name;
  Noted(const char *n) : name(n) { std::printf("made: %s\n", name); }
  ~Noted() { std::printf("gone: %s\n", name); }
};
