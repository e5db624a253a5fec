#include <cstdio>
inline int attempts = 0;
struct Slow {
  int number;
  Slow() : number(++attempts) { std::printf("attempt %d\n", number); if (number < 3) throw number; }
  ~Slow() { std::printf("%d is gone\n", number); }
};
inline Slow &once() { static Slow slow; return slow; }
