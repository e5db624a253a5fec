#include <cstdio>
#include <stdexcept>
extern "C" int walk(int depth, void (*call)(int));
struct Noted { int number; ~Noted() { std::printf("%d is gone\n", number); } };
void walk_noted(int depth, void (*call)(int)) { Noted noted{depth}; walk(depth, call); }
